"""The journal: line switches, check-in book, day logs, their review, special visits, signatures."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from crm.core.models import SignLink
from crm.core.signatures import content_of, digest_of, sign_drawn
from tests.guards.bodies import clock, day
from tests.guards.route_rows import (
    ALL,
    BOSSES,
    MANAGERS,
    READERS,
    SEES_A,
    SETTERS,
    TEAM,
    TEAM_OF_A,
    VISITORS,
    get,
    page,
    post,
    public,
)
from tests.visits.ledger_world import customer_of, visit
from tests.visits.pictures import picture
from visits.models import CheckIn, DayLog, SpecialVisit
from visits.rules.review import is_drawn

SIGNS = {"supervisor": 403}  # sees the visit, but did not hold it

ROUTES = [
    page("visits:line_switches", "", get(SETTERS), post(SETTERS)),
    page("visits:check_in_sign", "shop_visit", post(VISITORS, "manager", but=SIGNS)),
    page("visits:check_in_customer", "shop_visit", post(VISITORS, "manager", but=SIGNS)),
    page("visits:check_in_link", "shop_visit", post(VISITORS, "manager", 200, but=SIGNS)),
    page("visits:signature_image", "signed_visit", get(READERS, SEES_A)),
    page("visits:day_log_list", "", get(f"{MANAGERS} {TEAM}")),
    page("visits:day_log", "manager day", get(f"{MANAGERS} {TEAM}", f"manager {TEAM_OF_A}")),
    page("visits:close_day", "", post(MANAGERS)),
    page("visits:review_list", "", get(BOSSES)),
    page("visits:review_item", "log day_log", get(BOSSES, "supervisor"), post(BOSSES, "supervisor")),
    page("visits:review_rest", "", post(BOSSES, "supervisor")),
    page("visits:special_new", "customer", get(VISITORS, "manager supervisor"), post(VISITORS, "manager supervisor")),
    page("visits:special_list", "", get(READERS)),
    page("visits:special_detail", "special", get(READERS, SEES_A), post(READERS, SEES_A, 403, but={"manager": 302})),
    page("visits:print_special", "special", get(READERS, SEES_A)),
    page("visits:form_list", "", get(READERS)),
    page("visits:print_visits", "book", get(READERS)),
    page("visits:print_blank", "promotion", get(READERS)),
    page("visits:journal_figures", "", get(f"{MANAGERS} {TEAM}")),
    public("core:sign_link", "sign_token", get(ALL), post(ALL, status=200)),
]

BODIES = {
    "visits:line_switches": lambda w: {"effective_from": day(9), "monthly_report.vip": "on"},
    "visits:check_in_customer": lambda w: {"signer_name": "王老板", "drawing": picture()},
    "visits:close_day": lambda w: {"on": day(-2), "sentence": "收尾"},
    "visits:review_item": lambda w: {"decision": "returned", "remark": "请补充"},
    "visits:review_rest": lambda w: {"ids": [f"log-{w.pk('quiet_log')}"]},
    "visits:special_new": lambda w: {
        "trigger": "客户机房失火",
        "found_at": clock(9),
        "how": "later",
        "client_key": str(uuid4()),
    },
    "visits:special_detail": lambda w: {"facts": "已查看", "actions": "已安排", "follow_up": "", "version": "1"},
    "core:sign_link": lambda w: {"name": "王老板"},
}
# A tick is there or not; what it holds is not read.
FLAGS = {"monthly_report.vip"}
PROBES = {
    "visits:line_switches": ("unit={unit}",),
    "visits:day_log_list": ("staff={manager}", "state=waiting", "kept=1"),
    "visits:review_list": ("staff={manager}",),
    "visits:special_list": ("staff={manager}", "customer={customer}", "state=open", "state=late"),
    "visits:print_visits": ("staff={manager}", "customer={shop}", "from=2026-01-01"),
    "visits:print_blank": ("customer={customer}",),
}
LISTS = frozenset({"visits:day_log_list", "visits:review_list", "visits:special_list"})
EMPTY = {
    "visits:day_log_list": ("manager", ""),
    "visits:review_list": ("supervisor", ""),
    "visits:special_list": ("manager", ""),
}
NEVER_EMPTY = frozenset({"visits:form_list"})
NOTHING_FOUND = {
    "visits:day_log_list": ("manager", "?state=returned"),
    "visits:special_list": ("manager", "?state=late"),
}


def furnish(cast, rows, who) -> None:
    """On-site visits to a shop: one to sign, one signed, and one with a link that tells nobody a secret."""
    word, who = rows["word"], who["manager"]
    rows["shop"] = customer_of(cast, "level1", kind="channel", manager=who)
    rows["shop"].name = f"{word}小店"
    rows["shop"].save()
    rows["shop_visit"] = _on_site(cast, rows["shop"], who, word)
    rows["signed_visit"] = _on_site(cast, rows["shop"], who, word, days=5)
    sign_drawn(
        "visits_visit", rows["signed_visit"].pk, "customer", drawing=picture(), name=word, by=rows["manager_user"],
        now=timezone.now(),
    )  # fmt: skip
    rows["sign_token"] = _link(cast, who, rows["manager_user"])
    rows["day"] = (timezone.localdate() - timedelta(days=3)).isoformat()
    rows["day_log"] = DayLog.unscoped.create(
        staff=rows["manager"], on=rows["day"], sentence=word, closed_at=timezone.now(), closed_by=rows["manager_user"]
    )

    rows["special"] = SpecialVisit.unscoped.create(
        customer=rows["customer"], staff=rows["manager"], trigger=word, facts=word, actions=word, follow_up=word,
        found_at=timezone.now() - timedelta(hours=30), created_by=rows["manager_user"], created_at=timezone.now(),
    )  # fmt: skip
    rows["quiet_log"] = _quiet_log(rows)


def _quiet_log(rows):
    """A log of a free day that no sample draws: one of "the rest"."""
    day_off = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 1)
    for weeks in range(40):
        made = DayLog.unscoped.create(
            staff=rows["manager"], on=day_off - timedelta(weeks=weeks), closed_at=timezone.now(), review_state="waiting"
        )
        if not is_drawn("log", made.pk, 20) and made.on.isoformat() != rows["day"]:
            return made
    raise AssertionError("the sample draws everything")


def gather(world, rows, number) -> None:
    """So many more of them."""
    first = timezone.localdate() - timedelta(days=40)
    DayLog.unscoped.bulk_create(
        DayLog(staff=rows["manager"], on=first - timedelta(days=place), sentence="记", closed_at=timezone.now())
        for place in range(number)
    )
    SpecialVisit.unscoped.bulk_create(
        SpecialVisit(
            customer=rows["customer"], staff=rows["manager"], trigger=f"情况{place}", created_by=rows["manager_user"],
            found_at=timezone.now() - timedelta(hours=place), created_at=timezone.now(),
        )
        for place in range(number)
    )  # fmt: skip


def _on_site(cast, customer, who, text, days=3):
    today = timezone.localdate() - timedelta(days=days)
    made = visit(customer, today, cast=cast, by=who, channel="on_site", content=text, client_key=uuid4(), source="")
    CheckIn.unscoped.create(visit=made, arrived_at=made.occurred_at)
    return made


def _link(cast, who, user) -> str:
    """Whoever holds the link sees what it is for: here nothing that anybody must not see."""
    visited = _on_site(cast, customer_of(cast, "level1", kind="channel", manager=who), who, "常规走访", days=7)
    token = uuid4().hex
    SignLink.objects.create(
        token_digest=digest_of(token), subject_table="visits_visit", subject_id=visited.pk, part="customer",
        digest=digest_of(content_of("visits_visit", visited.pk).text), issued_by=user, issued_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=9),
    )  # fmt: skip
    return token
