"""The next best action in words, with its reason (CUS-35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.choices import AlertLevel
from workbench.queries.addresses import address
from workbench.queries.customer_record import CustomerRecord
from workbench.queries.today import log_url
from workbench.rules import Facts, NextBest, next_best

Text = str | Promise
LINKS = frozenset({"edit", "person", "assign", "alert"})
"""Advice that leads to a page which not everybody may open."""


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


def advice_for(facts: Facts, record: CustomerRecord, *, may: frozenset[str]) -> Advice:
    """The advice for one customer; its button only for who `may` do it: edit, person, assign, alert."""
    best = next_best(facts)
    title, reason, look, icon = _words(best, facts)
    is_closed = best.act in LINKS and best.act not in may
    return Advice(title, reason, look, icon, *(("none", "", "") if is_closed else _act(best, record)))


# Title, reason, look and icon of each advice. ti-bulb ti-phone-incoming ti-flag-3 ti-hand-stop ti-alert-triangle
# ti-alarm ti-history ti-walk ti-clock ti-cake ti-user-plus ti-id ti-circle-check ti-user-question
WORDS: dict[str, tuple[Text, Text, str, str]] = {
    "gone": (_("Nothing is owed"), _("The customer has left."), "", "circle-check"),
    "no_manager": (_("Give the customer a manager"), _("Nobody is responsible."), "soon", "user-question"),
    "call_back": (_("Call back"), _("Promised for %(day)s."), "soon", "phone-incoming"),
    "alert": (_("Keep the customer"), _("An alert is open: %(text)s."), "late", "alarm"),
    "promise": (_("Keep the promise"), _("Promised for %(day)s."), "soon", "flag-3"),
    "introduction": (_("Introduce yourself"), _("New with you, due by %(day)s."), "", "hand-stop"),
    "overdue": (_("Get in touch today"), _("Overdue."), "late", "alert-triangle"),
    "back_date": (
        _("Log the talk if there was one"),
        _("The miss is provisional and can still be taken back."),
        "soon",
        "history",
    ),
    "face_to_face": (_("Meet in person"), _("Important VIP, due by %(day)s."), "soon", "walk"),
    "at_risk": (_("Call in the next days"), _("Due by %(day)s."), "soon", "clock"),
    "birthday": (_("Send birthday wishes"), _("Birthday on %(day)s."), "", "cake"),
    "no_leader": (_("Find out who leads"), _("No leader or decision maker is known."), "", "user-plus"),
    "incomplete": (_("Complete the profile"), _("Required facts are missing: %(text)s."), "", "id"),
    "due": (_("Nothing presses"), _("Next contact due by %(day)s."), "", "circle-check"),
    "nothing": (_("Nothing presses"), _("Every promise is kept."), "", "circle-check"),
}


def _words(best: NextBest, facts: Facts) -> tuple[str, str, str, str]:
    """Title, reason, look and icon."""
    title, reason, look, icon = WORDS[best.code]
    day = date_format(best.on, "MONTH_DAY_FORMAT") if best.on else ""
    why = str(reason) % {"day": day, "text": str(AlertLevel(best.text).label) if best.code == "alert" else best.text}
    if best.code == "overdue":
        why = f"{why} {_silence(best.on, facts.today)}"
    if best.code == "promise" and best.text:
        why = f"{best.text} · {day}"
    if best.code in ("call_back", "promise") and best.on is not None and best.on < facts.today:
        look = "late"
    return str(title), why, look, icon


def _silence(last_on: date | None, today: date) -> str:
    if last_on is None:
        return str(_("Never talked yet."))
    days = (today - last_on).days
    return ngettext("Last talk %(n)d day ago.", "Last talk %(n)d days ago.", days) % {"n": days}


def _act(best: NextBest, record: CustomerRecord) -> tuple[str, str, str]:
    if best.code == "back_date":
        return "sheet", log_url(record.id, on=best.on), str(_("Log it"))
    if best.act == "visit":
        return "sheet", log_url(record.id, channel="on_site"), str(_("Log a visit"))
    if best.act == "alert":
        url = address("retention:customer_alert", record.id)
        return ("link" if url else "none"), url, str(_("Open the alert"))
    if best.act == "edit":
        url = address("accounts:customer_edit", record.id)
        return ("link" if url else "none"), url, str(_("Edit"))
    if best.act == "person":
        url = address("accounts:contact_person_new", record.id)
        return ("link" if url else "none"), url, str(_("Add a person"))
    if best.act == "assign":
        url = address("accounts:handover_new")
        return ("link" if url else "none"), f"{url}?ids={record.id}" if url else "", str(_("Assign"))
    return (best.act if best.act == "dial" else "none"), "", ""
