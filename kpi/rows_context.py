"""The rows behind a figure as a page and as a file: their sums are the figure (KPI-49)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.addresses import unknown_value
from crm.core.pages import decode_cursor, encode_cursor
from kpi.actions.corrections import ASKS
from kpi.actions.exports import ROWS, Sheet, rows_a_file
from kpi.asking import Asking, asking_of
from kpi.board_context import above_of, frame_context
from kpi.choices import Direction
from kpi.faces import Subject, face_of, sentence_html
from kpi.indicator_context import period_words, row_category
from kpi.queries.evidence import FILTERS, Behind, EvidenceRow, Sums, rows_behind
from kpi.queries.results import merged
from kpi.row_words import choices_for, kind_label, page_of, state_words
from kpi.value_words import short_number

PARAMETERS = ("only", "after", "nobody")


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of the list."""

    name: str
    url: str
    number: str
    kind: str
    page: str
    day: date
    who: str
    part: str
    whole: str
    words: str
    look: str
    icon: str
    log_url: str = ""
    excuse_url: str = ""
    correct_url: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose rows are asked for."""

    unit_id: int | None
    manager_id: int | None
    is_nobody: bool
    only: str

    def query(self, month: str, **more: Any) -> str:
        """The same in an address."""
        asked: dict[str, Any] = {"month": month}
        if self.unit_id is not None:
            asked["unit"] = self.unit_id
        if self.manager_id is not None:
            asked["manager"] = self.manager_id
        if self.is_nobody:
            asked["nobody"] = 1
        asked |= {"only": self.only} | more
        return urlencode({name: value for name, value in asked.items() if value})


def wanted_of(asking: Asking) -> Wanted:
    """Read the address; who sees his own figures only asks for himself."""
    only = asking.given.get("only", "")
    if only not in FILTERS:
        raise unknown_value("only")
    if asking.given.get("nobody", "1") != "1":
        raise unknown_value("nobody")
    is_nobody, manager_id = "nobody" in asking.given, asking.manager_id
    if manager_id is None and asking.unit_id is None:
        manager_id = asking.access.staff_id or 0
    unit_id = asking.unit_id if "unit" in asking.given or manager_id is None else None
    return Wanted(unit_id, manager_id, is_nobody, only)


def behind_of(asking: Asking, code: str, wanted: Wanted, *, limit: int | None = None) -> Behind:
    """The rows as they are kept or count now."""
    raw = asking.given.get("after", "")
    after: Any = decode_cursor(raw, 2, (date, int)) if raw and limit is None else None
    more = {} if limit is None else {"limit": limit}
    return rows_behind(
        asking.access, code, asking.first, unit_id=wanted.unit_id, manager_id=wanted.manager_id,
        is_nobody=wanted.is_nobody, only=wanted.only, after=after, today=asking.today, now=asking.now, **more,
    )  # fmt: skip


def rows_context(request: HttpRequest, code: str, *, now: datetime) -> dict[str, Any]:
    """One page of rows with the figure they add up to, before and after excuses."""
    asking = asking_of(request, now=now, also=PARAMETERS)
    wanted = wanted_of(asking)
    behind = behind_of(asking, code, wanted)
    month = f"{asking.first:%Y-%m}"
    base = reverse("kpi:rows", args=[code])
    return {
        **frame_context(asking, unit_id=wanted.unit_id, manager_id=wanted.manager_id),
        **_figure(behind, wanted, asking),
        "indicator": behind.indicator,
        "label": behind.indicator.label(),
        "category": row_category(behind.indicator),
        "period_text": period_words(behind.indicator.period, behind.bounds.first),
        "subject": subject_words(wanted),
        "unit_id": wanted.unit_id,
        "above": above_of(asking, wanted.unit_id) if wanted.unit_id is not None and not wanted.manager_id else [],
        "indicator_url": f"{reverse('kpi:indicator', args=[code])}?{wanted.query(month, only='', nobody='')}",
        "chips": _chips(behind, wanted, month, base),
        "lines": [_line(row, behind, asking, month) for row in behind.rows],
        "corrections": [_correction(row) for row in behind.corrections] if not asking.given.get("after") else [],
        "shows_who": wanted.manager_id is None and not wanted.is_nobody,
        "export_url": f"{reverse('kpi:rows_export', args=[code])}?{wanted.query(month)}",
        "next_page_url": f"{base}?{wanted.query(month, after=encode_cursor(behind.next_after))}"
        if behind.next_after
        else "",
        "is_down": behind.indicator.direction == Direction.DOWN,
        "correct_url": _correct_url(behind, wanted, asking, month),
    }


def subject_words(wanted: Wanted) -> str:
    """Whose rows, in words."""
    unit = names.unit_name(wanted.unit_id)
    if wanted.is_nobody:
        return f"{unit} · {_('nobody responsible')}"
    return " · ".join(part for part in (names.staff_name(wanted.manager_id), unit) if part)


def _figure(behind: Behind, wanted: Wanted, asking: Asking) -> dict[str, Any]:
    cell = merged(behind.cells).get(behind.indicator.code)
    total = _sum_words(behind.total)
    moved = behind.moved
    context: dict[str, Any] = {
        "face": None,
        "total": total,
        "counted": _sum_words(behind.figure),
        "moved": _sum_words(moved) if moved is not None and not behind.is_frozen else None,
        "rows_frozen": behind.is_frozen,
    }
    if cell is not None:
        face = face_of(cell, asking.today)
        subject = Subject(asking.first, wanted.unit_id, 0 if wanted.is_nobody else wanted.manager_id)
        context |= {"face": face, "sentence": sentence_html(face, subject)}
    return context


def _sum_words(sums: Sums) -> dict[str, Any]:
    return {
        "part": short_number(sums.numerator),
        "whole": short_number(sums.denominator),
        "excused": sums.excused,
        "mendable": sums.mendable,
    }


def _chips(behind: Behind, wanted: Wanted, month: str, base: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": behind.counts.get(only, 0),
            "url": f"{base}?{wanted.query(month, only=only)}",
            "is_on": only == wanted.only,
        }
        for only, label in choices_for(behind.indicator.direction)
    ]


def _line(row: EvidenceRow, behind: Behind, asking: Asking, month: str) -> RowLine:
    counts = row.numerator != 0
    words, look, icon = state_words(
        behind.indicator.direction,
        counts=counts and row.numerator >= row.denominator,
        is_excused=row.is_excused,
        is_mendable=row.mendable > 0,
    )
    is_corrected = any(correction.ref == row.ref for correction in behind.corrections)
    if is_corrected:
        words, look, icon = _("Corrected"), "info", "signature"
    url = reverse("workbench:customer", args=[row.customer_id]) if row.customer_id else ""
    page = page_of(behind.table, row.ref)
    is_open = not behind.is_frozen and not row.is_excused and row.numerator < row.denominator
    deeds = _deeds(row, behind.table, asking) if is_open else {}
    if behind.is_frozen and row.ref > 0 and not is_corrected and asking.access.can(ASKS):
        deeds = {"correct_url": correct_url(behind, month, row.unit_id, row.manager_id, row.ref)}
    return RowLine(
        name_of(row, behind.table),
        url or page,
        row.customer_number,
        kind_label(behind.table) if row.ref > 0 else _("Customer"),
        page,
        row.day,
        names.staff_name(row.manager_id) or _("nobody responsible"),
        short_number(row.numerator),
        short_number(row.denominator),
        words,
        look,
        icon,
        **deeds,
    )


def name_of(row: EvidenceRow, table: str) -> str:
    """The customer; who is out of sight has no name (decisions 6); a row without customer is called by its kind."""
    if row.is_hidden:
        if row.left_on is not None:
            return _("handed over on %(day)s") % {"day": date_format(row.left_on, "SHORT_DATE_FORMAT")}
        return _("a customer out of your sight")
    return row.customer_name or f"{kind_label(table)} {abs(row.ref)}"


def _deeds(row: EvidenceRow, table: str, asking: Asking) -> Mapping[str, Any]:
    """What the manager does about a duty that is not met: log the contact, or ask for an excuse."""
    own = asking.access.scope_for("serve_customers").manager_ids
    if table != "visits_duty" or row.customer_id is None or row.manager_id not in own:
        return {}
    return {
        "log_url": f"{reverse('workbench:log_visit')}?customer={row.customer_id}",
        "excuse_url": reverse("workbench:ask_excuse", args=[row.customer_id, row.ref]),
    }


def _correction(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "part": _signed(short_number(row.numerator)),
        "whole": _signed(short_number(row.denominator)),
        "who": names.staff_name(row.manager_id) or _("nobody responsible"),
    }


def _signed(text: str) -> str:
    return text if text.startswith("-") or text == "0" else f"+{text}"


def correct_url(behind: Behind, month: str, unit_id: int, manager_id: int | None, ref: int | None = None) -> str:
    """Where a correction is asked for."""
    base = reverse("kpi:correction_new", args=[behind.indicator.code, month, unit_id])
    asked = {name: value for name, value in (("manager", manager_id), ("ref", ref)) if value is not None}
    return f"{base}?{urlencode(asked)}" if asked else base


def _correct_url(behind: Behind, wanted: Wanted, asking: Asking, month: str) -> str:
    """A correction that is about no counted row: of one manager in one unit, or of what nobody is credited with."""
    units = {cell.unit_id for cell in behind.cells if cell.unit_id is not None}
    if not behind.is_frozen or not asking.access.can(ASKS) or len(units) != 1 or behind.cells[0].is_unit:
        return ""
    return correct_url(behind, month, units.pop(), wanted.manager_id)


def rows_sheet(request: HttpRequest, code: str, *, now: datetime) -> tuple[Sheet, dict[str, Any]]:
    """The same rows to take along, and what the page that asks for the reason shows."""
    asking = asking_of(request, now=now, also=PARAMETERS)
    wanted = wanted_of(asking)
    behind = behind_of(asking, code, wanted, limit=rows_a_file() + 1)
    header = (
        _("Customer number"), _("Name"), _("Kind"), _("Row"), _("Day"), _("Staff number"), _("Account manager"),
        _("Unit"), _("Counted in"), _("Of"), _("State"),
    )  # fmt: skip
    rows = [_cells(row, behind) for row in behind.rows]
    rows += [
        (
            "", _("Correction"), "", row.id, f"{row.decided_at:%Y-%m-%d}", *_staff(row.manager_id),
            names.unit_name(row.unit_id), row.numerator, row.denominator, row.reason,
        )
        for row in behind.corrections
    ]  # fmt: skip
    sheet = Sheet(header, rows, f"{code}-{asking.first:%Y-%m}", ROWS)
    month = f"{asking.first:%Y-%m}"
    return sheet, {
        "title": _("Export the rows"),
        "about": f"{behind.indicator.label()} · {subject_words(wanted)} · "
        f"{period_words(behind.indicator.period, behind.bounds.first)}",
        "back_url": f"{reverse('kpi:rows', args=[code])}?{wanted.query(month)}",
        "count": len(rows),
    }


def _cells(row: EvidenceRow, behind: Behind) -> tuple[Any, ...]:
    words, _look, _icon = state_words(
        behind.indicator.direction,
        counts=row.numerator != 0 and row.numerator >= row.denominator,
        is_excused=row.is_excused,
        is_mendable=row.mendable > 0,
    )
    return (
        row.customer_number, name_of(row, behind.table), kind_label(behind.table), row.ref, row.day,
        *_staff(row.manager_id), names.unit_name(row.unit_id), row.numerator, row.denominator, words,
    )  # fmt: skip


def _staff(staff_id: int | None) -> tuple[str, str]:
    card = names.staff_card(staff_id)
    return (card.number, card.name) if card else ("", "")
