"""Remarks of supervisors and later notes."""

import pytest

from crm.core.errors import Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.models import Notice
from tests.visits.desk import NOW, sheet
from visits.actions import add_note, add_remark, log_visit
from visits.models import Remark, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast):
    """A call of the manager."""
    return Visit.unscoped.get(pk=log_visit(sheet=sheet(cast.customers["gold"]), by=cast.manager, now=NOW).visit_ids[0])


def test_the_supervisor_remarks_and_the_author_hears_of_it(cast, visit):
    """Screens 1b, issue 2: one remark on any visit."""
    add_remark(visit_id=visit.pk, text="很好,下次问问宽带", by=cast.supervisor, now=NOW)
    assert Remark.unscoped.get().text == "很好,下次问问宽带"
    notice = Notice.objects.get(kind="visit_remarked")
    assert (notice.user, notice.url) == (cast.manager, f"/visits/{visit.pk}/")


def test_nobody_remarks_on_his_own_visit(cast, visit):
    """Models: never on one's own."""
    with pytest.raises(OwnRequest):
        add_remark(visit_id=visit.pk, text="x", by=cast.manager, now=NOW)


@pytest.mark.parametrize(
    ("role", "refusal"), [("stranger_supervisor", NotFound), ("teammate", NotFound), ("handler", NotAllowed)]
)
def test_who_may_remark(cast, visit, role, refusal):
    """PLT-7: supervisors in scope."""
    with pytest.raises(refusal):
        add_remark(visit_id=visit.pk, text="x", by=getattr(cast, role), now=NOW)
    assert not Remark.unscoped.exists()


@pytest.mark.parametrize("text", ["", " \u200b ", "a\x00b", "长" * 501])
def test_a_remark_has_text(cast, visit, text):
    """Bad input 1, 13, 19."""
    with pytest.raises(Invalid):
        add_remark(visit_id=visit.pk, text=text, by=cast.supervisor, now=NOW)


def test_a_note_is_written_by_who_logs_for_the_customer(cast, visit):
    """Screens 2: after the day a note."""
    add_note(visit_id=visit.pk, text="补充", by=cast.manager, now=NOW)
    with pytest.raises(NotAllowed):
        add_note(visit_id=visit.pk, text="补充", by=cast.supervisor, now=NOW)
    with pytest.raises(NotFound):
        add_note(visit_id=visit.pk, text="补充", by=cast.stranger, now=NOW)
