"""A request as our middleware hands it on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from crm.core.abilities import Access
from crm.core.models import User


class Asked(HttpRequest):
    """Signed in, with his access and htmx's headers."""

    user: User
    access: Access
    htmx: Any
    listed: Any
    """Of a list page: which list it is, and how it is to be shown (crm.core.listed)."""
