"""Views of the pages that join everything."""

from .customer import ask_excuse, close_task, customer, customer_timeline
from .log_sheet import log_customers, log_people, log_visit, pass_on, undo_visit
from .palette import palette
from .team import approvals, compliance, cover, decide_excuse, decide_tier, duty_list, team, urge
from .today import dial, dismiss_dial, message, postpone, today

__all__ = [
    "approvals",
    "ask_excuse",
    "close_task",
    "compliance",
    "cover",
    "customer",
    "customer_timeline",
    "decide_excuse",
    "decide_tier",
    "dial",
    "dismiss_dial",
    "duty_list",
    "log_customers",
    "log_people",
    "log_visit",
    "message",
    "palette",
    "pass_on",
    "postpone",
    "team",
    "today",
    "undo_visit",
    "urge",
]
