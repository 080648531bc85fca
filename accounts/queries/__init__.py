"""Every read of accounts: a scope (or something already visible) comes first."""

from .access import access_for
from .names import StaffCard, TierView, staff_of

__all__ = ["StaffCard", "TierView", "access_for", "staff_of"]
