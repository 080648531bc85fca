"""What the analysis of complaints is given: every number with the address of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries import names
from accounts.queries.names import units_in
from complaints.filters import NONE, SEES, bucket_words, is_english, midnight
from complaints.queries import analysis as queries
from complaints.queries.figures import complaint_figures, response_figures, solution_figures
from complaints.rules.board import BUCKETS, VITAL_SHARE, cumulated, vital_few
from complaints.rules.figures import per_cent
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value
from crm.core.measures import Time
from visits.filters import read_id
from visits.page_context import Month, month_of

MOST_BARS = 10
WIDTH, HEIGHT, TOP = 720, 220, 14


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the Pareto chart with its line of the table."""

    label: str
    short: str
    count: int
    share: int
    justified: int
    url: str
    justified_url: str
    is_vital: bool
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    line_x: float = 0
    line_y: float = 0

    @property
    def foot(self) -> float:
        """Where the label stands."""
        return self.line_x


@dataclass(frozen=True, slots=True)
class Pareto:
    """A chart and its table; `points` is the line of the shares, `limit_y` the line of 80 %."""

    bars: Sequence[Bar]
    points: str
    limit_y: float
    vital: int
    width: int = WIDTH
    height: int = HEIGHT


class Addresses:
    """Addresses of rows on the board: those of the month and unit that the page is about."""

    def __init__(self, month: str, unit_id: int | None) -> None:
        self.base = reverse("complaints:case_list")
        self.month = month
        self.unit = {"unit": unit_id} if unit_id is not None else {}

    def now(self, **more: Any) -> str:
        """Whatever is open today."""
        return f"{self.base}?{urlencode({'view': 'list'} | self.unit | more)}"

    def any(self, **more: Any) -> str:
        """Cases of any state, by what is asked for."""
        return self.now(state="all", **more)

    def received(self, **more: Any) -> str:
        """Received in the month."""
        return self.any(month=self.month, **more)

    def complaints(self, **more: Any) -> str:
        """Complaints received in the month."""
        return self.received(kind="complaint", **more)


def analysis_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The whole page: one month, everything in sight or one unit of it."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope, today = access.scope_for(SEES), timezone.localdate(now)
    given = dict(given_of(request.GET, ("month", "unit")))
    month = month_of(given.get("month", ""), today)
    unit_id = read_id(given["unit"], "unit") if "unit" in given else None
    if unit_id is not None and not names.unit_name(unit_id):
        raise unknown_value("unit")
    unit_ids = names.subtree(unit_id) if unit_id is not None else None
    asked = queries.Asked(scope, midnight(month.first), midnight(month.last + timedelta(days=1)), now, unit_ids)
    to = Addresses(f"{month.first:%Y-%m}", unit_id)
    cuts = queries.cuts(asked)
    return {
        "month": month, "unit_id": unit_id, "unit": names.unit_name(unit_id), "given": given,
        "units": units_in(scope),
        "total": cuts.total, "caused_share": per_cent(cuts.total.caused, cuts.total.count),
        "total_url": to.complaints(), "caused_url": to.complaints(caused=1),
        "justified_url": to.complaints(judged="justified"), "limit": VITAL_SHARE,
        "paretos": _paretos(cuts, to), "products": _products(cuts.products, to),
        "speed": _speed(asked, to), "loads": _loads(asked, to), "departments": _departments(asked, to),
        **_repeats(asked, to, month), **_figures(asked, to, month, today),
    }  # fmt: skip


def _paretos(cuts: queries.Cuts, to: Addresses) -> list[tuple[str, str, Pareto]]:
    labels = queries.category_labels(english=is_english())

    def category(key: Any) -> tuple[str, Any]:
        code, label = labels.get(key, (NONE, _("Without category")))
        return label, code

    def cause(key: Any) -> tuple[str, Any]:
        return (key, key) if key else (_("not set"), NONE)

    return [
        (
            "category",
            _("By kind of complaint"),
            _pareto(cuts.categories, category, lambda key: to.complaints(category=key)),
        ),
        ("cause", _("By root cause"), _pareto(cuts.causes, cause, lambda key: to.complaints(cause=key))),
    ]


def _pareto(cuts: Sequence[queries.Cut], named: Callable[[Any], tuple[str, Any]], url: Callable[[Any], str]) -> Pareto:
    """The largest first; what is beyond ten columns stands in the table only."""
    counts = [cut.count for cut in cuts]
    shares, vital = cumulated(counts), vital_few(counts)
    step = WIDTH / max(min(len(cuts), MOST_BARS), 4)
    bars = []
    for place, (cut, share) in enumerate(zip(cuts, shares, strict=True)):
        label, key = named(cut.key)
        high = (HEIGHT - TOP) * cut.count / max(sum(counts), 1)
        bars.append(
            Bar(
                label, f"{label[:7]}…" if len(label) > 8 else label, cut.count, share, cut.justified, url(key),
                f"{url(key)}&judged=justified", place < vital, round(place * step + step * 0.15, 1),
                round(HEIGHT - high, 1), round(step * 0.7, 1), round(high, 1), round(place * step + step / 2, 1),
                round(TOP + (HEIGHT - TOP) * (100 - share) / 100, 1),
            )
        )  # fmt: skip
    shown = bars[:MOST_BARS]
    points = " ".join(f"{bar.line_x},{bar.line_y}" for bar in shown)
    return Pareto(bars, points, round(TOP + (HEIGHT - TOP) * (100 - VITAL_SHARE) / 100, 1), vital)


