"""The check-in book: arrival, place with consent, two signatures, then closed (CON-23, CON-24, PLT-8)."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from crm.core.errors import NotAllowed
from crm.core.models import Signature, SignLink
from crm.core.signatures import signatures_of
from tests.visits.ledger_world import customer_of
from tests.visits.pictures import picture
from visits.actions import journal, log_visit, mend_visit, undo_visit
from visits.actions.sheet import VisitSheet
from visits.models import CheckIn, Visit, VisitNote
from visits.queries.journal.check_ins import TABLE, sign_rates

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(cast):
    """A channel customer of the manager: her line has the book."""
    return customer_of(cast, "level1", kind="channel")


# What a visit to the channel line may not be without (CON-25); there are no products to check.
CHECKLIST = {
    "shop": {"sales_note": "平稳", "reminded_of_law": True, "irregular_nearby": False, "display_improved": False}
}


def visit_to(customer, by, **changes):
    """An on-site visit of a moment ago, logged."""
    now = timezone.now()
    values = {
        "customer_ids": (customer.pk,), "channel": "on_site", "outcome": "effective", "client_key": uuid4(),
        "occurred_at": now - timedelta(minutes=30), "ended_at": now - timedelta(minutes=5), "occasion": "care",
        "content": "查看库存,讲解新套餐。", "parts": CHECKLIST,
    } | changes  # fmt: skip
    (visit_id,) = log_visit(sheet=VisitSheet(**values), by=by, now=now).visit_ids
    return Visit.unscoped.get(pk=visit_id)


def address(name, visit):
    return reverse(f"visits:{name}", args=[visit.pk])


def sign(client, visit):
    return client.post(address("check_in_sign", visit))


def draw(client, visit, **changes):
    return client.post(address("check_in_customer", visit), {"signer_name": "王老板", "drawing": picture()} | changes)


def page_of(client, visit):
    return client.get(address("visit_detail", visit)).content.decode()


# --- Where there is a book


def test_an_on_site_visit_of_the_channel_line_gets_its_line_of_the_book(cast, shop):
    """CON-23: arrival is when the visit began, unless told otherwise; no place without consent."""
    made = visit_to(shop, cast.manager)
    entry = CheckIn.unscoped.get(visit=made)
    assert entry.arrived_at == made.occurred_at
    assert entry.wants_customer
    assert entry.latitude is None


@pytest.mark.parametrize(
    ("kind", "tier", "changes"),
    [
        ("vip", "gold", {}),  # off for the VIP line
        ("group", "level1", {}),  # and for the group line
        ("channel", "level1", {"channel": "phone"}),  # decisions 10: on-site visits only
        ("channel", "level1", {"outcome": "no_answer"}),  # nobody was there to sign
    ],
)
def test_no_line_where_the_book_is_off_or_nobody_was_met(cast, kind, tier, changes):
    """CON-23: only where the switch is on."""
    visit_to(customer_of(cast, tier, kind=kind), cast.manager, **changes)
    assert not CheckIn.unscoped.exists()


# --- Signing


def test_the_manager_signs_in_one_tap_bound_to_his_sign_in(cast, shop, as_user):
    """CON-23: login-bound, the server's time."""
    made = visit_to(shop, cast.manager)
    assert sign(as_user(cast.manager), made).status_code == 302
    signature = Signature.objects.get()
    assert (signature.signer, signature.method, signature.signer_name) == (cast.manager, "login", "林晓")
    assert abs(timezone.now() - signature.signed_at) < timedelta(minutes=1)
    assert "查看库存" in signature.content
    assert CheckIn.unscoped.get().manager_signed_at == signature.signed_at


@pytest.mark.parametrize("content", ["", "   "])
def test_a_visit_without_content_cannot_be_signed(cast, shop, as_user, content):
    """CON-23: neither by the manager nor by the customer, nor can a link be made."""
    made = visit_to(shop, cast.manager)
    Visit.unscoped.filter(pk=made.pk).update(content=content)
    client = as_user(cast.manager)
    assert sign(client, made).status_code == 400
    assert draw(client, made).status_code == 400
    assert client.post(address("check_in_link", made)).status_code == 400
    assert not Signature.objects.exists()
    assert not SignLink.objects.exists()


