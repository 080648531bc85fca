"""What processes keep for half a minute belongs to one test only."""

import pytest

from complaints.queries import phrases


@pytest.fixture(autouse=True)
def fresh_phrases():
    """The list is read anew by each test."""
    phrases.forget()
    yield
    phrases.forget()
