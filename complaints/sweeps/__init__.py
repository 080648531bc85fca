"""What the clock does at the desk."""

from complaints.sweeps.clock import case_clocks, rebuild_case_facts

__all__ = ["case_clocks", "rebuild_case_facts"]
