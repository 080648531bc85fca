"""商品及服务质量信息反馈单: inspected, signed, approved, exchanged, signed again, closed (CMP-28…31, 37; PLT-8)."""

from base64 import b64decode

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from complaints.actions.quality import begin_feedback
from complaints.choices import QualityState
from complaints.models import CaseFile, QualityFeedback
from complaints.rules.quality import DEEDS, refuse
from crm.core import signatures
from crm.core.models import Notice, Signature
from tests.complaints.feedback_world import case_of, form_of
from tests.visits.pictures import picture as drawing

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, as_user):
    """The form of the teammate's channel customer, and deeds on it by name."""

    def do(who, name, *more, **values):
        url = reverse(f"complaints:quality_{name}", args=[cast.form.pk, *more])
        return as_user(getattr(cast, who)).post(url, values)

    cast.form = form_of(cast)
    cast.do = do
    return cast


def found(**changes):
    """What was found on the spot."""
    today = timezone.localdate().isoformat()
    return {
        "inspected_on": today, "product_name": "光猫", "batch": "B-77", "quantity": "3", "defect": "自动重启",
        "cause": "电源模块虚焊",
    } | changes  # fmt: skip


def sign(desk, part):
    return desk.do("teammate", "sign", part, signer_name="卖场店长", drawing=drawing())


def to_exchange(desk):
    """As far as the exchange that waits for the second signature."""
    desk.do("teammate", "inspect", **found())
    sign(desk, "customer")
    desk.do("teammate", "submit", returned_quantity="3")
    desk.do("market_manager", "decide", grant="yes")
    desk.do("teammate", "exchange", exchanged_on=timezone.localdate().isoformat(), exchanged_quantity="3")
    desk.form.refresh_from_db()
    return desk.form


def test_each_deed_is_possible_in_its_own_states_only():
    """CMP-28…31: 8 deeds × 9 states; the answer names the first thing that is missing."""
    assert {(deed, state): refuse(deed, state) == "" for deed in DEEDS for state in QualityState.values} == {
        (deed, state): state in DEEDS[deed].states for deed in DEEDS for state in QualityState.values
    }
    assert refuse("submit", "reported") == "not_inspected"
    assert refuse("submit", "inspected") == "not_signed"
    assert refuse("exchange", "submitted") == "not_approved"
    assert refuse("exchange", "rejected") == "not_inspected"
    assert refuse("close", "exchanged") == "not_confirmed"
    assert refuse("inspect", "approved") == "passed"


def test_nothing_is_submitted_without_inspection_date_and_cause(desk):
    """CMP-28: the form refuses, the action refuses, the database refuses."""
    assert desk.do("teammate", "submit", returned_quantity="0").status_code == 409
    for missing in ("inspected_on", "cause", "defect", "product_name"):
        assert desk.do("teammate", "inspect", **found(**{missing: ""})).status_code == 400
    assert desk.do("teammate", "inspect", **found(inspected_on="2099-01-01")).status_code == 400
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityFeedback.unscoped.update(submitted_at=timezone.now())


def test_photos_of_the_inspection_are_kept_with_the_case(desk, as_user):
    """CMP-28: photos; shown to who sees the case, to nobody else."""
    photo = ContentFile(b64decode(drawing().split(",")[1]), name="a.png")
    url = reverse("complaints:quality_inspect", args=[desk.form.pk])
    assert as_user(desk.teammate).post(url, found(photos=[photo])).status_code == 302
    kept = CaseFile.unscoped.get()
    address = reverse("complaints:quality_photo", args=[desk.form.pk, kept.pk])
    assert as_user(desk.supervisor).get(address).status_code == 200
    assert as_user(desk.stranger).get(address).status_code == 404


def test_nothing_is_submitted_without_the_customers_signature(desk):
    """CMP-29: unsigned it stays; signed it goes to the regional market manager with the goods."""
    desk.do("teammate", "inspect", **found())
    assert desk.do("teammate", "submit", returned_quantity="3").status_code == 409
    assert sign(desk, "customer").status_code == 302
    assert desk.do("teammate", "submit", returned_quantity="4").status_code == 400  # more than there were
    assert desk.do("teammate", "submit", returned_quantity="3").status_code == 302
    desk.form.refresh_from_db()
    assert (desk.form.state, desk.form.returned_quantity) == ("submitted", 3)
    assert Notice.objects.get(kind="quality_submitted").user == desk.market_manager


