"""What goes wrong on somebody's machine, said in one plain sentence. Standard library only."""


class Failure(Exception):
    """Something the person at the keyboard can mend; its text is the whole message."""


def disk_failure(said: object) -> Failure | None:
    """The failure for a full disk, when that is what a tool complained about."""
    text = str(said)
    if "No space left on device" in text or "ENOSPC" in text or "Disk quota exceeded" in text:
        return Failure("The disk is full: free some space and try again.")
    return None
