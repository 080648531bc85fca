"""Every read of keeping in touch: a scope (or something already visible) comes first."""

from .catalogue import Catalogue, catalogue
from .excuses import Evidence, ExcuseRow, excuse_count, excuse_evidence, excuse_inbox
from .ring import Ring, ring

__all__ = [
    "Catalogue",
    "Evidence",
    "ExcuseRow",
    "Ring",
    "catalogue",
    "excuse_count",
    "excuse_evidence",
    "excuse_inbox",
    "ring",
]
