"""What to say and what to do next: frozen data and pure functions (CON-9, CUS-35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.rules import pace


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A message ready to send; `is_marketing` ones are not offered to who wants none (CUS-29)."""

    occasion: str
    label: str | Promise
    text: str | Promise
    is_marketing: bool = False


READY_TEXTS: tuple[ReadyText, ...] = (
    ReadyText(
        "care",
        _("Greeting"),
        _(
            "Hello %(customer)s, this is %(manager)s, your account manager. How has everything been working lately? "
            "Whatever you need, just reply here or call me."
        ),
    ),
    ReadyText(
        "missed_call",
        _("I tried to call you"),
        _(
            "Hello %(customer)s, this is %(manager)s, your account manager. I just tried to reach you by phone. "
            "When would be a good time to call again?"
        ),
    ),
    ReadyText(
        "introduction",
        _("Introducing myself"),
        _(
            "Hello %(customer)s, my name is %(manager)s and I am your account manager from now on. "
            "You can reach me at %(phone)s at any time; I look forward to working with you."
        ),
    ),
    ReadyText(
        "birthday",
        _("Birthday wishes"),
        _("Dear %(customer)s, happy birthday! I wish you health and joy in the year ahead. Yours, %(manager)s"),
    ),
    ReadyText(
        "holiday",
        _("Holiday greeting"),
        _("Dear %(customer)s, I wish you and your family a happy holiday! Yours, %(manager)s"),
    ),
    ReadyText(
        "weather",
        _("Weather reminder"),
        _(
            "Dear %(customer)s, the weather is about to change these days. Please take care of yourself when you go "
            "out. If you need anything, just call me. Yours, %(manager)s"
        ),
    ),
    ReadyText(
        "travel",
        _("Wishes for a journey"),
        _(
            "Dear %(customer)s, have a pleasant and safe journey! If you need anything with your telephone on the way, "
            "I am there for you at any hour. Yours, %(manager)s"
        ),
    ),
    ReadyText(
        "enquiry",
        _("About your question"),
        _(
            "Hello %(customer)s, this is %(manager)s. I have an answer to the question you asked. "
            "When may I call you about it?"
        ),
    ),
    ReadyText(
        "reward",
        _("Reward activity"),
        _(
            "Hello %(customer)s, this is %(manager)s, your account manager. There is a thank-you activity for our "
            "customers these days. May I tell you more about it?"
        ),
        is_marketing=True,
    ),
    ReadyText(
        "promotion",
        _("A better tariff"),
        _(
            "Hello %(customer)s, this is %(manager)s, your account manager. There is a new tariff that may suit you "
            "better. If you like, I will explain it to you in a minute by phone."
        ),
        is_marketing=True,
    ),
)


def ready_texts(*, no_marketing: bool, occasions: Sequence[str] = ()) -> list[ReadyText]:
    """The texts for a customer, those that fit the moment first (CON-9)."""
    texts = [text for text in READY_TEXTS if not (no_marketing and text.is_marketing)]
    return sorted(texts, key=lambda text: occasions.index(text.occasion) if text.occasion in occasions else 99)


def is_quiet_time(at: time, dnd_from: time | None, dnd_to: time | None) -> bool:
    """Whether a moment is inside the customer's do-not-disturb window, which may pass midnight (CUS-29).

    >>> is_quiet_time(time(23, 30), time(22), time(7))
    True
    """
    if dnd_from is None or dnd_to is None or dnd_from == dnd_to:
        return False
    if dnd_from < dnd_to:
        return dnd_from <= at < dnd_to
    return at >= dnd_from or at < dnd_to


def next_birthday(birthday: date | None, today: date, *, is_lunar: bool = False) -> date | None:
    """The next time it comes round; 29 February is kept on the 28th in common years (bad input 23)."""
    return pace.next_birthday(birthday, today, is_lunar=is_lunar) if birthday is not None else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides the next best action for one customer."""

    today: date
    state: str = "active"
    has_manager: bool = True
    call_back_on: date | None = None
    promised_on: date | None = None
    promise: str = ""
    mendable_until: date | None = None
    is_overdue: bool = False
    is_introduction: bool = False
    due_on: date | None = None
    at_risk_days: int = 7
    face_to_face_due_on: date | None = None
    birthday_on: date | None = None
    has_leader: bool = True
    missing_fields: int = 0
    last_visit_on: date | None = None
    alert_level: str = ""


@dataclass(frozen=True, slots=True)
class NextBest:
    """What to do now (`code`), how (`act`: dial, visit, edit, assign or none), and the day that is the reason."""

    code: str
    act: str
    on: date | None = None
    text: str = ""


BIRTHDAY_AHEAD = timedelta(days=7)
LOUDEST = "red"


def next_best(facts: Facts) -> NextBest:
    """The one thing worth doing first, in the order of Today: clocks, promises, what is late, what is due (CUS-35)."""
    if facts.state in ("churned", "exited"):
        return NextBest("gone", "none")
    if not facts.has_manager:
        return NextBest("no_manager", "assign")
    if facts.alert_level == LOUDEST:
        return NextBest("alert", "alert", text=facts.alert_level)
    if facts.call_back_on is not None and facts.call_back_on <= facts.today:
        return NextBest("call_back", "dial", facts.call_back_on)
    if facts.promised_on is not None and facts.promised_on <= facts.today:
        return NextBest("promise", "dial", facts.promised_on, facts.promise)
    if facts.alert_level:
        return NextBest("alert", "alert", text=facts.alert_level)
    if facts.is_introduction:
        return NextBest("introduction", "dial", facts.due_on)
    if facts.is_overdue:
        return NextBest("overdue", "dial", facts.last_visit_on)
    if facts.mendable_until is not None:
        return NextBest("back_date", "log", facts.mendable_until)
    soon = facts.today + timedelta(days=facts.at_risk_days)
    if facts.face_to_face_due_on is not None and facts.face_to_face_due_on <= soon:
        return NextBest("face_to_face", "visit", facts.face_to_face_due_on)
    if facts.due_on is not None and facts.due_on <= soon:
        return NextBest("at_risk", "dial", facts.due_on)
    if facts.birthday_on is not None and facts.birthday_on <= facts.today + BIRTHDAY_AHEAD:
        return NextBest("birthday", "dial", facts.birthday_on)
    return _when_nothing_presses(facts)


def _when_nothing_presses(facts: Facts) -> NextBest:
    if not facts.has_leader:
        return NextBest("no_leader", "person")
    if facts.missing_fields:
        return NextBest("incomplete", "edit", text=str(facts.missing_fields))
    if facts.due_on is not None:
        return NextBest("due", "dial", facts.due_on)
    return NextBest("nothing", "none")
