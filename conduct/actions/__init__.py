"""Every human write of conduct: a verb of the business, keyword-only, `by=`, `now=`, atomic."""

from .call_details import decide_print, print_details, request_print
from .outings import cancel_outing, come_back, leave, register_outing

__all__ = [
    "cancel_outing",
    "come_back",
    "decide_print",
    "leave",
    "print_details",
    "register_outing",
    "request_print",
]