def test_the_customer_signs_with_a_finger(cast, shop, as_user):
    """CON-24: the drawing is kept as a picture, shown to whoever may see the visit."""
    made = visit_to(shop, cast.manager)
    client = as_user(cast.manager)
    assert draw(client, made).status_code == 302
    signature = Signature.objects.get()
    assert (signature.part, signature.method, signature.signer_name) == ("customer", "drawn", "王老板")
    assert signature.taken_by == cast.manager
    assert signature.signer is None
    image = client.get(address("signature_image", made))
    assert image["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(b"".join(image.streaming_content))).size == (300, 120)
    assert as_user(cast.teammate).get(address("signature_image", made)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"drawing": picture(ink=False)},
        {"drawing": ""},
        {"drawing": "data:image/png;base64,AAAA"},
        {"drawing": "data:image/svg+xml;base64,PHN2Zz4="},
        {"drawing": "data:image/png;base64," + "A" * 400_000},
        {"signer_name": ""},
        {"signer_name": "\u200b"},
    ],
)
def test_an_empty_or_odd_drawing_is_no_signature(cast, shop, as_user, wrong):
    """Bad input: refused with a reason, nothing is kept."""
    made = visit_to(shop, cast.manager)
    assert draw(as_user(cast.manager), made, **wrong).status_code == 400
    assert not Signature.objects.exists()


def test_nobody_signs_for_the_manager_who_held_the_visit(cast, shop, as_user):
    """CON-23: bound to the sign-in of whoever was there; a colleague does not even see it."""
    made = visit_to(shop, cast.manager)
    assert sign(as_user(cast.supervisor), made).status_code == 403
    assert sign(as_user(cast.teammate), made).status_code == 404
    assert draw(as_user(cast.supervisor), made).status_code == 403
    assert not Signature.objects.exists()


def test_signing_twice_is_refused_and_changes_nothing(cast, shop, as_user):
    made = visit_to(shop, cast.manager)
    client = as_user(cast.manager)
    assert [sign(client, made).status_code for _ in range(2)] == [302, 409]
    assert Signature.objects.count() == 1


def test_what_is_signed_is_what_the_page_showed(cast, shop, as_user):
    """PLT-8: the page carries the digest of what it shows; another content meanwhile is not signed."""
    made = visit_to(shop, cast.manager)
    client = as_user(cast.manager)
    page = page_of(client, made)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    Visit.unscoped.filter(pk=made.pk).update(content="别的内容")
    assert client.post(address("check_in_sign", made), {"seen": seen}).status_code == 409
    assert not Signature.objects.exists()


# --- Closed


def test_after_both_signatures_the_record_is_closed_and_only_a_note_may_follow(cast, shop, as_user):
    """CON-24: editing a signed visit is refused in the action; correction only as an added note."""
    made = visit_to(shop, cast.manager)
    client = as_user(cast.manager)
    sign(client, made)
    draw(client, made)
    for deed in (
        lambda: client.post(address("visit_undo", made)),
        lambda: client.get(address("visit_mend", made)),
        lambda: client.post(
            address("visit_mend", made),
            {"channel": "on_site", "outcome": "effective", "direction": "outbound", "content": "改",
             "occurred_at": timezone.localtime(made.occurred_at).strftime("%Y-%m-%dT%H:%M"), "version": made.version},
        ),
        lambda: client.post(reverse("workbench:undo_visit", args=[made.pk])),
    ):  # fmt: skip
        assert deed().status_code == 403
    made.refresh_from_db()
    assert (made.content, made.undone_at) == ("查看库存,讲解新套餐。", None)
    page = page_of(client, made)
    assert address("visit_mend", made) not in page
    assert client.post(address("visit_note", made), {"text": "地址更正:二楼"}).status_code == 302
    assert VisitNote.unscoped.get().text == "地址更正:二楼"
    assert all(checked.is_good for checked in signatures_of(TABLE, made.pk))


