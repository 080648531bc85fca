"""Everything is said in the reader's language (PLT-1, decisions 32): Chinese first, English complete."""

from __future__ import annotations

import pytest

from dev.messages import missing

pytestmark = pytest.mark.django_db


def test_every_source_string_has_its_chinese():
    """PLT-1: a string without a translation, or with one that lost a placeholder, fails."""
    assert [message.text for message in missing()] == []
