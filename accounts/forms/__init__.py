"""Shape of the input of accounts; choices come from what is visible; nothing here saves."""

from .handover import HandoverForm

__all__ = ["HandoverForm"]
