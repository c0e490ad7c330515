"""Ends this process when the script that called it is gone, and with it the lock under which this process works."""
import os
import signal
import threading
import time


def end_with(caller):
    """Sends this process a TERM signal once its parent is no longer the process `caller`; None never does."""
    if caller is not None:
        threading.Thread(target=watch, args=(caller,), daemon=True).start()


def watch(caller):
    while os.getppid() == caller:
        time.sleep(0.25)
    os.kill(os.getpid(), signal.SIGTERM)
