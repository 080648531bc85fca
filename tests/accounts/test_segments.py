"""Saved segments on the pages (CUS-15)."""

import re

import pytest

from accounts.models import Segment, Standing
from crm.core.changelog import history_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST, NEW = "/customers/segments/", "/customers/segments/new/"


def save(client, name="逾期金卡", query="overdue=1&tier=gold", **more):
    return client.post(NEW, {"name": name, "query": query} | more)


def rows_of(html):
    """Name → number of customers, as the page shows them."""
    names = re.findall(r'<td class="c-main">(?:<a[^>]*>)?([^<]+)', html)
    counts = re.findall(r'<td class="num"[^>]*><a[^>]*>([\d,+]+)</a>', html)
    return dict(zip(names, counts, strict=True))


def test_the_filter_of_the_list_is_saved_opened_and_found_anew(cast, as_user):
    """CUS-15: a saved segment re-runs."""
    client = as_user(cast.manager)
    form = client.get(NEW + "?tier=gold&q=&cursor=abc").content.decode()
    assert 'value="tier=gold"' in form
    answer = save(client, "金卡", "tier=gold")
    assert answer.headers["Location"] == "/customers/?tier=gold"
    assert rows_of(client.get(LIST).content.decode()) == {"金卡": "1"}
    menu = client.get(LIST, headers=HTMX).content.decode()
    assert "/customers/?tier=gold" in menu and "<html" not in menu
    gold = cast.customers["silver"]
    gold.tier = cast.customers["gold"].tier
    gold.save()
    assert rows_of(client.get(LIST).content.decode()) == {"金卡": "2"}


def test_the_counts_of_segments_add_up_to_the_total(cast, as_user):
    """CUS-15: counts add up; each is the number of rows its link shows."""
    client = as_user(cast.supervisor)
    for kind in ("vip", "group", "channel", "ordinary"):
        save(client, kind, f"kind={kind}")
    counts = {name: int(text) for name, text in rows_of(client.get(LIST).content.decode()).items()}
    shown = {kind: client.get(f"/customers/?kind={kind}").content.decode().count("<tr data-record") for kind in counts}
    assert counts == shown
    assert sum(counts.values()) == Standing.unscoped.filter(unit_id=cast.units["A"].pk).count()


def test_a_segment_is_private_unless_shown_to_a_unit(cast, as_user):
    """CUS-15: private / unit; everybody counts his own customers only."""
    save(as_user(cast.supervisor), "主管自用", "tier=diamond")
    save(as_user(cast.supervisor), "本部金卡", "tier=gold", unit_id=cast.units["A"].pk)
    assert set(rows_of(as_user(cast.supervisor).get(LIST).content.decode())) == {"主管自用", "本部金卡"}
    assert rows_of(as_user(cast.manager).get(LIST).content.decode()) == {"本部金卡": "1"}
    assert rows_of(as_user(cast.teammate).get(LIST).content.decode()) == {"本部金卡": "0"}
    assert rows_of(as_user(cast.stranger).get(LIST).content.decode()) == {}


def test_a_unit_is_offered_to_who_leads_one_only(cast, as_user):
    """PLT-7: a manager keeps segments for himself; a foreign unit is refused."""
    assert 'name="unit_id"' not in as_user(cast.manager).get(NEW + "?overdue=1").content.decode()
    assert 'name="unit_id"' in as_user(cast.supervisor).get(NEW + "?overdue=1").content.decode()
    assert save(as_user(cast.supervisor), unit_id=cast.units["B"].pk).status_code == 400
    save(as_user(cast.manager), unit_id=cast.units["A"].pk)
    assert Segment.unscoped.get().unit_id is None


def test_one_renames_and_deletes_ones_own(cast, as_user):
    """CUS-15: with its history; nobody else's is there."""
    client = as_user(cast.manager)
    save(client)
    segment = Segment.unscoped.get()
    client.post(f"{LIST}{segment.pk}/", {"name": "本月先联系", "query": segment.query})
    segment.refresh_from_db()
    assert segment.name == "本月先联系"
    newest = history_of("accounts_segment", segment.pk)[0]
    assert (newest.field, newest.new) == ("name", "本月先联系")
    assert as_user(cast.teammate).get(f"{LIST}{segment.pk}/").status_code == 404
    assert as_user(cast.teammate).post(f"{LIST}{segment.pk}/delete/").status_code == 404
    assert as_user(cast.manager).post(f"{LIST}{segment.pk}/delete/").status_code == 302
    assert not Segment.unscoped.exists()


def test_two_segments_of_one_person_never_share_a_name(cast, as_user):
    """CUS-15: renaming to a name that is taken is refused beside the field."""
    client = as_user(cast.manager)
    save(client, "甲")
    save(client, "乙", "tier=diamond")
    answer = client.post(f"{LIST}{Segment.unscoped.get(name='乙').pk}/", {"name": "甲", "query": "tier=diamond"})
    assert answer.status_code == 400
    assert Segment.unscoped.filter(name="甲").count() == Segment.unscoped.filter(name="乙").count() == 1


@pytest.mark.parametrize("query", ["", "sort=name", "nonsense=1", "tier=unknown", "overdue=7"])
def test_only_a_filter_the_list_understands_is_saved(cast, as_user, query):
    """CUS-15: neither everything nor something unknown."""
    assert save(as_user(cast.manager), query=query).status_code == 400
    assert not Segment.unscoped.exists()


def test_without_a_filter_the_page_says_what_to_do(cast, as_user):
    """Screens: no dead end."""
    page = as_user(cast.manager).get(NEW)
    assert page.status_code == 200 and 'class="empty"' in page.content.decode()


def test_a_filter_that_is_no_longer_understood_is_shown_as_such(cast, as_user):
    """CUS-15: a tier that is gone breaks no page."""
    client = as_user(cast.manager)
    save(client)
    Segment.unscoped.update(query="tier=gone")
    page = client.get(LIST)
    assert page.status_code == 200 and "ti-alert-triangle" in page.content.decode()