def _products(cuts: Sequence[queries.Cut], to: Addresses) -> list[dict[str, Any]]:
    labels = queries.product_labels([cut.key for cut in cuts if cut.key is not None])
    most = max((cut.count for cut in cuts), default=1)
    return [
        {
            "label": labels[cut.key] if cut.key is not None else _("Without product"),
            "cut": cut,
            "bar": round(100 * cut.count / most),
            "url": to.complaints(product=cut.key if cut.key is not None else NONE),
            "justified_url": to.complaints(product=cut.key if cut.key is not None else NONE, judged="justified"),
        }
        for cut in cuts
    ]


def _repeats(asked: queries.Asked, to: Addresses, month: Month) -> dict[str, Any]:
    """From–to of the rows is the same 90 days."""
    rows, number = queries.repeats(asked)
    since = (timezone.localtime(asked.end) - timedelta(days=queries.REPEAT_DAYS)).date()
    period = {"from": since.isoformat(), "to": month.last.isoformat()}
    return {
        "repeat_days": queries.REPEAT_DAYS,
        "repeat_number": number,
        "repeats": [
            {
                "row": row,
                "tier": names.tier(row.tier_id),
                "manager": names.staff_name(row.manager_id),
                "url": to.any(kind="complaint", customer=row.customer_id, **period),
            }
            for row in rows
        ],
    }


def _speed(asked: queries.Asked, to: Addresses) -> dict[str, Any]:
    """CMP-36: two lengths in the same classes, as shares of all."""
    pair = queries.speeds(asked)
    totals = [sum(one.classes.values()) for one in pair]
    lines = [
        {
            "label": bucket_words(code),
            "cells": [
                {
                    "count": one.classes.get(code, 0),
                    "share": round(100 * one.classes.get(code, 0) / total) if total else 0,
                    "url": to.received(**{name: code}),
                }
                for one, total, name in zip(pair, totals, ("reply", "action"), strict=True)
            ],
        }
        for code in (*BUCKETS, NONE)
    ]
    medians = [minutes_words(one.median) for one in pair]
    return {"lines": lines, "total": totals[0], "medians": medians, "url": to.received()}


def minutes_words(minutes: float | None) -> str:
    """A mean or median length; a dash without one."""
    if minutes is None:
        return "–"
    if minutes < 100:
        return _("%(minutes)s min") % {"minutes": round(minutes)}
    return _("%(hours)s h") % {"hours": round(minutes / 60, 1)}


def _loads(asked: queries.Asked, to: Addresses) -> list[dict[str, Any]]:
    rows = queries.loads(asked)
    most = max((row.open for row in rows), default=0) or 1
    return [
        {
            "row": row,
            "name": names.staff_name(row.staff_id) or _("nobody"),
            "bar": round(100 * row.open / most),
            "url": to.now(owner=row.staff_id or NONE),
            "late_url": to.now(owner=row.staff_id or NONE, late=1),
            "complaints_url": to.now(owner=row.staff_id or NONE, kind="complaint"),
            "closed_url": to.any(owner=row.staff_id or NONE, closed=to.month),
        }
        for row in rows
    ]


def _departments(asked: queries.Asked, to: Addresses) -> list[dict[str, Any]]:
    rows = queries.departments(asked)
    return [
        {
            "row": row,
            "mean": minutes_words(row.hours * 60 if row.hours is not None else None),
            "urls": {
                answer or "sent": to.any(**{"sent_to": row.unit_id, "sent": to.month} | ({"answer": answer} if answer
                                                                                        else {}))
                for answer in ("", "yes", "late", "no")
            },
        }
        for row in rows
    ]  # fmt: skip


def _figures(asked: queries.Asked, to: Addresses, month: Month, today: date) -> dict[str, Any]:
    """F24 and F43 by manager, F25 by unit (KPI-36); of one unit when asked for."""
    time = Time(month.first, month.last, today, asked.now)
    complaints, responses, solved = (
        complaint_figures(asked.scope, time), response_figures(asked.scope, time), solution_figures(asked.scope, time),
    )  # fmt: skip
    units, everywhere = asked.unit_ids, Addresses(to.month, None)
    managers = [
        _manager(staff_id, complaints.get(staff_id), responses.get(staff_id), everywhere)
        for staff_id in _people({*complaints, *responses}, units)
        if staff_id in responses or (staff_id in complaints and complaints[staff_id].complaints)
    ]
    return {
        "managers": sorted(managers, key=lambda line: (-line["justified"], -line["complaints"], line["name"])),
        "solved": [
            {
                "name": names.unit_name(unit_id),
                "row": row,
                "urls": {
                    "due": to.any(kind="complaint", due=to.month, unit=unit_id),
                    "in_time": to.any(kind="complaint", due=to.month, solved="in_time", unit=unit_id),
                    "scored": to.any(kind="complaint", closed=to.month, score=1, unit=unit_id),
                    "satisfied": to.any(kind="complaint", closed=to.month, score=4, unit=unit_id),
                },
            }
            for unit_id, row in solved.items()
            if units is None or unit_id in units
        ],
    }


def _people(staff_ids: Iterable[int], units: Sequence[int] | None) -> list[int]:
    cards = [card for staff_id in staff_ids if (card := names.staff_card(staff_id)) is not None]
    return [card.id for card in cards if units is None or card.unit_id in units]


def _manager(staff_id: int, complaints: Any, response: Any, to: Addresses) -> dict[str, Any]:
    return {
        "name": names.staff_name(staff_id),
        "justified": complaints.justified if complaints else 0,
        "complaints": complaints.complaints if complaints else 0,
        "rate": complaints.rate if complaints else None,
        "requests": response.requests if response else 0,
        "reply": minutes_words(response.minutes_to_reply if response else None),
        "action": minutes_words(response.minutes_to_action if response else None),
        "urls": {
            "complaints": to.complaints(credited=staff_id),
            "justified": to.complaints(credited=staff_id, judged="justified"),
            "requests": to.received(credited=staff_id, kind="request"),
        },
    }