def test_nothing_is_exchanged_before_the_approval(desk):
    """CMP-30: approve or reject with a reason; only the regional market manager; the database refuses too."""
    today = timezone.localdate().isoformat()
    desk.do("teammate", "inspect", **found())
    sign(desk, "customer")
    desk.do("teammate", "submit", returned_quantity="3")
    assert desk.do("teammate", "exchange", exchanged_on=today, exchanged_quantity="3").status_code == 409
    assert desk.do("supervisor", "decide", grant="yes").status_code == 403
    assert desk.do("market_manager", "decide", grant="no").status_code == 400  # why?
    assert desk.do("market_manager", "decide", grant="no", note="请补批次照片").status_code == 302
    desk.form.refresh_from_db()
    assert desk.form.state == "rejected"
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityFeedback.unscoped.update(exchanged_on=today, decided_at=None)
    # Inspected anew, it is signed anew: what was signed before no longer holds.
    assert desk.do("teammate", "inspect", **found(batch="B-78")).status_code == 302
    assert not Signature.objects.filter(voided_at=None).exists()


def test_closing_needs_the_second_signature(desk, as_user):
    """CMP-31: 客户确认; with the first signature alone it is refused; then the regional market manager closes."""
    form = to_exchange(desk)
    assert form.state == "exchanged"
    assert desk.do("market_manager", "close").status_code == 409
    assert sign(desk, "confirmation").status_code == 302
    assert Notice.objects.filter(kind="quality_confirmed", user=desk.market_manager).exists()
    assert desk.do("teammate", "close").status_code == 403
    assert desk.do("market_manager", "close").status_code == 302
    form.refresh_from_db()
    assert (form.state, form.closed_by) == ("closed", desk.market_manager)
    page = as_user(desk.teammate).get(reverse("complaints:quality_detail", args=[form.pk])).content.decode()
    assert page.count("shield-check") == 2
    printed = as_user(desk.teammate).get(reverse("complaints:quality_print", args=[form.pk])).content.decode()
    assert "商品及服务质量信息反馈单" in printed
    assert printed.count("卖场店长") == 2
    assert "电源模块虚焊" in printed


def test_recording_the_exchange_leaves_the_first_signature_good_and_tampering_shows(desk):
    """PLT-8: each signature stands under its own content."""
    form = to_exchange(desk)
    (first,) = signatures.signatures_of("complaints_qualityfeedback", form.pk)
    assert first.is_good
    QualityFeedback.unscoped.update(cause="客户操作")
    (first,) = signatures.signatures_of("complaints_qualityfeedback", form.pk)
    assert not first.is_good


def test_the_customer_signs_on_his_own_phone_by_a_link(desk, client):
    """CMP-29, PLT-8: the link works once and moves the form on."""
    desk.do("teammate", "inspect", **found())
    page = desk.do("teammate", "link", "customer").content.decode()
    token = page.split("/sign/")[1].split("/")[0].split('"')[0]
    address = reverse("core:sign_link", args=[token])
    assert "电源模块虚焊" in client.get(address).content.decode()
    client.post(address, {"name": "卖场店长"})
    desk.form.refresh_from_db()
    assert desk.form.state == "signed"
    assert desk.do("teammate", "link", "customer").status_code == 409


def test_two_tabs_do_not_overwrite_each_other(desk):
    """The second save of the same version is refused (409)."""
    assert desk.do("teammate", "inspect", **found(version="1")).status_code == 302
    assert desk.do("handler", "inspect", **found(version="1")).status_code == 409


def test_a_case_has_one_form(cast, as_user):
    """CMP-28: opened twice it is the same; strangers find no case, readers may not open one."""
    case = case_of(cast)
    url = reverse("complaints:quality_open", args=[case.pk])
    assert as_user(cast.teammate).post(url).status_code == 302
    assert as_user(cast.handler).post(url).status_code == 302
    assert as_user(cast.market_manager).post(url).status_code == 403
    assert as_user(cast.stranger).post(url).status_code == 404
    assert begin_feedback(case) == QualityFeedback.unscoped.get()
