"""How times and failures are said to the user."""
import errno
import shutil

NO_SPACE = "No space left on device"  # the system's words, which Java and Python pass on, though not always
NOTHING_FITS = 16 << 20  # less than the smaller of the native libraries that a notebook unpacks


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def failed(subject, failure, folder):
    """One sentence for a full disk, whichever program met it; else what the failure itself says."""
    full = isinstance(failure, OSError) and failure.errno == errno.ENOSPC or NO_SPACE in str(failure)
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if full or shutil.disk_usage(there).free < NOTHING_FITS:
        return (f"{subject}: the disk that holds {folder} is full; make room and start again, "
                "what was finished stays so.")
    return f"{subject} failed: {failure}"
