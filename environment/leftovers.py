"""Takes the lock that all processes of a run share, and waits for those of an earlier, killed run to end.

The script passes the number of an open file. A lock made here belongs to that file, not to this process, so it stays
with the script and with all that it starts.
"""
import fcntl
import sys
import time

PATIENCE_SECONDS = 60


def main(file):
    began = time.monotonic()
    said = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return 0
        except BlockingIOError:
            passed = time.monotonic() - began
        except OSError:
            return 0  # a file system without locks: the script's own lock must do
        if passed > PATIENCE_SECONDS:
            print("Processes of an interrupted run are still at work here; end them or wait, then try again.",
                  file=sys.stderr)
            return 1
        if passed > 1 and not said:
            said = True
            print("Waiting for what an interrupted run left behind to end (a few seconds, a minute at most).",
                  file=sys.stderr)
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
