"""A customer handed over between load and save: the text is kept and goes to the new manager."""

from uuid import uuid4

import pytest

from accounts.models import Assignment, Customer, Task
from crm.core.errors import NotAllowed, NotFound
from tests.visits.desk import NOW, TODAY, sheet
from visits.actions import log_visit, send_to_new_manager
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed(cast):
    """Gold went from the manager to the teammate today."""
    gold = cast.customers["gold"]
    Assignment.unscoped.filter(customer=gold).update(valid_to=TODAY)
    Assignment.unscoped.create(customer=gold, staff=cast.staff["teammate"], valid_from=TODAY)
    Customer.unscoped.filter(pk=gold.pk).update(manager=cast.staff["teammate"])
    return gold


def test_the_refusal_names_the_new_manager(cast, handed):
    """Issue 2, bad input 45: nothing is written, the page can keep the text."""
    with pytest.raises(NotAllowed) as refusal:
        log_visit(sheet=sheet(handed), by=cast.manager, now=NOW)
    assert refusal.value.code == "handed_over"
    assert refusal.value.params["manager"] == "周宁"
    assert not Visit.unscoped.exists()


def test_a_stranger_is_told_nothing(cast, handed):
    """Decisions 14: who never had the customer gets not found."""
    with pytest.raises(NotFound):
        log_visit(sheet=sheet(handed), by=cast.stranger, now=NOW)
    with pytest.raises(NotFound):
        send_to_new_manager(customer_id=handed.pk, text="x", by=cast.stranger, now=NOW)


def test_the_text_goes_to_the_new_manager_once(cast, handed):
    """Issue 2: "send it to the new manager"; a double tap makes one task."""
    key = uuid4()
    for _ in range(2):
        name = send_to_new_manager(customer_id=handed.pk, text="他想换专线", by=cast.manager, now=NOW, form_key=key)
    assert name == "周宁"
    task = Task.unscoped.get()
    assert (task.kind, task.staff, task.reason, task.due_on) == (
        "assigned",
        cast.staff["teammate"],
        "他想换专线",
        TODAY,
    )


def test_whose_customer_it_still_is_logs_it_himself(cast):
    """Nothing to send on."""
    with pytest.raises(NotFound):
        send_to_new_manager(customer_id=cast.customers["gold"].pk, text="x", by=cast.manager, now=NOW)
