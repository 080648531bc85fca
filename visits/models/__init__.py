"""Keeping in touch: duties, visits and what settles what."""

from .callbacks import Callback, Reversal, TextTwin
from .care import Interruption, Trip, WeatherWarning
from .catalogue import Channel, CountingRule, Occasion, Outcome
from .duties import Duty, Excuse, MonthFreeze
from .journal import CheckIn, DayLog, Review, SpecialVisit
from .missed_calls import CallTest, MissedCall
from .photos import VisitPhoto
from .plans import Plan, PlanFeed, PlanHelper, PlanItem
from .switches import LineSwitch
from .visits import CustomerVoice, DialTap, Remark, Visit, VisitCompanion, VisitNote, VisitPerson

__all__ = [
    "CallTest",
    "Callback",
    "Channel",
    "CheckIn",
    "CountingRule",
    "CustomerVoice",
    "DayLog",
    "DialTap",
    "Duty",
    "Excuse",
    "Interruption",
    "LineSwitch",
    "MissedCall",
    "MonthFreeze",
    "Occasion",
    "Outcome",
    "Plan",
    "PlanFeed",
    "PlanHelper",
    "PlanItem",
    "Remark",
    "Reversal",
    "Review",
    "SpecialVisit",
    "TextTwin",
    "Trip",
    "Visit",
    "VisitCompanion",
    "VisitNote",
    "VisitPerson",
    "VisitPhoto",
    "WeatherWarning",
]
