"""Usage of customers: the tab with products and months, changes of a portfolio, surveys, suggestions, members."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import GroupMember, Product
from accounts.rules import add_months
from sales.models import MemberUse, Subscription, SurveyNote, UsageAdvice, UsageMonth
from sales.usage_rules import change, per_cent

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def month():
    """The last month that has ended."""
    return add_months(timezone.localdate().replace(day=1), -1)


@pytest.fixture
def manager(cast, as_user):
    return as_user(cast.manager)


def use(customer, month, revenue=None, product=None, **more):
    product = Product.objects.get(code=product) if product else None
    return UsageMonth.unscoped.create(
        customer=customer, product=product, month=month, revenue=revenue, source="boss", updated_at=timezone.now(),
        **more,
    )  # fmt: skip


def subscribe(customer, code, **more):
    about = {"started_on": "2026-01-05", "source": "boss", "external_id": f"S{Subscription.unscoped.count()}"}
    return Subscription.unscoped.create(
        customer=customer, product=Product.objects.get(code=code), updated_at=timezone.now(), **about | more
    )


def text_of(answer):
    return answer.content.decode()


def test_the_customers_tab_lists_each_product_with_six_months(manager, cast, month):
    """CUS-18: products with the last six months and what tracking surveys found; a fragment for the tab."""
    gold = cast.customers["gold"]
    held = subscribe(gold, "GRBT")
    for back in range(6):
        use(gold, add_months(month, -back), product="GRBT", volume=100 + back)
        use(gold, add_months(month, -back), revenue=60 + back)
    url = f"/customers/{gold.pk}/usage/"
    saved = manager.post(f"/subscriptions/{held.pk}/survey/", {"text": "铃音想换", "satisfaction": "4",
                                                             "on": timezone.localdate()})  # fmt: skip
    assert saved.status_code == 302 and SurveyNote.unscoped.get().satisfaction == 4
    page = text_of(manager.get(url, headers=ENGLISH))
    assert all(f"<td>{100 + back}</td>" in page for back in range(6)) and "铃音想换" in page and "4 of 5" in page
    part = manager.get(url, headers=ENGLISH | {"hx-request": "true"})
    assert "<html" not in text_of(part) and "Group ring-back tone" in text_of(part)
    assert url in text_of(manager.get(f"/customers/{gold.pk}/?tab=usage"))
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert manager.post(f"/subscriptions/{held.pk}/survey/", {"text": "x", "on": tomorrow}).status_code == 400


def test_a_parent_child_plan_with_four_numbers_is_refused_by_the_form(manager, cast):
    """SAL-2: the same rule as the API; three numbers and the guardian's consent are taken."""
    gold = cast.customers["gold"]
    url = f"/customers/{gold.pk}/subscriptions/new/"
    assert "product=PARENT" in text_of(manager.get(url))
    url += "?product=PARENT"
    numbers = ["13800000001", "13800000002", "13800000003", "13800000004"]
    sheet = {"started_on": "2026-01-05", "quantity": "1", "attribute_callable_numbers": " ".join(numbers),
             "consent_note": "家长书面同意"}  # fmt: skip
    refused = manager.post(url, sheet, headers=ENGLISH)
    assert refused.status_code == 400 and "At most 3 numbers." in text_of(refused)
    assert not Subscription.unscoped.exists()
    assert manager.post(url, sheet | {"consent_note": ""}).status_code == 400
    assert manager.post(url, sheet | {"attribute_callable_numbers": "，".join(numbers[:3])}).status_code == 302
    row = Subscription.unscoped.get()
    assert row.attributes == {"callable_numbers": numbers[:3], "locatable": False} and row.source == "manual"
    edit = f"/subscriptions/{row.pk}/"
    assert numbers[2] in text_of(manager.get(edit))
    sheet |= {"attribute_callable_numbers": numbers[0], "ended_on": "2026-02-01"}
    assert manager.post(edit, sheet).status_code == 302
    row.refresh_from_db()
    assert (row.ended_on, row.attributes["callable_numbers"]) == (date(2026, 2, 1), numbers[:1])
    of_billing = subscribe(gold, "GRBT")
    assert manager.get(f"/subscriptions/{of_billing.pk}/").status_code == 404


def test_the_change_of_a_known_customer_is_exact(manager, cast, month):
    """CUS-19: 80 → 48 is −40.0 % to the month before and −52.0 % to last year, by product and as a whole."""
    assert per_cent(change(Decimal(80), Decimal(48))) == Decimal("-40.0")
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    for product, factor in ((None, 1), ("GRBT", 2)):
        for at, revenue in ((month, 48), (add_months(month, -1), 80), (add_months(month, -12), 100)):
            use(gold, at, revenue=revenue * factor, product=product)
        use(silver, month, revenue=100, product=product)
        use(silver, add_months(month, -1), revenue=100, product=product)
    page = text_of(manager.get("/sales/usage/", headers=ENGLISH))
    assert "−40.0 %" in page and "−52.0 %" in page
    assert "−17.8 %" in page, "148 of 180: the sum of all customers by product"
    assert gold.name in page and silver.name not in page
    by_product = text_of(manager.get("/sales/usage/?product=GRBT&all=1", headers=ENGLISH))
    assert gold.name in by_product and "96" in by_product
    assert gold.name not in text_of(manager.get("/sales/usage/?rising=1"))
    for bad in ("figure=x", "product=NONE", "colour=red", "month=2999-01", "cursor=x"):
        assert manager.get(f"/sales/usage/?{bad}").status_code == 400, bad


