"""Profile groups and the further tabs of the customer page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.choices import (
    ContactRole,
    FileCategory,
    MarketBand,
    MemberState,
    PreferredChannel,
    Sex,
    SimKind,
    industry_words,
)
from accounts.field_labels import GROUP_LABELS, field_label
from accounts.models import CustomerFile, PersonProfile, PrivateProfile
from accounts.queries import names
from accounts.queries.customers import members_of
from accounts.queries.external_ids import external_id_history
from accounts.rules import GroupFill
from crm.core.abilities import Access
from crm.core.changelog import ChangeRow, history_of
from crm.core.changelog.children import ChildChange
from crm.core.models import DocumentClass
from crm.core.pages import render_rows
from crm.core.text import mask_phone
from crm.core.ui import duty_badge
from visits.queries.customer import DutyRow, duties_of
from workbench.queries.addresses import address
from workbench.queries.brief import ago_words, birthday_words, short_day
from workbench.queries.customer_record import ContactRow, CustomerRecord, contacts_of
from workbench.queries.timeline import period_words
from workbench.rules import next_birthday

HISTORY = 100
PRIVATE_ROWS = (
    "home_address", "id_number", "occupation", "employer", "position", "family_background", "family",
)  # fmt: skip
HIDDEN = "••••"
OF_PEOPLE = ("vip", "ordinary")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a profile group."""

    label: str
    value: str
    is_missing: bool = False
    is_p2: bool = False


