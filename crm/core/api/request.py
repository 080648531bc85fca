"""A request of the API as `Route` hands it on: permitted, so there is a person or a machine behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from rest_framework.request import Request

if TYPE_CHECKING:
    from crm.core.abilities import Access
    from crm.core.models import User


class Machine(Protocol):
    """What sign-in by token leaves in `request.auth`; a browser's session leaves None."""

    @property
    def source(self) -> str:
        """Under which name its external ids are kept."""

    @property
    def unit_id(self) -> int:
        """The top of its subtree."""

    @property
    def scopes(self) -> Collection[str]:
        """What its token may be used for."""

    @property
    def access(self) -> Access:
        """What it may see and do."""

    @property
    def client_id(self) -> int:
        """Which client it is."""

    @property
    def requests_per_minute(self) -> int:
        """Its published limit."""

    @property
    def rows_per_call(self) -> int:
        """So many rows it may send in one call."""

    def note_call(
        self, route: str, counts: Mapping[str, int], ignored: Collection[str], ms: int, now: datetime
    ) -> None:
        """Keep what a writing call did (CUS-10)."""

    def count_request(self, now: datetime) -> tuple[int, int, bool]:
        """(remaining, seconds to the next minute, allowed)."""

    def enter_lane(self) -> Callable[[], None] | None:
        """Begin a bulk call; what it gives ends it. None: there is no room now."""


class ApiRequest(Request):
    """Signed in: `user.access` says what the caller may see and do."""

    if TYPE_CHECKING:
        user: User
        auth: Machine | None
