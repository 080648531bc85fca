"""Keeping in touch: duties, visits and what settles what."""

from .catalogue import Channel, CountingRule, Occasion, Outcome
from .duties import Duty, Excuse, MonthFreeze
from .visits import CustomerVoice, DialTap, Remark, Visit, VisitCompanion, VisitNote, VisitPerson

__all__ = [
    "Channel",
    "CountingRule",
    "CustomerVoice",
    "DialTap",
    "Duty",
    "Excuse",
    "MonthFreeze",
    "Occasion",
    "Outcome",
    "Remark",
    "Visit",
    "VisitCompanion",
    "VisitNote",
    "VisitPerson",
]
