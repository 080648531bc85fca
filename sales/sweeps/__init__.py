"""What the clock does for sales."""

from sales.sweeps.agreements import remind_agreements
from sales.sweeps.arrears import guarantee_papers, scan_arrears, tell_of_stops

__all__ = ["guarantee_papers", "remind_agreements", "scan_arrears", "tell_of_stops"]
