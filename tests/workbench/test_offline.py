"""A phone without signal (decisions 18): what it keeps, and what the server makes of what it sends afterwards."""

import json
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import ContactPerson, PersonProfile, PrivateProfile
from tests.visits.ledger_world import visit
from tests.workbench.world import FETCH, HTMX, owe_today, sheet_values
from visits.models import DayLog, Visit
from workbench.queries.offline import hide_numbers

pytestmark = pytest.mark.django_db


def kept_by(client):
    answer = client.get("/offline/bundle/", headers=FETCH)
    assert answer.status_code == 200
    return answer.json()


def card_of(bundle, customer):
    return next((card for card in bundle["customers"] if card["id"] == customer.pk), None)


def kept_sheet(user, *customers, **changes):
    """A log sheet as the queue sends it."""
    return sheet_values(*customers, **changes) | {"user": user.pk}


# --- What is kept


def test_the_phone_keeps_what_one_needs_to_know_before_a_talk(cast, as_user):
    firm = cast.customers["teammates"]
    owe_today(firm)
    two_days_ago = timezone.localdate() - timedelta(days=2)
    visit(firm, two_days_ago, cast=cast, by="teammate", content="谈了专线续费", next_step="带合同样本")
    bundle = kept_by(as_user(cast.teammate))
    card = card_of(bundle, firm)
    assert card["name"] == firm.name
    assert card["last"]["text"] == "谈了专线续费"
    assert card["last"]["on"] == two_days_ago.isoformat()
    assert card["promise"]["text"] == "带合同样本"
    assert [person[1] for person in card["persons"]] == ["海总"]
    assert bundle["today"][0]["id"] == firm.pk
    assert bundle["user"] == cast.teammate.pk


def test_covered_customers_are_kept_while_the_cover_lasts_and_nobody_elses(cast, as_user):
    mates = cast.customers["teammates"]
    assert card_of(kept_by(as_user(cast.manager)), mates) is None
    today = timezone.localdate()
    accounts.arrange_cover(
        absent_id=cast.staff["teammate"].pk, substitute_id=cast.staff["manager"].pk, starts_on=today,
        ends_on=today, reason="年假", by=cast.supervisor, now=timezone.now(),
    )  # fmt: skip
    bundle = kept_by(as_user(cast.manager))
    assert card_of(bundle, mates) is not None
    assert card_of(bundle, cast.customers["strangers"]) is None


def test_nothing_private_and_no_number_is_kept(cast, as_user):
    """Decisions 18: cached pages hold no private data; no number, no address, no birthday, no note."""
    gold = cast.customers["gold"]
    gold.business_address, gold.service_notes, gold.email = "江城路 8 号", "怕狗,勿早访", "jin@example.com"
    gold.other_phone, gold.credit_code = "13900007777", "91330100MA27XW0000"
    gold.save()
    PersonProfile.unscoped.update_or_create(customer=gold, defaults={"birthday": date(1970, 5, 6)})
    PrivateProfile.unscoped.update_or_create(
        customer=gold, defaults={"home_address": "桂花巷 3 号", "id_number": "11010519491231002X"}
    )
    ContactPerson.unscoped.create(customer=gold, name="小钱", phone="13900006666", birthday=date(1980, 1, 2))
    said = "他儿子的号 13812345678,座机 0571-88886666"
    visit(gold, timezone.localdate(), cast=cast, content=said, next_step="回电 138 1234 5678")
    told = json.dumps(kept_by(as_user(cast.manager)), ensure_ascii=False)
    for secret in (
        gold.phone, "13900007777", "13900006666", "江城路", "桂花巷", "怕狗", "jin@example.com", "1970", "05-06",
        "1980", "11010519491231002X", "13812345678", "88886666", "1234 5678", gold.number, "91330100",
    ):  # fmt: skip
        assert secret not in told, secret
    assert "小钱" in told
    assert not re.search(r"csrfmiddlewaretoken", told)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("续费 3 年,1200 元", "续费 3 年,1200 元"),
        ("打 13812345678 找他", "打 13**** 找他"),
        ("0571-88886666 转 8", "05**** 转 8"),
        ("11月30日 19:40 见", "11月30日 19:40 见"),
        ("2026-11-30 签约", "2026-11-30 签约"),
        ("账号 2026113000", "账号 20****"),
    ],
)
def test_a_long_number_in_a_sentence_is_hidden(text, shown):
    assert hide_numbers(text) == shown


def test_the_blank_sheet_is_the_sheet_of_the_site_without_customer_and_token(cast, as_user):
    bundle = kept_by(as_user(cast.manager))
    assert set(bundle["sheets"]) == {card["kind"] for card in bundle["customers"]}
    for sheet in bundle["sheets"].values():
        for name in ("channel", "outcome", "occasion", "started_at", "content", "client_key", "photo-pictures"):
            assert f'name="{name}"' in sheet
        assert "csrfmiddlewaretoken" not in sheet
        assert not any(card["name"] in sheet for card in bundle["customers"])


