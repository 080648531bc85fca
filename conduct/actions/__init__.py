"""Every human write of conduct: a verb of the business, keyword-only, `by=`, `now=`, atomic."""

from .outings import cancel_outing, come_back, leave, register_outing

__all__ = ["cancel_outing", "come_back", "leave", "register_outing"]