@dataclass(frozen=True, slots=True)
class ProfileGroup:
    """One group with its completeness."""

    name: str
    label: str
    per_cent: int | None
    facts_html: SafeString
    missing: str
    edit_url: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact person with how often he is met."""

    id: int
    name: str
    role: str
    position: str
    phone: str
    dial_url: str
    birthday: str
    strength: int | None
    last_met: str
    is_active: bool
    edit_url: str


def profile_groups(
    record: CustomerRecord, fill: Sequence[GroupFill], can_edit: bool, today: date
) -> list[ProfileGroup]:
    """The groups of this kind of customer, each with what is filled and what is missing (CUS-9)."""
    by_group = {group.group: group for group in fill}
    edit = address("accounts:customer_edit", record.id) if can_edit else ""
    rows: dict[str, list[tuple[str, str]] | list[Fact]] = {
        "basic": _basic(record, today),
        "preferences": _preferences(record, today),
    }
    if record.kind in OF_PEOPLE:
        rows["private"] = [Fact(field_label(name), HIDDEN) for name in PRIVATE_ROWS]
    return [_group(name, values, by_group.get(name), record, edit) for name, values in rows.items()]


def _group(
    name: str, values: list[tuple[str, str]] | list[Fact], fill: GroupFill | None, record: CustomerRecord, edit: str
) -> ProfileGroup:
    missing = fill.missing if fill else ()
    facts = [
        value
        if isinstance(value, Fact)
        else Fact(field_label(value[0]), value[1], is_missing=value[0] in missing, is_p2=value[0] in P2)
        for value in values
    ]
    shown = [fact for fact in facts if fact.value or fact.is_missing]
    is_private = name == "private"
    return ProfileGroup(
        name=name,
        label=str(GROUP_LABELS[name]),
        per_cent=fill.per_cent if fill and fill.required else None,
        facts_html=_facts_html(shown, is_private),
        missing=", ".join(field_label(one) for one in missing),
        edit_url="" if is_private else f"{edit}#{name}" if edit else "",
        is_private=is_private,
    )


def _facts_html(facts: list[Fact], is_private: bool) -> SafeString:
    words = {"hidden": _("hidden"), "missing": _("missing"), "nothing": _("Nothing yet")}
    return render_rows("workbench/facts.html", {"facts": facts, "is_private": is_private, **words})


P2 = frozenset({"phone", "other_phone", "email", "business_address", "birthday"})


def _basic(record: CustomerRecord, today: date) -> list[tuple[str, str]]:
    return [
        ("phone", mask_phone(record.phone)),
        ("other_phone", mask_phone(record.other_phone)),
        ("sex", str(Sex(record.sex).label) if record.sex else ""),
        ("birthday", _birthday(record, today)),
        ("email", record.email),
        ("district", record.district),
        ("business_address", record.business_address),
        ("credit_code", record.credit_code),
        ("industry", industry_words(record.industry)),
        ("market_band", str(MarketBand(record.market_band).label) if record.market_band else ""),
        ("monthly_spend", _money(record.monthly_spend)),
        ("joined_on", _date(record.joined_on)),
        ("sim_kind", str(SimKind(record.sim_kind).label) if record.sim_kind else ""),
        ("sim_issued_on", _date(record.sim_issued_on)),
        ("sim_replaced_on", _date(record.sim_replaced_on)),
        ("licence_no", record.licence_no or ""),
        ("licence_until", _date(record.licence_until)),
        ("relation_strength", f"{record.strength} / 5" if record.strength else ""),
        ("external_id", ", ".join(f"{one['source']}: {one['id']}" for one in record.external_ids)),
    ]


def _birthday(record: CustomerRecord, today: date) -> str:
    """A lunar one with the day on which it is kept next: nobody converts it in his head."""
    if record.birthday is None:
        return ""
    text = date_format(record.birthday, "DATE_FORMAT")
    if not record.is_lunar_birthday:
        return text
    comes = next_birthday(record.birthday, today, is_lunar=True)
    return _("%(day)s (lunar), next on %(next)s") % {"day": text, "next": _date(comes)}


def _preferences(record: CustomerRecord, today: date) -> list[tuple[str, str]]:
    quiet = f"{record.dnd_from:%H:%M}–{record.dnd_to:%H:%M}" if record.dnd_from and record.dnd_to else ""
    return [
        (
            "preferred_channel",
            str(PreferredChannel(record.preferred_channel).label) if record.preferred_channel else "",
        ),
        ("preferred_time", record.preferred_time),
        ("dnd_from", quiet),
        ("no_marketing", _("wants none") if record.no_marketing else ""),
        ("personality", record.personality or ""),
        ("sports", record.sports or ""),
        ("reward_preference", record.reward_preference or ""),
        ("service_notes", record.service_notes),
    ]


def _date(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _money(amount: Decimal | None) -> str:
    return f"¥{amount:,.2f}" if amount is not None else ""


def contact_line(row: ContactRow, customer_id: int, can_dial: bool, today: date) -> ContactLine:
    """A contact person as a card shows him (CUS-24)."""
    comes = next_birthday(row.birthday, today)
    dial = f"{address('workbench:dial', customer_id)}?person={row.id}" if can_dial and row.phone else ""
    return ContactLine(
        id=row.id,
        name=row.name,
        role="" if row.role == ContactRole.OTHER else str(ContactRole(row.role).label),
        position=row.position,
        phone=mask_phone(row.phone),
        dial_url=dial,
        birthday=birthday_words(comes, row.birthday, False, today) or (short_day(row.birthday) if row.birthday else ""),
        strength=row.strength,
        last_met=_last_met(row, today),
        is_active=row.is_active,
        edit_url=address("accounts:contact_person_edit", row.id),
    )


def _last_met(row: ContactRow, today: date) -> str:
    if row.last_met_on is None:
        return _("never met")
    return _("met %(times)d times, last %(ago)s") % {"times": row.met_times, "ago": ago_words(row.last_met_on, today)}


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A subscriber line under a group customer (CUS-28)."""

    number: str
    name: str
    is_active: bool


def member_lines(access: Access, customer_id: int) -> list[MemberLine]:
    """The lines of a group customer, numbers masked."""
    rows = members_of(access.scope, customer_id)
    return [MemberLine(mask_phone(row.msisdn), row.name, row.state == MemberState.ACTIVE) for row in rows]


# --- The other tabs


