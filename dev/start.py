"""The door of every make target: checks the Python, prepares the tools, hands over to dev/<word>.py.

It must be readable by any Python, however old, so there is no modern syntax in this file.
"""

import os
import sys

NEEDED = (3, 11)


def python_failure(version):
    # type: (tuple[int, ...]) -> str | None
    """What to tell somebody whose Python is too old; nothing when it will do."""
    if tuple(version[:2]) >= NEEDED:
        return None
    return (
        "This project needs Python 3.11 or newer, and this is {0}.{1}: install a newer one, "
        "or name it, as in: make run PYTHON=python3.12".format(*version)
    )


if __name__ == "__main__":
    failure = python_failure(sys.version_info[:2])
    if failure:
        sys.exit(failure)
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        from dev.prepare import main

        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
