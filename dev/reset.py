"""``make reset``: throw the data away – database, broker, attachments, key – so that the next run begins anew."""

import shutil
import sys

from dev import postgres, processes, services
from dev.places import var_folder

CONTENTS = ("valkey", "media", "static", "icons", "*.stamp", "secret_key", "beat-schedule*", "site.*")
"""What the project puts into its var folder, beside the database; nothing else there is touched."""


def main() -> int:
    """Stop everything and empty the var folder."""
    processes.stop_site()
    services.stop()
    postgres.reset()
    for name in CONTENTS:
        for path in var_folder().glob(name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    print("The data is gone; make run begins anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