def test_a_fall_of_forty_percent_is_a_warning_with_a_suggestion_report(manager, cast, month):
    """CUS-17: a row at once, a month nobody told of is none; the report stands beside its month."""
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    use(gold, add_months(month, -1), revenue=100)
    use(gold, month, revenue=60)
    use(silver, add_months(month, -1), revenue=100)
    page = text_of(manager.get("/sales/usage/", headers=ENGLISH))
    assert gold.name in page and "Suggest" in page and silver.name not in page
    url = f"/customers/{gold.pk}/usage/advice/?month={month:%Y-%m}"
    assert manager.post(url, {"text": ""}).status_code == 400
    assert manager.post(url, {"text": "套餐降档，建议改签合约"}).status_code == 302
    row = UsageAdvice.unscoped.get()
    assert (row.customer, row.month, row.product) == (gold, month, None)
    assert f"#advice-{row.pk}" in text_of(manager.get("/sales/usage/"))
    assert "建议改签合约" in text_of(manager.get(f"/customers/{gold.pk}/usage/"))


def test_a_silent_feed_is_said_not_scored(manager, cast, month):
    """CUS-17: billing that told nothing of last month is shown as of the month it told."""
    use(cast.customers["gold"], add_months(month, -2), revenue=100)
    page = text_of(manager.get("/sales/usage/", headers=ENGLISH))
    assert f"Billing data as of {add_months(month, -2):%Y-%m}" in page


def test_members_count_as_active_from_three_messages_on(manager, cast, month):
    """SAL-6: the page of a group says who reached the rule; without a number nobody is judged."""
    gold = cast.customers["gold"]
    product = Product.objects.get(code="SHORTSMS")
    for number, uses in (("13800000001", 2), ("13800000002", 3), ("13800000003", None)):
        member = GroupMember.unscoped.create(customer=gold, msisdn=number)
        if uses is not None:
            MemberUse.unscoped.create(member=member, product=product, month=month, uses=uses,
                                      updated_at=timezone.now())  # fmt: skip
    use(gold, month, product="SHORTSMS")
    page = text_of(manager.get(f"/customers/{gold.pk}/usage/members/?product=SHORTSMS", headers=ENGLISH))
    assert all(page.count(word) == 1 for word in ("Active member<", "Not active<", "Nobody told<"))
    assert "1 active member" in text_of(manager.get(f"/customers/{gold.pk}/usage/", headers=ENGLISH))


def test_usage_of_others_is_not_there(cast, as_user, month):
    """SEC-3: a manager sees the usage of his own customers only, and only who may edit writes."""
    gold = cast.customers["gold"]
    held = subscribe(gold, "GRBT")
    use(gold, month, revenue=10)
    use(gold, add_months(month, -1), revenue=100)
    addresses = (f"/customers/{gold.pk}/usage/", f"/customers/{gold.pk}/usage/members/",
                 f"/customers/{gold.pk}/usage/advice/", f"/customers/{gold.pk}/subscriptions/new/",
                 f"/subscriptions/{held.pk}/survey/")  # fmt: skip
    stranger = as_user(cast.stranger)
    assert {stranger.get(url).status_code for url in addresses} == {404}
    assert gold.name not in text_of(stranger.get("/sales/usage/"))
    supervisor = as_user(cast.supervisor)
    assert [supervisor.get(url).status_code for url in addresses] == [200, 200, 403, 403, 403]


def test_a_month_nobody_tells_is_typed_in_and_corrected_by_hand(manager, cast, month):
    """SAL-35: by customer, month and product; what a system told stays the system's; no figure at all is refused."""
    gold = cast.customers["gold"]
    url, about = f"/customers/{gold.pk}/usage/new/", {"month": f"{month:%Y-%m}", "product": "GRBT"}
    for revenue in ("12.50", "13"):
        assert manager.post(url, about | {"revenue": revenue}).status_code == 302
    kept = UsageMonth.unscoped.get()
    assert (kept.month, kept.revenue, kept.source, kept.volume) == (month, 13, "manual", None)
    assert manager.post(url, about).status_code == 400
    use(gold, month, revenue=99)
    refused = manager.post(url, {"month": f"{month:%Y-%m}", "revenue": "1"}, headers=ENGLISH)
    assert refused.status_code == 400 and "boss has told the figures" in text_of(refused)
    assert UsageMonth.unscoped.get(product=None).revenue == 99


def test_a_suggestion_report_may_come_with_its_file(manager, cast, month, as_user):
    """CUS-17: the file stands beside the report, for those who see the customer only."""
    gold = cast.customers["gold"]
    file = SimpleUploadedFile("report.csv", b"a,b\n1,2\n", "text/csv")
    url = f"/customers/{gold.pk}/usage/advice/?month={month:%Y-%m}"
    assert manager.post(url, {"text": "改签合约", "file": file}).status_code == 302
    row = UsageAdvice.unscoped.get()
    door = f"/customers/{gold.pk}/usage/advice/{row.pk}/file/"
    assert door in text_of(manager.get(f"/customers/{gold.pk}/usage/"))
    assert b"".join(manager.get(door).streaming_content) == b"a,b\n1,2\n"
    assert as_user(cast.stranger).get(door).status_code == 404
