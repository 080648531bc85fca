"""The next best action in words, with its reason (CUS-35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workbench.queries.addresses import address
from workbench.queries.customer_record import CustomerRecord
from workbench.queries.today import log_url
from workbench.rules import Facts, NextBest, next_best


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do now, why, and the button for it: dial, a link, or nothing."""

    title: str
    reason: str
    look: str = ""
    icon: str = "bulb"
    act: str = "none"
    url: str = ""
    label: str = ""


def advice_for(facts: Facts, record: CustomerRecord) -> Advice:
    """The advice for one customer."""
    best = next_best(facts)
    title, reason, look, icon = _words(best, facts)
    return Advice(title, reason, look, icon, *_act(best, record))


def _day(day: date | None) -> str:
    return date_format(day, "MONTH_DAY_FORMAT") if day else ""


def _words(best: NextBest, facts: Facts) -> tuple[str, str, str, str]:
    """Title, reason, look and icon. ti-bulb ti-phone-incoming ti-flag-3 ti-hand-stop ti-alert-triangle ti-history
    ti-walk ti-clock ti-cake ti-user-plus ti-id ti-circle-check ti-user-question"""
    days = (facts.today - best.on).days if best.on else 0
    silent = (
        ngettext("Last talk %(n)d day ago.", "Last talk %(n)d days ago.", days) % {"n": days}
        if best.on
        else _("Never talked yet.")
    )
    table: dict[str, tuple[str, str, str, str]] = {
        "gone": (_("Nothing is owed"), _("The customer has left."), "", "circle-check"),
        "no_manager": (_("Give the customer a manager"), _("Nobody is responsible."), "late", "user-question"),
        "call_back": (_("Call back"), _("Promised for %(day)s.") % {"day": _day(best.on)}, "late", "phone-incoming"),
        "promise": (
            _("Keep the promise"),
            f"{best.text} · {_day(best.on)}" if best.text else _("Promised for %(day)s.") % {"day": _day(best.on)},
            "soon",
            "flag-3",
        ),
        "introduction": (
            _("Introduce yourself"),
            _("New with you, due by %(day)s.") % {"day": _day(best.on)},
            "",
            "hand-stop",
        ),
        "overdue": (_("Get in touch today"), _("Overdue.") + " " + silent, "late", "alert-triangle"),
        "back_date": (
            _("Log the talk if there was one"),
            _("The miss is provisional and can still be taken back."),
            "soon",
            "history",
        ),
        "face_to_face": (
            _("Meet in person"),
            _("Important VIP, due by %(day)s.") % {"day": _day(best.on)},
            "soon",
            "walk",
        ),
        "at_risk": (_("Call in the next days"), _("Due by %(day)s.") % {"day": _day(best.on)}, "soon", "clock"),
        "birthday": (_("Send birthday wishes"), _("Birthday on %(day)s.") % {"day": _day(best.on)}, "", "cake"),
        "no_leader": (_("Find out who leads"), _("No leader or decision maker is known."), "", "user-plus"),
        "incomplete": (
            _("Complete the profile"),
            ngettext("%(n)s required fact is missing.", "%(n)s required facts are missing.", facts.missing_fields)
            % {"n": facts.missing_fields},
            "",
            "id",
        ),
        "due": (_("Nothing presses"), _("Next contact due by %(day)s.") % {"day": _day(best.on)}, "", "circle-check"),
        "nothing": (_("Nothing presses"), _("Every promise is kept."), "", "circle-check"),
    }
    return table[best.code]


def _act(best: NextBest, record: CustomerRecord) -> tuple[str, str, str]:
    if best.code == "back_date":
        return "sheet", log_url(record.id, on=best.on), _("Log it")
    if best.act == "visit":
        return "sheet", log_url(record.id, channel="on_site"), _("Log a visit")
    if best.act == "edit":
        url = address("accounts:customer_edit", record.id)
        return ("link" if url else "none"), url, _("Edit")
    if best.act == "person":
        url = address("accounts:contact_person_new", record.id)
        return ("link" if url else "none"), url, _("Add a person")
    if best.act == "assign":
        url = address("accounts:handover_new")
        return ("link" if url else "none"), f"{url}?ids={record.id}" if url else "", _("Assign")
    return (best.act if best.act == "dial" else "none"), "", ""
