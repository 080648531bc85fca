"""What the indicators count of keeping in touch: each measure is one statement of rows (crm.core.measures)."""

from .contact import CONTACT, CONTACT_DIAMOND_GOLD, CONTACT_SILVER, FACE_TO_FACE

__all__ = ["CONTACT", "CONTACT_DIAMOND_GOLD", "CONTACT_SILVER", "FACE_TO_FACE"]
