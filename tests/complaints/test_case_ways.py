"""A case on its way: every state by its real deeds, and what each leaves behind."""

import pytest
from django.utils import timezone

from complaints.queries.cases import case_detail
from tests.complaints.desk import bring, desk


@pytest.mark.parametrize(
    "state", ["received", "handling", "waiting_customer", "appointed", "replied", "closed", "merged"]
)
def test_a_case_comes_into_every_state(cast, state):
    """CMP-1: accept → track → reply; every state by its own deed."""
    desk(cast)
    for kind in ("complaint", "handling", "enquiry", "need", "quality"):
        case = bring(cast, state, kind)
        assert case.state == state
        detail = case_detail(cast.handler.access, case.pk, now=timezone.now())
        assert detail.head.state == state and detail.entries
