"""Every human write of keeping in touch: a verb of the business, keyword-only, `by=`, `now=`, atomic."""

from .dialling import Dialled, dial, dismiss_dial
from .excuses import decide_excuse, request_excuse, withdraw_excuse
from .handed_over import send_to_new_manager
from .logging import client_key, log_visit
from .mending import mend_visit, undo_visit, undo_visits
from .remarks import add_note, add_remark
from .sheet import Logged, SettledDuty, VisitSheet

__all__ = [
    "Dialled",
    "Logged",
    "SettledDuty",
    "VisitSheet",
    "add_note",
    "add_remark",
    "client_key",
    "decide_excuse",
    "dial",
    "dismiss_dial",
    "log_visit",
    "mend_visit",
    "request_excuse",
    "send_to_new_manager",
    "undo_visit",
    "undo_visits",
    "withdraw_excuse",
]