def tab_part(tab: str, record: CustomerRecord, access: Access, today: date) -> Any:
    """What one tab shows; each asks one or two statements of its own."""
    if tab == "people":
        own = access.scope_for("serve_customers").allows(unit_id=record.unit_id, manager_id=record.manager_id)
        return [contact_line(row, record.id, own, today) for row in contacts_of(record.id)]
    if tab == "duties":
        return [_duty_line(row) for row in duties_of(access.scope, record.id, limit=60)]
    if tab == "files":
        return _files(access, record.id)
    return history_lines(record.id)


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One period of the ledger."""

    period: str
    purpose: str
    state: Any
    due: str
    met: str
    met_url: str
    manager: str
    tier: str
    note: str


def _duty_line(row: DutyRow) -> DutyLine:
    tier = names.tier(row.tier_id)
    notes = [
        _("owed from %(day)s") % {"day": short_day(row.owed_from)} if row.owed_from > row.starts_on else "",
        _("introduction") if row.is_introduction else "",
        _("final") if row.is_frozen else "",
        _("corrected: %(reason)s") % {"reason": row.correction_reason} if row.revision > 1 else "",
        _("excuse asked for") if row.excuse_state == "requested" else "",
    ]
    return DutyLine(
        period=period_words(row.starts_on, row.due_on),
        purpose=row.purpose_label,
        state=duty_badge(row.state),
        due=_date(row.due_on),
        met=_date(row.met_on),
        met_url=f"/visits/{row.met_by_id}/" if row.met_by_id else "",
        manager=row.manager_name,
        tier=tier.label() if tier else "",
        note=" · ".join(note for note in notes if note),
    )


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of the archive (CUS-12)."""

    title: str
    category: str
    version: int
    by: str
    at: str
    url: str
    is_shared: bool
    share_url: str


def _files(access: Access, customer_id: int) -> list[FileLine]:
    rows = CustomerFile.visible_to(access.scope).filter(customer_id=customer_id).order_by("-uploaded_at", "-id")
    named = ("id", "title", "category", "file_version", "uploaded_by_id", "uploaded_at", "attachment__visibility")
    found = rows.values_list(*named)[:200]
    return [
        FileLine(
            title=title,
            category=str(FileCategory(category).label),
            version=version,
            by=card.name if (card := names.staff_of(by)) else "",
            at=date_format(timezone.localtime(at), "DATE_FORMAT"),
            url=address("accounts:file_download", file_id),
            is_shared=visibility == DocumentClass.SHARED,
            share_url=address("accounts:file_share", file_id),
        )
        for file_id, title, category, version, by, at, visibility in found
    ]


def history_lines(customer_id: int) -> list[HistoryLine]:
    """Who changed what of the customer and his personal data, newest first, old → new."""
    rows = history_of("accounts_customer", customer_id, HISTORY)
    for model in (PersonProfile, PrivateProfile):
        profile_id = model.unscoped.filter(customer_id=customer_id).values_list("id", flat=True).first()
        if profile_id is not None:
            table = model._meta.db_table
            rows += [row for row in history_of(table, profile_id, HISTORY) if row.field]
    lines = [(row.at, line) for row in rows for line in _history(row)]
    lines += [(change.at, _id_line(change, source)) for change, source in external_id_history(customer_id, HISTORY)]
    lines.sort(key=lambda pair: pair[0], reverse=True)
    return [line for _at, line in lines[:HISTORY]]


def _id_line(change: ChildChange, source: str) -> HistoryLine:
    """What happened to his id in another system."""
    old, new = (side.get("external_id") or "–" for side in (change.before, change.after))
    if change.op == "I" and not change.after:  # a bulk load logs keys only
        new = _("Created")
    return HistoryLine(_moment(change.at), _author(change.actor_name), f"{_('External id')} · {source}", old, new)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One field of one change: who, when, what, old → new (SEC-23)."""

    at: str
    by: str
    field: str
    old: str
    new: str


def _history(row: ChangeRow) -> list[HistoryLine]:
    at, by = _moment(row.at), _author(row.actor_name)
    if not row.field:
        return [HistoryLine(at, by, _("Created") if row.op == "I" else _("Deleted"), "", "")]
    if row.is_secret:
        return [HistoryLine(at, by, field_label(row.field), HIDDEN, HIDDEN)]
    return [HistoryLine(at, by, field_label(row.field), _shown(row.field, row.old), _shown(row.field, row.new))]


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _author(name: str) -> str:
    return name if not name.startswith("system:") else _("System")


def _shown(name: str, value: Any) -> str:
    """A value of the log in words: names for ids, dates as people write them."""
    if value is None or value == "":
        return "–"
    if name == "manager_id":
        return names.staff_name(int(value)) or str(value)
    if name == "unit_id":
        return names.unit_name(int(value)) or str(value)
    if name == "tier_id":
        tier = names.tier(int(value))
        return tier.label() if tier else str(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _date(value) if isinstance(value, date) else str(value)
