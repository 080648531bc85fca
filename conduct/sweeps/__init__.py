"""Steps of the night that belong to conduct."""

from .outings import close_outings

__all__ = ["close_outings"]
