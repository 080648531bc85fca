"""The entries of the movement feed in words: icon, look, sentence and where it leads (RET-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.choices import AlertLevel, CustomerState, LifecycleKind, SignalKind
from complaints.choices import CaseState
from crm.core.ui import mark, tier_badge
from sales.money_choices import DunningState
from visits.choices import VoiceTopic
from workbench.queries.addresses import address
from workbench.queries.movements import Moved

GONE = ("churned", "exited")


@dataclass(frozen=True, slots=True)
class Words:
    """How one kind of entry reads."""

    icon: str
    look: str
    title: str
    text: str = ""
    url: str = ""
    mark: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, ready to show."""

    row: Moved
    words: Words
    tier: SafeString
    customer_url: str
    has_clock: bool


def entry(row: Moved) -> Entry:
    """The row with its words."""
    tier = row.tier
    return Entry(
        row,
        _WORDS[row.kind](row),
        tier_badge(tier.code, tier.label()) if tier else SafeString(""),
        reverse("workbench:customer", args=[row.customer_id]),
        row.kind not in ("usage", "arrears", "line"),
    )


def _signal(row: Moved) -> Words:
    many = f" ({row.facts['text']})" if row.facts["quantity"] and row.facts["text"] else ""
    text = "" if many else row.facts["text"]
    url = f"{reverse('workbench:customer', args=[row.customer_id])}?tab=lines"
    return Words("bell-ringing", "late", f"{SignalKind(row.facts['kind']).label}{many}", text, url)


def _alert(row: Moved) -> Words:
    level = AlertLevel(row.facts["level"])
    look = {"red": "late", "orange": "soon", "yellow": "soon"}[level.value]
    words = _("still open") if row.facts["is_open"] else _("closed")
    return Words(
        "alert-octagon",
        look if row.facts["is_open"] else "",
        _("Churn warning: %(level)s") % {"level": level.label},
        _("%(points)d points") % {"points": row.facts["points"]} if row.facts["points"] > 0 else "",
        address("retention:alert_detail", row.id),
        mark(words, look if row.facts["is_open"] else "quiet"),
    )


def _complaint(row: Moved) -> Words:
    state = mark(str(CaseState(row.facts["state"]).label), "late" if row.facts["is_late"] else "")
    url = reverse("complaints:case_detail", args=[row.id])
    return Words("message-exclamation", "soon", _("Complaint %(number)s") % row.facts, row.facts["text"], url, state)


def _usage(row: Moved) -> Words:
    share = Decimal(str(row.facts["share"])) * 100
    month = date.fromisoformat(row.facts["month"])
    falls = share < 0
    values = {"month": f"{month:%Y-%m}", "share": f"{abs(share):.0f}"}
    title = _("Use fell by %(share)s %% in %(month)s") if falls else _("Use rose by %(share)s %% in %(month)s")
    amounts = f"¥{Decimal(str(row.facts['before'])):,.0f} → ¥{Decimal(str(row.facts['now'])):,.0f}"
    url = f"{reverse('workbench:customer', args=[row.customer_id])}?tab=usage"
    return Words("trending-down" if falls else "trending-up", "late" if falls else "met", title % values, amounts, url)


def _arrears(row: Moved) -> Words:
    month = date.fromisoformat(row.facts["month"])
    title = _("The bill of %(month)s is overdue") % {"month": f"{month:%Y-%m}"}
    amount = Decimal(str(row.facts["amount"]))
    state = DunningState(row.facts["state"])
    look = "met" if state == DunningState.PAID else "soon"
    url = f"{reverse('workbench:customer', args=[row.customer_id])}?tab=money"
    text = f"¥{amount:,.2f}" if amount > 0 else ""
    return Words("receipt-off", "" if look == "met" else "soon", title, text, url, mark(str(state.label), look))


def _key(row: Moved) -> Words:
    topic = row.facts["topic"]
    label = str(VoiceTopic(topic).label) if topic in VoiceTopic.values else _("Key change")
    return Words("building-community", "info", _("Key change: %(what)s") % {"what": label}, row.facts["text"])


def _state(row: Moved) -> Words:
    before, after = (CustomerState(row.facts[name]) if row.facts[name] else None for name in ("before", "after"))
    look = "late" if after in GONE else "soon" if after == CustomerState.SUSPENDED else "met"
    return Words(
        "switch-horizontal",
        look,
        _("State: %(before)s → %(after)s")
        % {"before": before.label if before else "–", "after": after.label if after else "–"},
    )


def _line(row: Moved) -> Words:
    label = str(LifecycleKind(row.facts["kind"]).label)
    is_reversal = row.facts["is_reversal"]
    title = _("Reversed: %(what)s") % {"what": label} if is_reversal else _("Line: %(what)s") % {"what": label}
    url = f"{reverse('workbench:customer', args=[row.customer_id])}?tab=lines"
    look = "" if is_reversal or row.facts["kind"] == "resumed" else "soon"
    went = row.facts["en" if (get_language() or "").startswith("en") else "zh"] or row.facts["text"]
    return Words("device-sim", look, title, went, url)


_WORDS: dict[str, Callable[[Moved], Words]] = {
    "signal": _signal,
    "alert": _alert,
    "complaint": _complaint,
    "usage": _usage,
    "arrears": _arrears,
    "key": _key,
    "state": _state,
    "line": _line,
}
"""Icons: ti-bell-ringing ti-alert-octagon ti-message-exclamation ti-trending-down ti-trending-up ti-receipt-off
ti-building-community ti-switch-horizontal ti-device-sim"""


def grouped(entries: list[Entry], day_of: Callable[[Moved], date]) -> list[dict[str, Any]]:
    """The entries day by day, the order kept."""
    days: list[dict[str, Any]] = []
    for one in entries:
        day = day_of(one.row)
        if not days or days[-1]["day"] != day:
            days.append({"day": day, "entries": []})
        days[-1]["entries"].append(one)
    return days
