"""Keeping in touch: duties, visits and what settles what."""

from .bulletins import Bulletin, BulletinDelivery
from .callbacks import Callback, Reversal, TextTwin
from .care import Interruption, Trip, WeatherWarning
from .catalogue import Channel, CountingRule, Occasion, Outcome
from .duties import Duty, Excuse, MonthFreeze
from .journal import CheckIn, DayLog, Review, SpecialVisit
from .missed_calls import CallTest, MissedCall
from .photos import VisitPhoto
from .plans import Plan, PlanFeed, PlanHelper, PlanItem
from .reports import WorkReport
from .shop import PriceRow, PriceViolation, ShopCheck, StockRow
from .switches import LineSwitch
from .visits import DialTap, Remark, Visit, VisitCompanion, VisitNote, VisitPerson
from .voices import CustomerVoice

__all__ = [
    "Bulletin",
    "BulletinDelivery",
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
    "PriceRow",
    "PriceViolation",
    "Remark",
    "Reversal",
    "Review",
    "ShopCheck",
    "SpecialVisit",
    "StockRow",
    "TextTwin",
    "Trip",
    "Visit",
    "VisitCompanion",
    "VisitNote",
    "VisitPerson",
    "VisitPhoto",
    "WeatherWarning",
    "WorkReport",
]
