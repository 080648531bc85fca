"""Phone numbers are masked and private data is not there, unless somebody looks with a reason (CUS-8, SEC-4).

Scorecard 4: every page, part, file and answer, for everybody; full values only in the forms that change them, in the
answer to a logged look or dial, and for machines, which were given their data on purpose.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.core.models import AccessLog
from tests.guards.callers import address_of, undone
from tests.guards.looks import PHONES, secrets_in
from tests.guards.route_table import TABLE
from tests.guards.world import ID_NUMBERS, LARK

pytestmark = pytest.mark.django_db
GETS = [row for row in TABLE if any(cell.method == "GET" for cell in row.cells)]
MOST_LOOKS = 30


def test_a_machine_reads_numbers_but_nothing_private(world, callers):
    """Matrix 3.3: an API client never by default; `private:read` is given by itself (tests/api/test_profiles.py)."""
    texts = [callers.get("billing", address_of(world, row)).text for row in GETS if row.is_api]
    assert any(phone in text for text in texts for phone in PHONES)
    assert not any(secret in text for text in texts for secret in (LARK, *ID_NUMBERS.values()))


def test_a_persons_own_call_of_the_api_is_masked(world, callers):
    """Safety 1.5: the session of a browser gets masked numbers."""
    for who in ("manager", "supervisor", "director"):
        for row in GETS:
            if row.is_api:
                assert secrets_in(callers.get(who, address_of(world, row)).text) == [], (who, row.name)


def test_a_look_with_a_reason_shows_the_private_group_and_leaves_its_row(world, callers):
    """CUS-8: POST, reason, one row per look."""
    address = reverse("accounts:reveal_private", args=[world.pk("customer")])
    for who in ("supervisor", "manager"):
        answer = callers.ask(who, "POST", address, {"reason": "核实身份"})
        assert LARK in answer.text
        assert answer.business == {"core_accesslog": (1, 0)}
        refused = callers.ask(who, "POST", address, {"reason": " "})
        assert (refused.status, LARK in refused.text, refused.business) == (400, False, {})


def test_the_thirty_first_look_of_a_day_is_refused(world, callers):
    """Bad input 44: 429, and nothing shown."""
    address = reverse("accounts:reveal_private", args=[world.pk("customer")])
    with undone():
        client = callers.clients["supervisor"]
        answers = [client.post(address, {"reason": "回访"}) for _ in range(MOST_LOOKS + 1)]
        assert [answer.status_code for answer in answers] == [200] * MOST_LOOKS + [429]
        assert LARK not in answers[-1].content.decode()
        assert AccessLog.objects.filter(kind="look", user=world.cast.supervisor).count() == MOST_LOOKS


def test_a_dial_answers_the_number_to_its_manager_and_leaves_its_row(world, callers):
    """Decisions 16: not in the page source; a logged POST answers it."""
    address = reverse("workbench:dial", args=[world.pk("customer")])
    answer = callers.ask("manager", "POST", address, HTTP_X_REQUESTED_WITH="fetch")
    assert "13900000002" in answer.text
    assert answer.business["core_accesslog"] == (1, 0)
