"""A small file system of our own in memory, whose size can be changed while it is in use: a disk to fill."""
import os
import subprocess
import sys
import tempfile

ROOMY_MB = 6000
INSIDE = "SUPERWEIGHT_TRIAL_DISK"


def enter():
    """Starts this program again where only it sees what it mounts; returns False where the system forbids that."""
    if os.environ.get(INSIDE):
        return True
    for unshare in (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]):
        try:
            trial = ["mount", "-t", "tmpfs", "tmpfs", tempfile.gettempdir()]
            allowed = subprocess.run([*unshare, *trial], capture_output=True)
        except OSError:
            return False
        if allowed.returncode == 0:
            os.environ[INSIDE] = "yes"
            os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])
    return False


class Disk:
    def __init__(self, folder):
        self.folder = folder
        self.mount("size", ROOMY_MB << 10, "-t", "tmpfs", "tmpfs")

    def mount(self, option, kilobytes, *words):
        subprocess.run(["mount", *words, "-o", f"{option}={kilobytes}k", str(self.folder)], check=True)

    def fill(self, left_kilobytes):
        """Leaves just so much room; whatever is being written meanwhile may make a second try necessary."""
        for _ in range(20):
            status = os.statvfs(self.folder)
            used = (status.f_blocks - status.f_bfree) * status.f_frsize >> 10
            try:
                return self.mount("remount,size", used + left_kilobytes)
            except subprocess.CalledProcessError:
                continue
        raise AssertionError("the trial's disk could not be filled")

    def make_room(self):
        self.mount("remount,size", ROOMY_MB << 10)


def leave(folder):
    subprocess.run(["umount", "--lazy", str(folder)], check=False)
