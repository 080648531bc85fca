"""How we behave: registers."""

from .call_details import CallDetailPrint
from .outings import Outing, OutingCustomer

__all__ = ["CallDetailPrint", "Outing", "OutingCustomer"]