def test_asking_for_the_cards_is_no_sign_of_life(cast, as_user, django_assert_num_queries):
    client = as_user(cast.manager)
    from crm.core.models import Session

    long_ago = timezone.now() - timedelta(minutes=20)
    Session.objects.update(seen_at=long_ago)
    kept_by(client)
    client.get("/offline/state/", headers=FETCH)
    client.post("/offline/send/", kept_sheet(cast.manager, cast.customers["gold"]), headers=FETCH)
    assert Session.objects.get().seen_at == long_ago
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=40))
    for answer in (client.get("/offline/bundle/", headers=FETCH), client.get("/offline/state/", headers=FETCH)):
        assert answer.status_code == 423


# --- What is sent


def test_a_kept_sheet_is_logged_once_however_often_it_comes(cast, as_user):
    gold = cast.customers["gold"]
    duty = owe_today(gold)
    client, sheet = as_user(cast.manager), kept_sheet(cast.manager, gold)
    first = client.post("/offline/send/", sheet, headers=FETCH)
    again = client.post("/offline/send/", sheet, headers=FETCH)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.json()["duplicate"], again.json()["duplicate"]) == (False, True)
    assert first.json()["visits"] == again.json()["visits"] == [Visit.unscoped.get().pk]
    duty.refresh_from_db()
    assert duty.state == "met"


def test_a_queue_is_never_sent_for_somebody_else(cast, as_user):
    """Decisions 18: sent after the same user signs in again."""
    sheet = kept_sheet(cast.manager, cast.customers["gold"])
    answer = as_user(cast.teammate).post("/offline/send/", sheet, headers=FETCH)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_user")
    assert not Visit.unscoped.exists()


def test_the_moment_is_the_phones_and_the_limits_are_the_servers(cast, as_user):
    """CON-34: at most three days back, not in the future."""
    client, now = as_user(cast.manager), timezone.localtime()

    def sent(at):
        sheet = kept_sheet(cast.manager, cast.customers["gold"], started_at=at.strftime("%Y-%m-%dT%H:%M:%S"))
        return client.post("/offline/send/", sheet, headers=FETCH)

    yesterday = now - timedelta(days=1)
    assert sent(yesterday).status_code == 200
    assert abs(Visit.unscoped.get().occurred_at - yesterday) < timedelta(seconds=1)
    assert sent(now - timedelta(days=4)).json()["errors"][0]["code"] == "too_late"
    assert sent(now + timedelta(minutes=20)).json()["errors"][0]["code"] == "in_future"
    assert Visit.unscoped.count() == 1


def test_a_refusal_says_what_is_wrong_with_which_field(cast, as_user):
    client = as_user(cast.manager)
    sheet = kept_sheet(cast.manager, cast.customers["gold"], outcome="nonsense", client_key="x")
    answer = client.post("/offline/send/", sheet, headers=FETCH)
    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/outcome", "/client_key"}


def test_a_customer_handed_over_meanwhile_is_a_conflict_with_the_new_managers_name(cast, as_user):
    gold = cast.customers["gold"]
    sheet = kept_sheet(cast.manager, gold, content="想办专线")
    accounts.hand_over(
        customer_ids=[gold.pk], to_staff_id=cast.staff["teammate"].pk, reason="调整", by=cast.supervisor,
        now=timezone.now(),
    )  # fmt: skip
    answer = as_user(cast.manager).post("/offline/send/", sheet, headers=FETCH)
    assert (answer.status_code, answer.json()["code"]) == (409, "handed_over")
    assert answer.json()["current"]["manager"] == "周宁"
    assert not Visit.unscoped.exists()


def test_a_visit_that_seems_to_be_logged_already_shows_the_other_side_and_can_be_sent_all_the_same(cast, as_user):
    gold, client = cast.customers["gold"], as_user(cast.manager)
    client.post("/log/", sheet_values(gold, content="在电脑上记的"), headers=HTMX)
    sheet = kept_sheet(cast.manager, gold, content="在手机上记的")
    answer = client.post("/offline/send/", sheet, headers=FETCH)
    assert (answer.status_code, answer.json()["code"]) == (409, "logged_already")
    assert answer.json()["current"]["content"] == "在电脑上记的"
    assert Visit.unscoped.count() == 1
    assert client.post("/offline/send/", sheet | {"anyway": "1"}, headers=FETCH).status_code == 200
    assert Visit.unscoped.count() == 2


def test_the_state_says_who_is_signed_in_and_what_time_it_is(cast, as_user, client):
    assert client.get("/offline/state/", headers=FETCH).status_code == 302
    told = as_user(cast.manager).get("/offline/state/", headers=FETCH).json()
    assert told["user"] == cast.manager.pk
    assert told["token"]
    assert abs(timezone.now() - timezone.datetime.fromisoformat(told["now"])) < timedelta(seconds=10)


# --- The app


