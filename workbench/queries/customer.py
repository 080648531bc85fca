"""The customer page, ready to show (CUS-9, 24, 25, 29, 33, 35; ORG-9, 10; ENG-26)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import AlertLevel, CustomerKind, CustomerState, TaskKind
from accounts.models import Customer
from accounts.queries import names
from accounts.queries.completeness import profile_fill, total_fill
from accounts.queries.customers import MemberCount, member_count
from accounts.queries.names import StaffCard
from accounts.rules import GroupFill
from crm.core.abilities import Access
from crm.core.text import mask_phone
from crm.core.ui import duty_badge, mark, tier_badge
from visits.queries.customer import DutyRow, duties_of
from workbench.queries import case_things, customer_groups, timeline
from workbench.queries.addresses import address
from workbench.queries.brief import short_day
from workbench.queries.customer_facts import facts_of
from workbench.queries.customer_record import CustomerRecord, contacts_of, customer_record
from workbench.queries.next_best import Advice, advice_for
from workbench.queries.reasons import CHIPS
from workbench.queries.strength import StrengthHistory, strength_history
from workbench.queries.today import due_mark, log_url
from workbench.queries.told import corrections, unsynced
from workbench.rules import is_quiet_time
from workbench.tabs import PartTab, parts_for

RISK_LOOKS = {"red": "late", "orange": "soon", "yellow": "plain"}
DECIDERS = ("decide_tiers", "edit_customers", "flag_important")
TABS = ("overview", "people", "duties", "files", "history")


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A colleague on the card of a customer (ORG-10)."""

    name: str
    phone: str
    role: str


