"""What the clock does for engagement."""

from engagement.sweeps.policies import tell_of_policies

__all__ = ["tell_of_policies"]