@pytest.mark.parametrize(("language", "name"), [("zh-CN", "客户经理工作台"), ("en", "Customer Desk")])
def test_the_site_can_be_installed_in_both_languages(client, language, name):
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": language})
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["name"], told["display"], told["start_url"], told["scope"]) == (name, "standalone", "/", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip


def test_the_worker_is_new_when_one_of_its_files_is(client, settings, monkeypatch):
    from workbench import app_files

    app_files._kept_version.cache_clear()
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    kept = json.loads(re.search(r"self\.KEPT = (.*);", answer.content.decode())[1])
    assert "/static/js/offline_page.js" in kept["files"]
    monkeypatch.setattr(app_files, "FILES", app_files.FILES[:-1])
    app_files._kept_version.cache_clear()
    assert kept["version"] not in client.get("/sw.js").content.decode()
    app_files._kept_version.cache_clear()


def test_the_page_without_signal_holds_nothing_of_anybody(cast, as_user, client):
    client.logout()
    anonymous = client.get("/offline/").content
    assert as_user(cast.manager).get("/offline/").content == anonymous
    assert b"csrf" not in anonymous
    for script in re.findall(rb"<script[^>]*>", anonymous):
        assert b"src=" in script


def test_the_worker_adds_no_render_blocking_byte(cast, as_user):
    """Issue 3 "Speed": nothing of it is in the head, and its one script is deferred."""
    page = as_user(cast.manager).get("/").content.decode()
    head = page[: page.index("</head>")]
    assert "offline" not in head
    assert "idb" not in head
    assert re.findall(r'<script src="[^"]*offline[^"]*"[^>]*>', page) == ['<script src="/static/js/offline.js" defer>']


def test_who_logs_no_visits_carries_none_of_it(cast, as_user):
    page = as_user(cast.director).get("/team/").content.decode()
    assert 'id="offline-texts"' not in page
    assert "photos.js" not in page


def test_a_key_of_a_sheet_of_somebody_else_is_refused(cast, as_user):
    key = str(uuid4())
    as_user(cast.manager).post("/log/", sheet_values(cast.customers["gold"], client_key=key), headers=HTMX)
    sheet = kept_sheet(cast.supervisor, cast.customers["gold"], client_key=key)
    answer = as_user(cast.supervisor).post("/offline/send/", sheet, headers=FETCH)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")


# --- The end of the day


def end_of_day(client, user, **changes):
    """The end of today as the queue sends it."""
    body = {"user": user.pk, "on": timezone.localdate().isoformat(), "sentence": "客户下周签约"} | changes
    return client.post("/offline/close-day/", body, headers=FETCH)


def test_a_kept_end_of_the_day_closes_it_once_however_often_it_comes(cast, as_user):
    """PLAN-3: the end of the day without signal; the phone is told whether it is closed already."""
    client = as_user(cast.manager)
    assert kept_by(client)["closed"] is False
    assert [end_of_day(client, cast.manager).status_code for _ in range(2)] == [200, 200]
    log = DayLog.unscoped.get()
    assert (log.sentence, log.closed_by, log.version) == ("客户下周签约", cast.manager, 1)
    assert kept_by(client)["closed"] is True
    assert end_of_day(as_user(cast.teammate), cast.manager).json()["code"] == "other_user"


def test_closing_without_a_word_loses_no_word(cast, as_user):
    """PLAN-3: an empty second closing, on Today or from a phone, changes nothing that is written."""
    client = as_user(cast.manager)
    end_of_day(client, cast.manager)
    assert end_of_day(client, cast.manager, sentence="").status_code == 200
    client.post(reverse("visits:close_day"), {"on": timezone.localdate().isoformat(), "sentence": ""})
    assert DayLog.unscoped.get().sentence == "客户下周签约"


def test_two_sentences_from_two_devices_stand_side_by_side(cast, as_user):
    """PLAN-3: the second is told what the first wrote; it replaces it only when its writer says so."""
    client = as_user(cast.manager)
    end_of_day(client, cast.manager)
    answer = end_of_day(client, cast.manager, sentence="另一句")
    assert (answer.status_code, answer.json()["code"]) == (409, "closed")
    assert answer.json()["current"]["content"] == "客户下周签约"
    assert end_of_day(client, cast.manager, sentence="另一句", anyway="1").status_code == 200
    assert DayLog.unscoped.get().sentence == "另一句"


def test_a_day_that_closed_itself_meanwhile_was_closed_by_hand(cast, as_user):
    """PLAN-3, F26: told in the evening without signal, sent next morning after the night."""
    client, yesterday = as_user(cast.manager), timezone.localdate() - timedelta(days=1)
    closed = {"staff": cast.staff["manager"], "on": yesterday, "closed_at": timezone.now()}
    for sentence in ("", "谈了续约"):
        DayLog.unscoped.all().delete()
        DayLog.unscoped.create(**closed)
        assert end_of_day(client, cast.manager, on=yesterday.isoformat(), sentence=sentence).status_code == 200
        log = DayLog.unscoped.get()
        assert (log.closed_by, log.sentence, log.review_state) == (cast.manager, sentence, "waiting")


@pytest.mark.parametrize(("days", "code"), [(1, "out_of_range"), (-5, "locked")])
def test_a_kept_day_that_cannot_be_closed_is_refused_with_its_reason(cast, as_user, days, code):
    on = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = end_of_day(as_user(cast.manager), cast.manager, on=on)
    assert (answer.status_code, answer.json()["code"]) == (400, code) and not DayLog.unscoped.exists()