def test_what_the_customer_has_signed_is_not_changed_even_before_the_manager_signs(cast, shop):
    """CON-24."""
    made = visit_to(shop, cast.manager)
    journal.take_signature(
        visit_id=made.pk, drawing=picture(), signer_name="王老板", by=cast.manager, now=timezone.now()
    )
    for deed in (
        lambda: undo_visit(visit_id=made.pk, by=cast.manager, now=timezone.now()),
        lambda: mend_visit(
            visit_id=made.pk, changes={"content": "改"}, version=None, by=cast.manager, now=timezone.now()
        ),
    ):
        with pytest.raises(NotAllowed) as refusal:
            deed()
        assert refusal.value.code == "signed"


def test_a_mended_record_voids_the_managers_own_signature(cast, shop, as_user):
    """CON-24: before the customer has signed he may mend; what he had signed no longer holds, the row stays."""
    made = visit_to(shop, cast.manager)
    client = as_user(cast.manager)
    sign(client, made)
    mend_visit(visit_id=made.pk, changes={"content": "改过了"}, version=None, by=cast.manager, now=timezone.now())
    assert Signature.objects.get().voided_at is not None
    assert CheckIn.unscoped.get().manager_signed_at is None
    assert sign(client, made).status_code == 302
    assert "改过了" in Signature.objects.get(voided_at=None).content


def test_the_book_follows_a_mended_channel(cast, shop):
    """Decisions 10: a visit that was a call after all leaves the book, and the other way round."""
    made = visit_to(shop, cast.manager)
    when = {"version": None, "by": cast.manager, "now": timezone.now()}
    mend_visit(visit_id=made.pk, changes={"channel": "phone"}, **when)
    assert not CheckIn.unscoped.exists()
    mend_visit(visit_id=made.pk, changes={"channel": "on_site"}, **when)
    later = made.occurred_at + timedelta(minutes=3)
    mend_visit(visit_id=made.pk, changes={"occurred_at": later}, **when)
    assert CheckIn.unscoped.get().arrived_at == later


def test_an_undone_visit_leaves_the_book(cast, shop):
    made = visit_to(shop, cast.manager)
    undo_visit(visit_id=made.pk, by=cast.manager, now=timezone.now())
    assert not CheckIn.unscoped.exists()


# --- The check


@pytest.mark.parametrize(
    "alter",
    [
        lambda made: Visit.unscoped.filter(pk=made.pk).update(content="改写"),
        lambda made: Visit.unscoped.filter(pk=made.pk).update(occurred_at=made.occurred_at - timedelta(minutes=1)),
        lambda made: CheckIn.unscoped.update(latitude="30.25", longitude="120.15", consented_at=timezone.now()),
        lambda made: Signature.objects.update(content=Signature.objects.first().content.replace("库存", "现金")),
        lambda made: Signature.objects.update(digest="0" * 64),
    ],
)
def test_altering_what_was_signed_breaks_the_check_and_the_page_says_so(cast, shop, as_user, alter):
    """PLT-8: altering signed content breaks the hash check."""
    made = visit_to(shop, cast.manager)
    client = as_user(cast.manager)
    sign(client, made)
    (good,) = signatures_of(TABLE, made.pk)
    assert good.is_good
    assert "ti-shield-x" not in page_of(client, made)
    alter(made)
    (bad,) = signatures_of(TABLE, made.pk)
    assert not bad.is_good
    assert "ti-shield-x" in page_of(client, made)


def test_a_new_name_of_the_customer_breaks_no_signature(cast, shop, as_user):
    """PLT-8: the name as it was then is in what was signed; the record is the same."""
    made = visit_to(shop, cast.manager)
    sign(as_user(cast.manager), made)
    shop.name = "城东新手机卖场"
    shop.save()
    assert signatures_of(TABLE, made.pk)[0].is_good


