"""What the indicators count of keeping in touch: each measure is one statement of rows (crm.core.measures)."""

from .contact import CONTACT, CONTACT_DIAMOND_GOLD, CONTACT_SILVER, FACE_TO_FACE
from .truth import KEY_CHANGE_DELAY, RECORDS_CONFIRMED
from .visits import CALLS_24H, CALLS_WITHIN_LIMIT, VISITS_SIGNED

__all__ = [
    "CALLS_24H",
    "CALLS_WITHIN_LIMIT",
    "CONTACT",
    "CONTACT_DIAMOND_GOLD",
    "CONTACT_SILVER",
    "FACE_TO_FACE",
    "KEY_CHANGE_DELAY",
    "RECORDS_CONFIRMED",
    "VISITS_SIGNED",
]
