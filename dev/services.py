"""PostgreSQL and Valkey of one var folder, together."""

import shutil

from dev import postgres, valkey
from dev.places import socket_folder


def start() -> None:
    """Start what is not up."""
    postgres.start()
    valkey.start()


def stop() -> None:
    """Stop both and take their sockets away."""
    valkey.stop()
    postgres.stop()
    shutil.rmtree(socket_folder(), ignore_errors=True)