@dataclass(frozen=True, slots=True)
class OpenThing:
    """Something that waits, with its day and what can be done about it."""

    icon: str
    title: str
    due: SafeString | str
    text: str = ""
    marks: tuple[SafeString, ...] = ()
    url: str = ""
    act: str = ""
    done_url: str = ""
    move_url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab, a link."""

    label: str
    url: str
    is_current: bool
    count: str = ""


@dataclass(slots=True)
class CustomerPage:
    """Everything the page shows."""

    record: CustomerRecord
    tier: SafeString
    duty: SafeString
    due: SafeString | str
    kind: str
    state: str
    unit: str
    tenure: str
    value: str
    completeness: int
    phone: str
    geo: str
    staff: list[StaffLine]
    unsynced: str
    corrections: list[str]
    can_log: bool
    can_serve: bool
    can_dial: bool
    can_edit: bool
    quiet: str
    is_quiet_now: bool
    tabs: list[Tab]
    tab: str
    urls: dict[str, str]
    can_reveal: bool = False
    can_see_alerts: bool = False
    can_raise: bool = False
    can_print: bool = False
    risk: SafeString | str = ""
    can_decide: bool = False
    can_assign: bool = False
    can_merge: bool = False
    can_take: bool = False
    can_note_leaving: bool = False
    members: list[customer_groups.MemberLine] = field(default_factory=list)
    member_count: MemberCount | None = None
    strength_history: StrengthHistory | None = None
    has_private: bool = False
    here: str = ""
    groups: list[customer_groups.ProfileGroup] = field(default_factory=list)
    contacts: list[customer_groups.ContactLine] = field(default_factory=list)
    open_things: list[OpenThing] = field(default_factory=list)
    advice: Advice | None = None
    timeline_html: SafeString | str = ""
    filters: list[Tab] = field(default_factory=list)
    part: Any = None
    part_url: str = ""
    part_label: str = ""
    strengths: tuple[int, ...] = (1, 2, 3, 4, 5)


def customer_page(
    access: Access, customer_id: int, *, now: datetime, tab: str = "overview", only: str = "all"
) -> CustomerPage | None:
    """The page, or None when the customer is not visible; eight statements on the overview (CUS-35)."""
    today = timezone.localdate(now)
    record = customer_record(access.scope, customer_id, today=today)
    if record is None:
        return None
    page = _head(record, access, today, now)
    parts = {part.name: part for part in parts_for(access, unit_id=record.unit_id, manager_id=record.manager_id)}
    known = tab in parts or (tab in TABS and (tab != "history" or access.can("view_history")))
    page.tab = tab if known else "overview"
    page.tabs = _tabs(record, access, page.tab, parts.values())
    if page.tab in parts:
        page.part_url, page.part_label = parts[page.tab].url(record.id), str(parts[page.tab].label)
    fill = profile_fill(Customer(id=record.id, kind=record.kind), today)
    page.completeness = total_fill(fill)
    if page.tab == "overview":
        _overview(page, record, access, fill, now, only)
    elif page.tab in TABS:
        page.part = customer_groups.tab_part(page.tab, record, access, today)
    if page.tab == "people":
        page.strength_history = strength_history(access.scope, record.id)
        if record.members:
            page.members = customer_groups.member_lines(access, record.id)
            page.member_count = member_count(record.id)
    return page


def _head(record: CustomerRecord, access: Access, today: date, now: datetime) -> CustomerPage:
    where = {"unit_id": record.unit_id, "manager_id": record.manager_id}
    is_own = access.scope_for("serve_customers").allows(**where)
    may_edit = access.scope_for("edit_customers").allows(**where)
    tier = names.tier(record.tier_id)
    return CustomerPage(
        record=record,
        tier=tier_badge(tier.code, tier.label()) if tier else SafeString(""),
        duty=duty_badge(record.state_of_duty),
        due=due_mark(record.due_on, today),
        kind=str(CustomerKind(record.kind).label),
        state="" if record.state == CustomerState.ACTIVE else str(CustomerState(record.state).label),
        unit=names.unit_name(record.unit_id),
        tenure=tenure_words(record.joined_on, record.exited_on or today),
        value=f"¥{record.value:,.0f}" if record.value else "",
        completeness=0,
        phone=mask_phone(record.phone),
        geo="geo:0,0?q=" + quote(record.business_address) if record.business_address else "",
        staff=_staff(record),
        unsynced=unsynced(record, today),
        corrections=corrections(record),
        can_log=access.scope_for("log_visits").allows(**where),
        can_serve=is_own,
        can_dial=is_own and bool(record.phone) and access.staff_id is not None,
        can_edit=may_edit,
        quiet=f"{record.dnd_from:%H:%M}–{record.dnd_to:%H:%M}" if record.dnd_from and record.dnd_to else "",
        is_quiet_now=is_quiet_time(timezone.localtime(now).time(), record.dnd_from, record.dnd_to),
        tabs=[],
        tab="overview",
        urls=_urls(record.id),
        can_reveal=access.scope_for("view_private_profile").allows(
            unit_id=record.unit_id, manager_id=record.manager_id
        ),
        can_decide=any(
            access.scope_for(name).allows(unit_id=record.unit_id, manager_id=record.manager_id) for name in DECIDERS
        ),
        can_assign=access.scope_for("assign_customers").allows(unit_id=record.unit_id, manager_id=record.manager_id),
        can_merge=access.scope_for("merge_customers").allows(**where),
        can_take=access.scope_for("take_requests").allows(**where),
        can_note_leaving=access.scope_for("work_alerts").allows(**where),
        has_private=record.kind in customer_groups.OF_PEOPLE,
        can_see_alerts=access.scope_for("view_alerts").allows(**where),
        can_print=access.scope_for("request_call_details").allows(**where),
        can_raise=access.scope_for("work_alerts").allows(**where) and not record.alert_level,
        risk=_risk(record),
    )


def _risk(record: CustomerRecord) -> SafeString | str:
    """RET-3: the open alert by its level, with the risk behind it; without an alert the risk alone."""
    if record.alert_level:
        words = str(AlertLevel(record.alert_level).label)
        return mark(
            words if record.risk is None else f"{words} · {record.risk} %", RISK_LOOKS[record.alert_level], "alarm"
        )
    return "" if record.risk is None else f"{record.risk} %"


def tenure_words(joined_on: date | None, until: date) -> str:
    """Time on the network 在网时长 (CUS-25): years and months since joined_on."""
    if joined_on is None or joined_on > until:
        return ""
    months = (until.year - joined_on.year) * 12 + until.month - joined_on.month - (until.day < joined_on.day)
    years, rest = divmod(max(months, 0), 12)
    parts = [ngettext("%(n)d year", "%(n)d years", years) % {"n": years}] if years else []
    if rest or not years:
        parts.append(ngettext("%(n)d month", "%(n)d months", rest) % {"n": rest})
    return " ".join(parts)


def _staff(record: CustomerRecord) -> list[StaffLine]:
    """Who is responsible, who stands in today, who is the backup; with business phones (ORG-9, ORG-10)."""
    manager = names.staff_card(record.manager_id)
    if manager is None:
        return []
    lines = [_staff_line(manager, _("Account manager"))]
    substitute = names.staff_card(record.substitute_id)
    if substitute is not None:
        lines.append(_staff_line(substitute, _("Cover today")))
    backup = names.staff_card(manager.backup_id)
    if backup is not None and backup != substitute:
        lines.append(_staff_line(backup, _("Backup")))
    return lines


def _staff_line(card: StaffCard, role: str) -> StaffLine:
    return StaffLine(card.name, card.phone, role)


def _urls(customer_id: int) -> dict[str, str]:
    return {
        "self": address("workbench:customer", customer_id),
        "log": log_url(customer_id),
        "dial": address("workbench:dial", customer_id),
        "message": address("workbench:message", customer_id),
        "voice": address("visits:voice_new", customer_id),
        "intake": f"{address('complaints:case_new')}?customer={customer_id}",
        "special": address("visits:special_new", customer_id),
        "leaving": address("accounts:signal_new", customer_id),
        "timeline": address("workbench:customer_timeline", customer_id),
        "edit": address("accounts:customer_edit", customer_id),
        "contact_new": address("accounts:contact_person_new", customer_id),
        "file_new": address("accounts:file_upload", customer_id),
        "reveal": address("accounts:reveal_private", customer_id),
        "decide": address("accounts:customer_decide", customer_id),
        "strength": address("accounts:judge_strength", customer_id),
        "member_new": address("accounts:member_new", customer_id),
        "assign": address("accounts:handover_new"),
        "customers": address("accounts:customer_list"),
    }


def _tabs(record: CustomerRecord, access: Access, current: str, parts: Iterable[PartTab]) -> list[Tab]:
    own = address("workbench:customer", record.id)
    labels = {
        "overview": (_("Overview"), ""),
        "people": (_("People"), ""),
        "duties": (_("Duties"), ""),
    }
    labels |= {part.name: (str(part.label), "") for part in parts}
    labels["files"] = (_("Files"), str(record.files) if record.files else "")
    if access.can("view_history"):
        labels["history"] = (_("History"), "")
    return [Tab(label, f"{own}?tab={name}", name == current, count) for name, (label, count) in labels.items()]


def _overview(
    page: CustomerPage, record: CustomerRecord, access: Access, fill: list[GroupFill], now: datetime, only: str
) -> None:
    """Profile, timeline, open things and the next best action."""
    today = timezone.localdate(now)
    with_cases = case_things.sees_cases(access, unit_id=record.unit_id, manager_id=record.manager_id)
    only = only if only in timeline.FILTERS else "all"
    contacts = contacts_of(record.id)
    duties = duties_of(access.scope, record.id, limit=24)
    stretch = timeline.timeline(record.id, today=today, only=only, with_cases=with_cases)
    page.groups = customer_groups.profile_groups(record, fill, page.can_edit, today)
    page.contacts = [
        customer_groups.contact_line(row, record.id, page.can_dial, today) for row in contacts if row.is_active
    ]
    page.open_things = _open_things(record, duties, page, access, today)
    if with_cases:
        page.open_things[:0] = [OpenThing(**case_things.case_line(facts, now)) for facts in record.cases]
    may = {"edit", "person"} if page.can_edit else set()
    may |= {"assign"} if page.can_assign else set()
    may |= {"alert"} if page.can_see_alerts else set()
    page.advice = advice_for(facts_of(record, duties, contacts, fill, today), record, may=frozenset(may))
    page.filters = _filters(page.urls["self"], only)
    page.timeline_html = timeline.timeline_html(stretch, more_url(page.urls["timeline"], only, stretch.next_cursor))


def more_url(base: str, only: str, cursor: str | None) -> str:
    """Where the next stretch of the timeline is."""
    return f"{base}?only={only}&before={cursor}" if cursor else ""


def _filters(own: str, only: str) -> list[Tab]:
    labels = {
        "all": _("Everything"),
        "visits": _("Talks"),
        "cases": _("Requests"),
        "duties": _("Duties"),
        "changes": _("Changes"),
    }
    return [Tab(label, own if name == "all" else f"{own}?only={name}", name == only) for name, label in labels.items()]


def _open_things(
    record: CustomerRecord, duties: Sequence[DutyRow], page: CustomerPage, access: Access, today: date
) -> list[OpenThing]:
    """Duties, tasks and proposals that wait."""
    things = [_duty_thing(row, record, page.can_serve, today) for row in duties if row.state in ("open", "provisional")]
    things += [_task_thing(task, record.id, page.can_log, today) for task in record.tasks]
    if record.proposal:
        to = names.tier(record.proposal["to"])
        title = _("Proposed tier: %(tier)s") % {"tier": to.label() if to else _("none")}
        url = reverse("workbench:approvals") if access.can_any("decide_tiers", "decide_excuses") else ""
        things.append(OpenThing("award", title, "", text=record.proposal["reason"], url=url))
    return things


def _duty_thing(row: DutyRow, record: CustomerRecord, can_serve: bool, today: date) -> OpenThing:
    marks = []
    if row.is_introduction:
        marks.append(mark(_("Introduce yourself"), "info", "hand-stop"))
    if row.excuse_state == "requested":
        marks.append(mark(_("excuse asked for"), "info", "hourglass"))  # ti-hourglass
    if row.state == "provisional":
        marks.append(mark(_("provisional"), "soon", "clock-question"))
    in_person = row.purpose != "contact"
    title = (
        _("Meet in person")
        if in_person
        else _("Contact owed for %(period)s") % {"period": timeline.period_words(row.starts_on, row.due_on)}
    )
    ask = can_serve and row.can_be_excused
    return OpenThing(
        "walk" if in_person else "phone",
        title,
        due_mark(row.due_on, today) if row.state == "open" else "",
        text=_("suggested for %(day)s") % {"day": short_day(row.suggested_on)} if row.state == "open" else "",
        marks=tuple(marks),
        url=reverse("workbench:ask_excuse", args=[record.id, row.id]) if ask else "",
        act=_("Ask for an excuse") if ask else "",
        move_url=address("workbench:postpone", row.id) if can_serve and row.state == "open" else "",
    )


SETTLED_AT = {"dunning": "sales:dunning_new", "papers": "sales:money_detail", "agreement": "sales:customer_agreements"}
"""Where a task is settled by what is done there, not by a tick."""


def _task_thing(task: dict[str, Any], customer_id: int, can_close: bool, today: date) -> OpenThing:
    # What was ordered is answered with its result, on its own page.
    page = reverse("accounts:task_detail", args=[task["id"]]) if task["source"] else ""
    if can_close and task["kind"] in SETTLED_AT:
        page = address(SETTLED_AT[task["kind"]], customer_id)
    return OpenThing(
        CHIPS.get(task["kind"], CHIPS["follow_up"])[1],
        task["title"] or str(TaskKind(task["kind"]).label),
        due_mark(date.fromisoformat(task["due_on"]), today),
        text=" · ".join(part for part in (names.staff_name(task["staff"]), task["reason"]) if part),
        url=page,
        done_url=reverse("workbench:close_task", args=[task["id"]]) if can_close and not page else "",
    )
