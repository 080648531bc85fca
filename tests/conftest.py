"""What every test run needs: the project's own PostgreSQL and Valkey."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, before the workers of pytest-xdist ask for them."""
    if os.environ.get("PYTEST_XDIST_WORKER") or os.environ.get("DATABASE_URL"):
        return
    from dev import postgres, valkey

    postgres.start()
    valkey.start()