# --- One-time link


def issue(client, made):
    """A link, as the page shows it."""
    page = client.post(address("check_in_link", made)).content.decode()
    assert "<svg" in page
    url = page.split('id="sign-url" value="')[1].split('"')[0]
    assert url.startswith(settings.BASE_URL)
    return url.removeprefix(settings.BASE_URL)


def test_the_customer_signs_on_his_own_phone_without_signing_in(cast, shop, as_user):
    """CON-24, PLT-8: he sees what is signed, confirms with his name; the link works once."""
    made = visit_to(shop, cast.manager)
    link = issue(as_user(cast.manager), made)
    phone = Client()
    assert "查看库存" in phone.get(link).content.decode()
    assert phone.post(link, {"name": "王老板", "drawing": ""}).status_code == 200
    signature = Signature.objects.get()
    assert (signature.part, signature.method, signature.taken_by) == ("customer", "link", cast.manager)
    assert CheckIn.unscoped.get().customer_signed_at == signature.signed_at
    assert phone.get(link).status_code == 410
    assert phone.post(link, {"name": "别人"}).status_code == 410
    assert Signature.objects.count() == 1


def test_a_drawing_may_come_with_the_link(cast, shop, as_user):
    made = visit_to(shop, cast.manager)
    link = issue(as_user(cast.manager), made)
    assert Client().post(link, {"name": "王老板", "drawing": picture()}).status_code == 200
    assert Signature.objects.get().drawing is not None


def test_only_the_digest_of_a_token_is_kept(cast, shop, as_user):
    """PLT-8: whoever reads the table cannot sign."""
    link = issue(as_user(cast.manager), visit_to(shop, cast.manager))
    token = link.strip("/").split("/")[-1]
    kept = SignLink.objects.get()
    assert token not in str(SignLink.objects.values().get())
    assert len(kept.token_digest) == 64
    assert len(token) >= 32


def test_a_link_ends_by_itself_by_a_new_one_and_by_another_content(cast, shop, as_user):
    """PLT-8: single use, expiring; what it showed is what is signed."""
    made = visit_to(shop, cast.manager)
    client, phone = as_user(cast.manager), Client()
    first = issue(client, made)
    second = issue(client, made)
    assert phone.get(first).status_code == 410
    assert phone.get(second).status_code == 200
    SignLink.objects.filter(used_at=None, withdrawn_at=None).update(expires_at=timezone.now())
    assert phone.get(second).status_code == 410
    third = issue(client, made)
    mend_visit(visit_id=made.pk, changes={"content": "换了"}, version=None, by=cast.manager, now=timezone.now())
    assert phone.get(third).status_code == 410
    assert phone.get("/sign/nobody-issued-this/").status_code == 404


def test_a_name_is_needed_by_link_too(cast, shop, as_user):
    link = issue(as_user(cast.manager), visit_to(shop, cast.manager))
    assert Client().post(link, {"name": "\u200b"}).status_code == 400
    assert not Signature.objects.exists()


# --- Counting


def test_unsigned_visits_are_counted_with_their_rows(cast, shop, as_user):
    """CON-24, F28: visits with the customer's signature of visits completed, only where the switch is on."""
    signed = visit_to(shop, cast.manager)
    visit_to(
        customer_of(cast, "level1", kind="channel"), cast.manager, occurred_at=timezone.now() - timedelta(minutes=3),
        ended_at=None,
    )  # fmt: skip
    visit_to(cast.customers["gold"], cast.manager, channel="phone")
    client = as_user(cast.manager)
    draw(client, signed)
    today = timezone.localdate()
    (rate,) = sign_rates(cast.manager.access.scope, first=today - timedelta(days=1), last=today)
    assert (rate.staff_id, rate.signed, rate.asked) == (cast.staff["manager"].pk, 1, 2)
    assert sign_rates(cast.teammate.access.scope, first=today - timedelta(days=1), last=today) == []
