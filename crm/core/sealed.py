"""Secrets that must be read again lie encrypted in the database; the key does not lie there (safety 1.4)."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def seal(text: str, purpose: str) -> str:
    """A secret as it is stored; what is sealed for one purpose opens for no other."""
    return _keys(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The secret again."""
    return _keys(purpose).decrypt(sealed.encode()).decode()


def _keys(purpose: str) -> MultiFernet:
    """Keys made from SECRET_KEY; old ones stay readable through SECRET_KEY_FALLBACKS."""
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"crm.{purpose} ".encode() + force_bytes(secret)).digest()))
            for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ]
    )
