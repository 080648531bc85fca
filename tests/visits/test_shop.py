"""Channel visits: checklist, stock, prices; a price under the minimum lowers the tier (CON-19…25, 39, SAL-33)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Product, ProductPrice, TierHistory
from crm.core.models import Notice
from tests.visits.test_photos import picture as photo
from tests.workbench.test_log_sheet import toast
from tests.workbench.world import HTMX, sheet_values
from visits.models import LineSwitch, PriceRow, PriceViolation, ShopCheck, StockRow, Visit, VisitPhoto
from visits.queries import switches
from visits.rules.shop import below_minimum, may_be_promoted, rank_below, unanswered

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast):
    """Everything is on for the channel line; one product with a minimum of 20 yuan."""
    for feature in ("checklist", "stock", "price", "display"):
        LineSwitch.objects.get_or_create(
            feature=feature, line="channel", unit=None, effective_from=date(2020, 1, 1), defaults={"is_on": True}
        )
    switches.forget()
    cast.product = Product.objects.create(code="P1", name="样品")
    ProductPrice.objects.create(
        product=cast.product, minimum=20, effective_from=date(2020, 1, 1), set_by=cast.director, set_at=timezone.now()
    )
    return cast


def checks(world, **changes):
    """A complete checklist, as the sheet sends it."""
    pk = world.product.pk
    values = {
        "shop-sales_note": "走货正常", "shop-reminded_of_law": "yes", "shop-irregular_nearby": "no",
        "shop-display_improved": "no", f"shop-stock_{pk}": "12", f"shop-order_{pk}": "30", f"shop-price_{pk}": "21.50",
    }  # fmt: skip
    on_site = {"channel": "on_site", "content": "看了柜台,谈了补货"}
    return sheet_values(world.customers["channel"], **on_site, **(values | changes))


def post(world, as_user, **changes):
    return as_user(world.teammate).post("/log/", checks(world, **changes), headers=HTMX)


def test_a_channel_visit_keeps_stock_prices_and_checklist(world, as_user):
    """CON-19, 20, 21, CON-30, SAL-43: stock, suggestion, display with a photo, law, badge, guidance; all are shown."""
    page = as_user(world.teammate).get(f"/log/?customer={world.customers['channel'].pk}").content.decode()
    assert 'name="shop-badge_worn"' in page and 'name="shop-tags_replaced"' in page
    told = {"shop-guidance_kind": "display", "shop-guidance": "新品放中间", "shop-tags_replaced": "3"}
    answer = post(world, as_user, **told, **{"shop-badge_worn": "on", "photo-pictures": [photo()]})
    assert answer.status_code == 204
    visit = Visit.unscoped.get()
    found = visit.shop_check
    assert (found.sales_note, found.reminded_of_law, found.display_improved) == ("走货正常", True, False)
    assert (found.tags_replaced, found.badge_worn, found.guidance_kind) == (3, True, "display")
    assert VisitPhoto.unscoped.filter(visit=visit).count() == 1
    assert list(StockRow.unscoped.values_list("quantity", "suggested")) == [(12, 30)]
    assert list(PriceRow.unscoped.values_list("price", "minimum")) == [(Decimal("21.50"), Decimal("20.00"))]
    assert not PriceViolation.unscoped.exists()
    page = as_user(world.teammate).get(reverse("visits:visit_detail", args=[visit.pk])).content.decode()
    assert "走货正常" in page and "新品放中间" in page  # SAL-43
    copy = as_user(world.teammate).get(reverse("visits:shop_print", args=[visit.pk])).content.decode()
    assert "样品" in copy and "30" in copy and ">库存及建议订货单</h1>" in copy


@pytest.mark.parametrize("item", ["sales_note", "reminded_of_law", "irregular_nearby", "display_improved"])
def test_a_missing_item_is_a_listed_error(world, as_user, item):
    """CON-25: completion requires all mandatory items; what was typed comes back."""
    answer = post(world, as_user, **{f"shop-{item}": ""})
    assert answer.status_code == 400 and "30" in answer.content.decode()
    assert f"field-shop-{item}" in answer.content.decode() or "field-error" in answer.content.decode()
    assert not Visit.unscoped.exists()


@pytest.mark.parametrize("column", ["stock", "price"])
def test_at_least_one_product_is_checked(world, as_user, column):
    """CON-19, CON-22."""
    assert post(world, as_user, **{f"shop-{column}_{world.product.pk}": ""}).status_code == 400
    assert not Visit.unscoped.exists()


def test_a_call_and_other_lines_are_not_asked(world, as_user):
    """Per line switches: off for VIP and group; a call stays two taps."""
    client = as_user(world.teammate)
    call = sheet_values(world.customers["channel"])
    assert client.post("/log/", call, headers=HTMX).status_code == 204
    group = sheet_values(world.customers["teammates"], channel="on_site", content="谈了专线续约")
    assert client.post("/log/", group, headers=HTMX).status_code == 204
    assert not ShopCheck.unscoped.exists()
    page = client.get(f"/log/?customer={world.customers['teammates'].pk}").content.decode()
    assert "shop-sales_note" not in page


def test_an_irregular_business_without_a_report_is_refused(world, as_user):
    """CON-39: "yes" without a report refused; with one the supervisor hears of it."""
    assert post(world, as_user, **{"shop-irregular_nearby": "yes"}).status_code == 400
    report = {"shop-irregular_nearby": "yes", "shop-irregular_report": "东街 8 号无证"}
    assert post(world, as_user, **report).status_code == 204
    assert Notice.objects.get(kind="irregular_nearby").user == world.supervisor


def test_a_price_under_the_minimum_drafts_a_report(world, as_user):
    """CON-22: price below minimum on one row creates a draft violation report; undo takes it back."""
    answer = post(world, as_user, **{f"shop-price_{world.product.pk}": "18"})
    row = PriceViolation.unscoped.get()
    assert (row.state, row.customer) == ("draft", world.customers["channel"])
    as_user(world.teammate).post(toast(answer)["undo"])
    assert not PriceViolation.unscoped.exists() and not StockRow.unscoped.exists()


def test_the_market_manager_approves_and_the_tier_drops_by_one(world, as_user):
    """SAL-33: level 3 → approved → level 4, with history; can no longer be nominated."""
    post(world, as_user, **{f"shop-price_{world.product.pk}": "18"})
    row, customer = PriceViolation.unscoped.get(), world.customers["channel"]
    client, page = as_user(world.teammate), reverse("visits:violation_detail", args=[row.pk])
    assert client.post(page, {"note": "第二次"}).status_code == 302
    assert client.post(reverse("visits:violation_decide", args=[row.pk]), {"grant": "yes"}).status_code == 403
    assert Notice.objects.filter(user=world.market_manager, kind="price_reported").count() == 1
    client = as_user(world.market_manager)
    assert client.post(reverse("visits:violation_decide", args=[row.pk]), {"grant": "yes"}).status_code == 302
    customer.refresh_from_db()
    assert customer.tier.code == "level4"
    assert TierHistory.unscoped.filter(customer=customer, tier__code="level4").exists()
    row.refresh_from_db()
    assert (row.state, row.from_tier.code, row.to_tier.code) == ("approved", "level3", "level4")
    assert Notice.objects.filter(user=world.teammate, kind="price_decided").exists()
    assert not client.get(page).context["is_promoted"]


def test_a_refusal_says_why_and_changes_nothing(world, as_user):
    post(world, as_user, **{f"shop-price_{world.product.pk}": "18"})
    PriceViolation.unscoped.update(state="reported", reported_at=timezone.now())
    row, client = PriceViolation.unscoped.get(), as_user(world.market_manager)
    address = reverse("visits:violation_decide", args=[row.pk])
    assert client.post(address, {"grant": "no"}).status_code == 400
    assert client.post(address, {"grant": "no", "remark": "标签旧"}).status_code == 302
    world.customers["channel"].refresh_from_db()
    assert world.customers["channel"].tier.code == "level3"
    assert client.post(address, {"grant": "yes"}).status_code == 409


def test_a_price_holds_from_a_day_on(world, as_user):
    """Rules are data: a visit keeps the minimum of its own day; the past does not change."""
    client, address = as_user(world.director), reverse("accounts:product_edit", args=[world.product.pk])
    values = {"code": "P1", "name": "样品", "minimum": "30", "is_active": "on"}
    yesterday, tomorrow = (str(timezone.localdate() + timedelta(days=days)) for days in (-1, 1))
    assert client.post(address, values | {"effective_from": yesterday}).status_code == 400
    assert client.post(address, values | {"effective_from": tomorrow}).status_code == 302
    assert post(world, as_user).status_code == 204
    assert not PriceViolation.unscoped.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"code": "P1"}, "code"), ({"minimum": "0"}, "minimum"), ({"minimum": "abc"}, "minimum"), ({"name": " "}, "name")],
)
def test_a_product_that_cannot_be_names_the_field(world, as_user, changes, field):
    values = {"code": "P2", "name": "二号", "minimum": "5", "is_active": "on"} | changes
    answer = as_user(world.director).post(reverse("accounts:product_new"), values)
    assert answer.status_code == 400 and field in answer.context["form"].errors


def test_the_rules_of_prices_and_ranks():
    """SAL-33, CON-22, CON-25."""
    assert below_minimum({1: Decimal(9), 2: Decimal(9)}, {1: Decimal(10), 2: None}) == [1]
    assert (rank_below(3, [1, 2, 3, 4, 6]), rank_below(6, [1, 6]), rank_below(None, [1])) == (4, None, None)
    assert (may_be_promoted(3), may_be_promoted(4), may_be_promoted(None)) == (True, False, False)
    assert unanswered(["a", "b", "c"], {"a": False, "b": "", "c": None}) == ["b", "c"]


# --- A special visit carries the checklist too


def special(world, as_user, **changes):
    """A special situation of the shop, told together with the on-site visit it led to."""
    now = timezone.localtime().replace(microsecond=0, tzinfo=None)
    values = {name: value for name, value in checks(world).items() if name.startswith("shop-")}
    body = {
        "trigger": "柜台被水泡", "found_at": (now - timedelta(hours=2)).isoformat(), "how": "on_site",
        "visited_at": (now - timedelta(hours=1)).isoformat(), "facts": "两箱货湿了", "actions": "已换货", **values,
        "client_key": "6f1c9c1e-6c5c-4f43-9d2b-3d1f6c1b7a11",
    } | changes  # fmt: skip
    return as_user(world.teammate).post(reverse("visits:special_new", args=[world.customers["channel"].pk]), body)


def test_a_special_visit_on_site_carries_the_checklist(world, as_user):
    """PLAN-8, CON-25: the form of the special visit asks what the line asks, so that it is no dead end."""
    page = as_user(world.teammate).get(reverse("visits:special_new", args=[world.customers["channel"].pk]))
    assert "shop-sales_note" in page.content.decode()
    for _twice in range(2):
        assert special(world, as_user).status_code == 302
    visit = Visit.unscoped.get()
    assert (visit.kind, visit.channel.code, visit.shop_check.sales_note) == ("special", "on_site", "走货正常")
    assert StockRow.unscoped.filter(visit=visit).exists() and visit.special.get().trigger == "柜台被水泡"


def test_what_is_missing_on_a_special_visit_is_named_and_nothing_typed_is_lost(world, as_user):
    """CON-25: the missing item stands beside its field with everything else that was typed."""
    answer = special(world, as_user, **{"shop-sales_note": "", "follow_up": "明早复查"})
    page = answer.content.decode()
    assert answer.status_code == 400 and not Visit.unscoped.exists()
    (part,) = [item for item in answer.context["parts"] if item.part.code == "shop"]
    assert list(part.form.errors) == ["sales_note"]
    assert all(word in page for word in ("柜台被水泡", "两箱货湿了", "已换货", "明早复查", 'value="21.50"'))
    answer = special(world, as_user, **{"shop-irregular_nearby": "yes"})
    assert answer.status_code == 400 and "两箱货湿了" in answer.content.decode()


def test_a_special_visit_by_phone_or_still_to_come_is_asked_nothing(world, as_user):
    """Per line switches: what is on site only stays on site only, whatever is typed there."""
    half = {"shop-sales_note": "", "shop-irregular_nearby": "yes"}
    assert special(world, as_user, how="later", trigger="断电", **half).status_code == 302
    assert special(world, as_user, how="phone", **half).status_code == 302
    assert Visit.unscoped.get().channel.code == "phone" and not ShopCheck.unscoped.exists()
