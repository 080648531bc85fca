"""Views of the pages that join everything."""

from .call_details import call_detail_sheet
from .care import customer_care
from .customer import ask_excuse, close_task, customer, customer_timeline
from .install import manifest, offline, service_worker
from .log_sheet import log_customers, log_people, log_visit, pass_on, undo_visit
from .movements import movements
from .palette import palette
from .team import approvals, compliance, cover, decide_excuse, decide_tier, duty_list, team, urge
from .today import dial, dismiss_dial, message, postpone, today
from .without_signal import bundle as offline_bundle
from .without_signal import close_day as offline_close_day
from .without_signal import send as offline_send
from .without_signal import state as offline_state

__all__ = [
    "approvals",
    "ask_excuse",
    "call_detail_sheet",
    "close_task",
    "compliance",
    "cover",
    "customer",
    "customer_care",
    "customer_timeline",
    "decide_excuse",
    "decide_tier",
    "dial",
    "dismiss_dial",
    "duty_list",
    "log_customers",
    "log_people",
    "log_visit",
    "manifest",
    "message",
    "movements",
    "offline",
    "offline_bundle",
    "offline_close_day",
    "offline_send",
    "offline_state",
    "palette",
    "pass_on",
    "postpone",
    "service_worker",
    "team",
    "today",
    "undo_visit",
    "urge",
]
