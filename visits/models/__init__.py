"""Keeping in touch: duties, visits and what settles what."""

from .catalogue import Channel, CountingRule, Occasion, Outcome
from .duties import Duty, Excuse, MonthFreeze
from .journal import CheckIn, DayLog, Review, SpecialVisit
from .switches import LineSwitch
from .visits import CustomerVoice, DialTap, Remark, Visit, VisitCompanion, VisitNote, VisitPerson

__all__ = [
    "Channel",
    "CheckIn",
    "CountingRule",
    "CustomerVoice",
    "DayLog",
    "DialTap",
    "Duty",
    "Excuse",
    "LineSwitch",
    "MonthFreeze",
    "Occasion",
    "Outcome",
    "Remark",
    "Review",
    "SpecialVisit",
    "Visit",
    "VisitCompanion",
    "VisitNote",
    "VisitPerson",
]
