"""What a manager's own page of sales is given: his quotas, his pace, the chart with its table, what is on its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.pages import Keyset
from crm.core.working_days import calendar
from sales.addresses import BRINGS, COMING, SEES, Month, home_url, month_in, orders_url, thing_in
from sales.order_context import state_words
from sales.queries.orders import orders
from sales.queries.own import Share, days_of_seller, month_of_seller, months_of_seller
from sales.queries.things import Thing, activations
from sales.quota_context import Pace, pace_of
from sales.rules import next_month
from sales.tabs import sales_tabs
from visits.filters import read_id

WIDTH, HEIGHT = 720, 200
RECENT = Keyset(("-o.ordered_on", "-o.id"), 8, (date, int))


@dataclass(frozen=True, slots=True)
class ShownShare:
    """One thing of the month: how far, how fast it must go on, and where its orders are."""

    share: Share
    look: str
    a_day: float | None
    url: str
    done_url: str
    coming_url: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Sold so far, day by day, against an even pace to the quota; `days` is the table behind it."""

    days: list[tuple[date, int, int]]
    line: str
    area: str
    pace: str
    target_y: float | None
    marks: list[tuple[float, int]]
    top: int
    end_x: float
    end_y: float
    end: int


def shown_shares(shares: Sequence[Share], staff_id: int, month: Month, pace: Pace, code: str) -> list[ShownShare]:
    """The things of the month, the chosen one marked."""
    found = []
    for share in shares:
        about = {"staff": staff_id, "what": share.thing.code}
        a_day = round(share.left / pace.left, 1) if share.target and share.left and pace.left else None
        found.append(
            ShownShare(
                share,
                pace.look(share.target, share.done),
                a_day,
                home_url(**about, month=month.key),
                orders_url(**about, month=month.key, state="effective"),
                orders_url(**about, month=month.key, state=COMING),
                share.thing.code == code,
            )
        )
    return found


def chart_of(staff_id: int, share: Share, month: Month, today: date) -> Chart:
    """The month as a line that only rises; days to come are not drawn."""
    sold = dict(days_of_seller(staff_id, share.thing, month.first))
    count = (month.last - month.first).days + 1
    reached = max(0, (min(today, month.last) - month.first).days + 1)
    top = max(share.target or 0, share.done, 1)
    step = WIDTH / count

    def y(number: float) -> float:
        return round(HEIGHT - HEIGHT * number / top, 1)

    total, points, days = 0, [f"0,{HEIGHT}"], []
    for place in range(reached):
        day = month.first + timedelta(days=place)
        total += sold.get(day, 0)
        points += [f"{place * step:.1f},{y(total)}", f"{(place + 1) * step:.1f},{y(total)}"]
        if sold.get(day):
            days.append((day, sold[day], total))
    end_x = round(reached * step, 1)
    return Chart(
        days=days,
        line=" ".join(points),
        area=f"{' '.join(points)} {end_x},{HEIGHT}",
        pace=_even(month, share.target or 0, step, y),
        target_y=y(share.target) if share.target else None,
        marks=[(round((day - 0.5) * step, 1), day) for day in range(1, count + 1) if day == 1 or day % 5 == 0],
        top=top,
        end_x=end_x,
        end_y=y(total),
        end=total,
    )


def _even(month: Month, target: int, step: float, y: Callable[[float], float]) -> str:
    """An even pace over the working days: flat where nobody works."""
    working = set(calendar().days(month.first, month.last))
    if not target or not working:
        return ""
    gone, points = 0, [f"0,{HEIGHT}"]
    for place in range((month.last - month.first).days + 1):
        gone += month.first + timedelta(days=place) in working
        points.append(f"{(place + 1) * step:.1f},{y(target * gone / len(working))}")
    return " ".join(points)


def history_rows(rows: Sequence[tuple[date, int | None, int]], staff_id: int, code: str) -> list[dict[str, Any]]:
    """The months side by side, the newest first."""
    return [
        {
            "month": month,
            "target": target,
            "done": done,
            "per_cent": round(100 * done / target, 1) if target else None,
            "bar": min(100, round(100 * done / target)) if target else 0,
            "url": orders_url(staff=staff_id, what=code, month=f"{month:%Y-%m}", state="effective"),
        }
        for month, target, done in reversed(rows)
    ]


def whose(access: Access, raw: str) -> int | None:
    """Whose page it is: the colleague named and in sight, else one's own; nobody's for who has no quota ever."""
    scope = access.scope_for(SEES)
    if raw:
        card = names.staff_card(read_id(raw, "staff"))
        if card is None or not scope.allows(unit_id=card.unit_id, manager_id=card.id):
            raise NotFound
        return card.id
    own = access.staff_id
    return own if own is not None and own in scope.manager_ids else None


def own_context(access: Access, staff_id: int, given: dict[str, str], today: date) -> dict[str, Any]:
    """Everything the page shows."""
    month = month_in(given.get("month", ""), today)
    shares = month_of_seller(staff_id, month.first, next_month(month.first))
    wanted = thing_in(given["what"]) if given.get("what") else None
    chosen = next((share for share in shares if wanted in (None, share.thing)), None)
    chosen = chosen or Share(wanted or activations(), None, 0, 0)
    pace = pace_of(month, today)
    thing = chosen.thing
    scope = access.scope_for(SEES)
    is_own = staff_id == access.staff_id
    recent, _more = orders(
        scope, access.scope, filters={"staff_id": staff_id, "metric": thing.metric} | _product(thing), keyset=RECENT
    )
    return {
        "staff": names.staff_card(staff_id),
        "unit_name": names.unit_name(card.unit_id) if (card := names.staff_card(staff_id)) else "",
        "is_own": is_own,
        "month": month,
        "query": f"&what={thing.code}" + ("" if is_own else f"&staff={staff_id}"),
        "pace": pace,
        "shares": shown_shares(shares, staff_id, month, pace, thing.code),
        "chosen": chosen,
        "chart": chart_of(staff_id, chosen, month, today),
        "history": history_rows(months_of_seller(staff_id, thing, month.history), staff_id, thing.code),
        "recent": [(row, *state_words(row.state)) for row in recent],
        "orders_url": orders_url(staff=staff_id, what=thing.code),
        "sees_units": scope.everything or bool(scope.unit_ids),
        "can_bring": access.can(BRINGS),
        "tabs": sales_tabs(access, "home"),
    }


def _product(thing: Thing) -> dict[str, Any]:
    return {"product_id": thing.product_id} if thing.product_id is not None else {}
