"""Sign-in of machines: `Authorization: Bearer …`, one statement a request (sync-api)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from crm.core.abilities import Access
from crm.core.db import first_read
from crm.core.models import User
from crm.core.scope import Scope
from sync import lanes, rate
from sync.actions.clients import digest_of
from sync.actions.entries import note_entry
from sync.choices import TokenScope
from sync.kinds import kind_of

# What a token may do at most, by scope; a route asks for both the scope and the ability.
ABILITIES_OF: dict[str, frozenset[str]] = {
    TokenScope.CUSTOMERS_READ: frozenset({"view_customers"}),
    TokenScope.CUSTOMERS_WRITE: frozenset({"view_customers", "edit_customers"}),
    TokenScope.PRIVATE_READ: frozenset({"view_private_profile"}),
    TokenScope.VISITS_READ: frozenset({"view_customers"}),
    TokenScope.VISITS_WRITE: frozenset({"view_customers", "log_visits"}),
    TokenScope.MISSED_CALLS_WRITE: frozenset({"take_missed_calls"}),
    TokenScope.COMPLAINTS_READ: frozenset({"view_cases"}),
    TokenScope.COMPLAINTS_WRITE: frozenset({"view_cases", "take_requests", "handle_cases", "assign_cases"}),
    TokenScope.SALES_READ: frozenset({"view_quotas"}),
    TokenScope.SALES_WRITE: frozenset({"view_quotas", "import_sales"}),
    TokenScope.LINES_READ: frozenset({"view_customers"}),
    TokenScope.LINES_WRITE: frozenset({"view_customers", "edit_customers"}),
    TokenScope.SIGNALS_READ: frozenset({"view_alerts"}),
    TokenScope.SIGNALS_WRITE: frozenset({"view_customers", "work_alerts"}),
    TokenScope.BILLING_READ: frozenset({"view_sales"}),
    TokenScope.BILLING_WRITE: frozenset({"view_sales", "import_sales"}),
    TokenScope.AGREEMENTS_READ: frozenset({"view_sales"}),
    TokenScope.AGREEMENTS_WRITE: frozenset({"view_sales", "import_sales"}),
    TokenScope.POLICIES_READ: frozenset({"view_customers"}),
    TokenScope.ALERTS_READ: frozenset({"view_alerts"}),
    TokenScope.CHURN_READ: frozenset({"view_churn"}),
    TokenScope.KPI_READ: frozenset({"view_kpi"}),
    TokenScope.CARE_WRITE: frozenset({"tell_weather"}),
    TokenScope.DIRECTORY_READ: frozenset({"view_customers"}),
    TokenScope.DIRECTORY_WRITE: frozenset({"manage_units", "manage_staff"}),
    TokenScope.IMPORTS_WRITE: frozenset({"view_customers", "import_customers", "import_sales"}),
    TokenScope.EXPORTS_WRITE: frozenset({"view_customers"}),
    TokenScope.WEBHOOKS_READ: frozenset({"manage_webhooks"}),
    TokenScope.WEBHOOKS_WRITE: frozenset({"manage_webhooks"}),
}

_READ = """
SELECT k.id, k.scopes, k.last_used_at, c.id, c.name, c.source, c.unit_id, c.requests_per_minute, c.rows_per_call,
       u.id, u.username, u.name,
       CASE WHEN top.parent_id IS NOT NULL
         THEN ARRAY(SELECT below.id FROM accounts_unit below WHERE below.path LIKE top.path || '%%') END
FROM sync_token k
JOIN sync_client c ON c.id = k.client_id AND c.is_active
JOIN core_user u ON u.id = c.user_id AND u.is_active
JOIN accounts_unit top ON top.id = c.unit_id
WHERE k.digest = %s AND k.revoked_at IS NULL AND k.expires_at > %s
"""


@dataclass(frozen=True)
class Caller:
    """The client behind a request: what `request.auth` is for a machine."""

    token_id: int
    client_id: int
    name: str
    source: str
    unit_id: int
    scopes: frozenset[str]
    access: Access
    requests_per_minute: int
    rows_per_call: int

    def enter_lane(self) -> Callable[[], None] | None:
        """Begin a bulk call (`sync.lanes`)."""
        return lanes.bulk.enter(self.client_id)

    def note_call(
        self, route: str, counts: Mapping[str, int], ignored: Collection[str], ms: int, now: datetime
    ) -> None:
        """One row of the sync log (`sync.actions.entries`)."""
        note_entry(
            source=self.source, kind=kind_of(route), counts=counts, now=now, client_id=self.client_id,
            ignored=ignored, ms=ms,
        )  # fmt: skip

    def count_request(self, now: datetime) -> tuple[int, int, bool]:
        """(remaining, seconds to the next minute, allowed), over all web processes (`sync.rate`)."""
        window, second = divmod(int(now.timestamp()), 60)
        left = self.requests_per_minute - rate.requests.count(self.client_id, window)
        return max(left, 0), 60 - second, left >= 0


def caller_access(user_id: int, scopes: list[str], unit_ids: list[int] | None) -> Access:
    """What the token may do: the abilities of its scopes, on its unit's subtree; None is the whole company."""
    abilities = frozenset().union(*(ABILITIES_OF[scope] for scope in scopes))
    scope = Scope.ALL if unit_ids is None else Scope(unit_ids=tuple(sorted(unit_ids)))
    return Access(
        user_id=user_id,
        abilities=abilities,
        scopes=dict.fromkeys(abilities, scope),
        roles=frozenset({"api_client"}),
        all_scope=scope,
    )


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; never in a URL."""

    keyword = "Bearer"

    def authenticate(self, request: Any) -> tuple[User, Caller] | None:
        """The service user and the caller; None when there is no such header."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2 or len(parts[1]) > 200:
            raise AuthenticationFailed(_("The Authorization header is not of the form: Bearer <token>."))
        now = timezone.now()
        row = self._row(parts[1].decode("latin-1"), now)
        if row is None:
            raise AuthenticationFailed(_("The token is unknown, revoked or expired."))
        token_id, scopes, used_at, client_id, name, source, unit_id, limit, rows, *person, units = row
        user_id, username, user_name = person
        user = User(pk=user_id, username=username, name=user_name, is_service=True)
        access = caller_access(user_id, scopes, units)
        user.__dict__["access"] = access
        self._attach(request, access)
        self._mark_used(token_id, used_at, now)
        return user, Caller(token_id, client_id, name, source, unit_id, frozenset(scopes), access, limit, rows)

    def authenticate_header(self, request: Any) -> str:
        """What a 401 says."""
        return 'Bearer realm="api"'

    def _row(self, secret: str, now: datetime) -> Any:
        return first_read(_READ, [digest_of(secret), now], ("text", "timestamptz"))

    def _attach(self, request: Any, access: Access) -> None:
        """The same `request.access` as a page has, on DRF's request and on Django's."""
        plain: HttpRequest = getattr(request, "_request", request)
        plain.access = access  # type: ignore[attr-defined]

    def _mark_used(self, token_id: int, used_at: datetime | None, now: datetime) -> None:
        """Keep the last-used time to the minute, without a write per request."""
        if used_at is None or (now - used_at).total_seconds() > 60:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE sync_token SET last_used_at = %s WHERE id = %s", [now, token_id])
