"""The customer page: everything about one customer, through one door (CUS-35)."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone

from accounts.models import ContactPerson, Cover, Customer, PersonProfile, RequiredField, Task, TierProposal
from crm.core.models import AccessLog
from tests.visits.desk import owe
from tests.visits.ledger_world import visit
from tests.workbench.world import HTMX, month, owe_today, statements, today
from visits.models import VisitPerson

pytestmark = pytest.mark.django_db


def page(client, customer, query=""):
    response = client.get(f"/customers/{customer.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_head_names_who_is_responsible_with_phones(cast, as_user):
    """ORG-9, ORG-10, CUS-25: manager, backup, tenure, value and next due stand at the top."""
    customer = cast.customers["gold"]
    Customer.unscoped.filter(pk=customer.pk).update(joined_on=date(today().year - 3, 1, 1))
    owe_today(customer)
    text = page(as_user(cast.manager), customer)
    assert "金满堂" in text and "林晓" in text and "周宁" in text and "13800000000" in text
    assert "tier-gold" in text and 'class="customer-facts"' in text


def test_a_strangers_customer_is_not_there(cast, as_user):
    """Decisions 13: invisible is 404, page and fragment alike."""
    client, foreign = as_user(cast.manager), cast.customers["strangers"]
    assert client.get(f"/customers/{foreign.pk}/").status_code == 404
    assert client.get(f"/customers/{foreign.pk}/timeline/").status_code == 404


@pytest.mark.parametrize("address", ["/customers/abc/", f"/customers/{'9' * 5000}/", "/customers/%00/"])
def test_an_odd_address_is_a_plain_404(cast, as_user, address):
    """Bad input 12."""
    assert as_user(cast.manager).get(address).status_code == 404


def test_phones_are_masked_and_private_values_are_placeholders(cast, as_user):
    """CUS-8, safety: the number is not in the page; private data only behind "show" with a reason."""
    text = page(as_user(cast.manager), cast.customers["gold"])
    assert "13900000002" not in text and "139****0002" in text
    assert "••••" in text


def test_the_timeline_holds_visits_duties_tier_and_manager_newest_first(cast, as_user):
    """CUS-33, CUS-35: one timeline."""
    customer = cast.customers["gold"]
    visit(customer, today() - timedelta(days=40), cast=cast, content="很久以前")
    visit(customer, today() - timedelta(days=2), cast=cast, content="刚刚谈过")
    past = month()[0] - timedelta(days=1)
    owe(
        customer,
        starts_on=past.replace(day=1),
        due_on=past,
        suggested_on=past,
        state="missed",
        closed_at=timezone.now(),
    )
    text = page(as_user(cast.manager), customer)
    assert text.index("刚刚谈过") < text.index("很久以前")
    assert "ti-circle-x" in text and "ti-award" in text and "ti-user-check" in text


def test_the_timeline_can_be_narrowed(cast, as_user):
    """screens 3: with filters."""
    customer = cast.customers["gold"]
    visit(customer, today(), cast=cast, content="刚刚谈过")
    client = as_user(cast.manager)
    assert "刚刚谈过" in page(client, customer, "?only=visits") and "刚刚谈过" not in page(
        client, customer, "?only=changes"
    )
    assert "刚刚谈过" in page(client, customer, "?only=nonsense")


def test_the_timeline_goes_on_by_key(cast, as_user):
    """Keyset: every visit once, none twice."""
    customer = cast.customers["gold"]
    for back in range(45):
        visit(customer, today() - timedelta(days=back), cast=cast, content=f"第{back:03}次")
    client = as_user(cast.manager)
    text, seen = page(client, customer, "?only=visits"), []
    for _ in range(3):
        seen += re.findall(r"第(\d{3})次", text)
        more = re.search(r'data-more><a class="btn btn-sm" href="([^"]+)"', text)
        text = client.get(unescape(more[1]), headers=HTMX).content.decode() if more else ""
    assert seen == [f"{back:03}" for back in range(45)]


def test_a_damaged_cursor_is_a_400(cast, as_user):
    """Bad input: never a page of something else."""
    address = f"/customers/{cast.customers['gold'].pk}/timeline/?before=x%00"
    assert as_user(cast.manager).get(address).status_code == 400


def test_completeness_per_group(cast, as_user):
    """CUS-9: fill 1 of 2 required fields → 50 %."""
    RequiredField.objects.all().delete()
    for name in ("sports", "personality"):
        RequiredField.objects.create(kind="vip", field=name, group="preferences", effective_from="2020-01-01")
    PersonProfile.unscoped.create(customer=cast.customers["gold"], sports="羽毛球")
    text = page(as_user(cast.manager), cast.customers["gold"])
    assert '<progress max="100" value="50"' in text


def test_contact_persons_with_how_often_the_leader_is_met(cast, as_user):
    """CUS-24: leader contact frequency visible."""
    customer = cast.customers["teammates"]
    leader = ContactPerson.unscoped.get(customer=customer)
    met = visit(customer, today() - timedelta(days=3), cast=cast, by="teammate")
    VisitPerson.unscoped.create(visit=met, person=leader)
    for query in ("", "?tab=people"):
        text = page(as_user(cast.teammate), customer, query)
        assert "海总" in text and "139****0104" in text
        assert f"/customers/{customer.pk}/dial/?person={leader.pk}" in text


def test_open_duties_tasks_and_proposals_wait_on_the_right(cast, as_user):
    """screens 3: open things; a task is ticked off in one tap."""
    customer = cast.customers["gold"]
    duty = owe_today(customer)
    task = Task.unscoped.create(
        kind="follow_up", customer=customer, staff=cast.staff["manager"], title="送合同", due_on=today(),
        created_at=timezone.now(),
    )  # fmt: skip
    TierProposal.unscoped.create(
        customer=customer, from_tier=customer.tier, to_tier=cast.customers["silver"].tier, source="billing",
        proposed_at=timezone.now(), reason="消费下降",
    )  # fmt: skip
    client = as_user(cast.manager)
    text = page(client, customer)
    assert "送合同" in text and "消费下降" in text and f"/excuse/{duty.pk}/" in text
    assert client.post(f"/tasks/{task.pk}/done/", headers=HTMX).status_code == 204
    task.refresh_from_db()
    assert task.state == "done"
    assert as_user(cast.stranger).post(f"/tasks/{task.pk}/done/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "icon"),
    [({"is_overdue": True}, "alert-triangle"), ({}, "clock"), ({"is_introduction": True}, "hand-stop")],
)
def test_the_next_best_action_says_why(cast, as_user, changes, icon):
    """CUS-35: what to do first, with its reason."""
    customer = cast.customers["gold"]
    is_overdue = changes.pop("is_overdue", False)
    duty = owe_today(customer, is_overdue=is_overdue, **changes)
    if not changes and not is_overdue:
        type(customer.standing).unscoped.filter(customer=customer).update(next_due_on=today() + timedelta(days=2))
    assert duty.pk
    text = page(as_user(cast.manager), customer)
    assert f"ti-{icon}" in text.split('class="advice-line">', 1)[1][:120]


def test_who_covers_today_is_on_the_card(cast, as_user):
    """ORG-10, cover: the substitute stands beside the manager and may log."""
    Cover.unscoped.create(
        absent=cast.staff["manager"], substitute=cast.staff["teammate"], starts_on=today(), ends_on=today(),
        arranged_by=cast.supervisor, arranged_at=timezone.now(),
    )  # fmt: skip
    text = page(as_user(cast.teammate), cast.customers["gold"])
    assert "data-dial-url" in text and "data-log-visit" in text


def test_a_supervisor_reads_and_does_not_log(cast, as_user):
    """Matrix: R."""
    text = page(as_user(cast.supervisor), cast.customers["gold"])
    assert "data-dial-url" not in text and 'class="btn" href="/log/' not in text


def test_the_ledger_tab_shows_each_period(cast, as_user):
    """CON-1: met or missed, for ever."""
    customer = cast.customers["gold"]
    past = month()[0] - timedelta(days=1)
    owe(customer, starts_on=past.replace(day=1), due_on=past, suggested_on=past, state="missed")
    owe_today(customer)
    text = page(as_user(cast.manager), customer, "?tab=duties")
    assert text.count("<tr>") == 3


def test_the_history_tab_shows_old_and_new_value(cast, as_user):
    """SEC-23: who changed what, old → new; phones masked."""
    from accounts.actions import update_customer

    customer = cast.customers["gold"]
    update_customer(
        customer_id=customer.pk,
        changes={"district": "城南", "phone": "13911118888"},
        by=cast.manager,
        now=timezone.now(),
    )
    text = page(as_user(cast.manager), customer, "?tab=history")
    assert "城南" in text and "139****8888" in text and "13911118888" not in text


def test_the_history_is_for_those_who_may_see_it(cast, as_user):
    """Abilities: `view_history`."""
    text = page(as_user(cast.handler), cast.customers["gold"], "?tab=history")
    assert f'href="/customers/{cast.customers["gold"].pk}/?tab=history"' not in text
    assert 'class="timeline"' in text  # the overview instead


def test_reading_the_page_writes_nothing(cast, as_user):
    """CUS-8: a page with placeholders is no look."""
    page(as_user(cast.manager), cast.customers["gold"])
    assert not AccessLog.objects.exclude(kind__startswith="sign").exists()


def test_the_page_asks_no_more_with_many_rows_than_with_few(cast, as_user):
    """Issue 2 §8, CUS-35: at most 12 statements, the same at 3 rows and 30."""
    customer, client = cast.customers["teammates"], as_user(cast.teammate)
    counts = []
    for so_many in (3, 27):
        for index in range(so_many):
            ContactPerson.unscoped.create(customer=customer, name=f"联系人{so_many}{index}")
            visit(customer, today() - timedelta(days=index), cast=cast, by="teammate")
        page(client, customer)
        with statements() as found:
            page(client, customer)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12, found


@pytest.mark.parametrize("tab", ["overview", "people", "duties", "files", "history"])
def test_every_link_of_the_page_leads_somewhere(cast, as_user, tab):
    """No dead end on any tab."""
    customer = cast.customers["teammates"]
    owe_today(customer)
    client = as_user(cast.teammate)
    main = page(client, customer, f"?tab={tab}").split("<main", 1)[1].split("</main>", 1)[0]
    for link in set(re.findall(r'href="(/[^"]*)"', main)):
        assert client.get(unescape(link)).status_code == 200, link
