"""How we behave: registers."""

from .outings import Outing, OutingCustomer

__all__ = ["Outing", "OutingCustomer"]
