"""Who calls. This module imports no DRF views: DRF loads it while it loads its own (circular import otherwise).

Browser sessions work here, with CSRF enforced; token sign-in is added by `sync` through
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"], before this class.
"""

from __future__ import annotations

from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(DrfSessionAuthentication):
    """The browser's session; without one the answer is 401 with a hint, never a redirect to a page."""

    def authenticate_header(self, request: Request) -> str:
        """What the 401 says is needed."""
        return 'Bearer realm="api"'
