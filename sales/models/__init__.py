"""Tables of sales."""

from sales.models.agreements import (
    Agreement,
    AgreementReminder,
    ApplicationCheck,
    JoiningApplication,
    QualificationRule,
)
from sales.models.bills import Bill, Payment
from sales.models.money import (
    CreditAccount,
    CreditChange,
    DunningAction,
    DunningCase,
    Guarantee,
    TierCredit,
)
from sales.models.needs import Need, NeedStep, NeedType
from sales.models.orders import SalesOrder
from sales.models.quotas import Quota
from sales.models.usage import MemberUse, Subscription, SurveyNote, UsageAdvice, UsageMonth

__all__ = [
    "Agreement",
    "AgreementReminder",
    "ApplicationCheck",
    "Bill",
    "CreditAccount",
    "CreditChange",
    "DunningAction",
    "DunningCase",
    "Guarantee",
    "JoiningApplication",
    "MemberUse",
    "Need",
    "NeedStep",
    "NeedType",
    "Payment",
    "QualificationRule",
    "Quota",
    "SalesOrder",
    "Subscription",
    "SurveyNote",
    "TierCredit",
    "UsageAdvice",
    "UsageMonth",
]
