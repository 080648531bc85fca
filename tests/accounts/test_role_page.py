"""The page of roles (PLT-7)."""

import pytest

from accounts.ability_labels import ABILITY_LABELS
from accounts.rules import ALL_ABILITIES


def test_every_ability_has_words():
    assert set(ABILITY_LABELS) == set(ALL_ABILITIES)


@pytest.mark.django_db
def test_the_table_is_shown_to_headquarters_only(cast, as_user):
    """PLT-7: the matrix is read on a page, by those who configure."""
    assert as_user(cast.director).get("/settings/roles/").status_code == 200
    assert as_user(cast.manager).get("/settings/roles/").status_code == 403
