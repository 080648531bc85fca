"""Calls of the REST API with the retries that are safe: reads, writes with a key, upserts."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from crm_client.errors import ApiError, CursorGone, FieldProblem, PreconditionFailed, Unreachable

Record = dict[str, Any]
RETRIED = frozenset({409, 429, 502, 503, 504})
"""409 only when a twin with the same key is still running (`in_flight`)."""
LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one upsert: created, updated, unchanged or stale; `proposed` fields wait for a supervisor."""

    status: str
    record: Record
    etag: str
    proposed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BulkRow:
    """What became of one row of a bulk call."""

    index: int
    status: str
    id: int | None
    body: Record
    problems: list[FieldProblem]


@dataclass(frozen=True, slots=True)
class BulkResult:
    """All rows of a bulk call, in order."""

    rows: list[BulkRow]

    @property
    def failed(self) -> list[BulkRow]:
        """The rows that were not taken."""
        return [row for row in self.rows if row.status == "failed"]

    def count(self, status: str) -> int:
        """How many rows ended this way."""
        return sum(row.status == status for row in self.rows)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of the change feed; `next` is the cursor to go on from, `more` says whether to go on at once."""

    items: list[Record]
    next: str
    more: bool


class Client:
    """One token's view of the CRM. Safe to use from one thread; make one per thread.

    `transport` and `sleep` are for tests. `tries` counts the first attempt.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeout: float = 60.0,
        tries: int = 6,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {token}", "Accept-Language": "en", "Accept-Encoding": "gzip"},
            timeout=timeout,
            transport=transport,
        )
        self._tries = tries
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    # --- One record

    def get(self, path: str) -> tuple[Record, str]:
        """One record and its ETag, by its path, e.g. `customers/12`."""
        answer = self._call("GET", path)
        return answer.json(), answer.headers.get("ETag", "")

    def get_by_external_id(self, source: str, external_id: str) -> tuple[Record, str]:
        """One customer by the id of another system."""
        return self.get(_customer_path(source, external_id))

    def upsert(
        self,
        source: str,
        external_id: str,
        values: Mapping[str, Any],
        *,
        if_match: str = "",
        create_only: bool = False,
        replace: bool = False,
    ) -> Written:
        """Create or change one customer by the id of another system: missing fields stay, None clears.

        `replace` clears missing fields too. Raises `PreconditionFailed` when `if_match` is no longer true.
        """
        headers = {"If-Match": if_match} if if_match else {"If-None-Match": "*"} if create_only else {}
        answer = self._call(
            "PUT" if replace else "PATCH", _customer_path(source, external_id), json=dict(values), headers=headers
        )
        body = answer.json()
        return Written(body["status"], body["record"], answer.headers.get("ETag", ""), list(body.get("proposed", ())))

    def post(self, path: str, body: Any, *, key: str = "") -> Record:
        """A POST that happens once, however often it has to be sent: `key` is made up when none is given."""
        answer = self._call("POST", path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())})
        found: Record = answer.json() if answer.content else {}
        return found

    # --- Many records

    def bulk(
        self,
        path: str,
        items: Sequence[Mapping[str, Any]],
        *,
        mode: str = "partial",
        dry_run: bool = False,
        key: str = "",
    ) -> BulkResult:
        """Send up to 1,000 rows to a bulk address, e.g. `customers/bulk`; an atomic refusal has its rows too."""
        body: Record = {"items": [dict(item) for item in items]}
        if mode != "partial":
            body["mode"] = mode
        if dry_run:
            body["dry_run"] = True
        answer = self._call("POST", path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())}, also=(422,))
        found = answer.json()
        if "items" not in found:
            raise _error(answer)
        return BulkResult([_bulk_row(index, row) for index, row in enumerate(found["items"])])

    def pages(self, path: str, *, limit: int = 1000, cursor: str = "", **filters: Any) -> Iterator[Record]:
        """The pages of a list as the API answers them: `items`, `next`, and `changes_cursor` on the first."""
        asked: Record = {"limit": limit, **filters}
        while True:
            page = self._call("GET", path, params=asked | ({"cursor": cursor} if cursor else {})).json()
            yield page
            cursor = page["next"] or ""
            if not cursor:
                return

    def list(self, path: str, **filters: Any) -> Iterator[Record]:
        """Every record of a list."""
        for page in self.pages(path, **filters):
            yield from page["items"]

    # --- What changed

    def changes(
        self,
        cursor: str,
        types: Sequence[str] = (),
        *,
        limit: int = 1000,
        records: bool = False,
        skip_own: bool = False,
    ) -> ChangePage:
        """What changed since `cursor`; the same cursor may be asked again. Raises `CursorGone` when it is too old."""
        asked: Record = {"cursor": cursor, "limit": limit}
        if types:
            asked["types"] = ",".join(types)
        if records:
            asked["include"] = "record"
        if skip_own:
            asked["skip_own"] = "true"
        body = self._call("GET", "changes", params=asked).json()
        return ChangePage(body["items"], body["next"], bool(body["more"]))

    # --- The wire

    def _call(self, method: str, path: str, *, also: tuple[int, ...] = (), **sent: Any) -> httpx.Response:
        """One call, repeated while repeating is safe and may help."""
        fault: Exception | None = None
        for attempt in range(self._tries):
            if attempt:
                self._sleep(_wait(attempt, fault))
            try:
                answer = self._http.request(method, path.lstrip("/"), **sent)
            except httpx.TransportError as problem:
                fault = problem
                continue
            if answer.is_success or answer.status_code in also:
                return answer
            refusal = _error(answer)
            if answer.status_code not in RETRIED or (refusal.status == 409 and refusal.code != "in_flight"):
                raise refusal
            fault = refusal
        if isinstance(fault, ApiError):
            raise fault
        raise Unreachable(f"{method} {path}: no answer after {self._tries} tries") from fault


def _customer_path(source: str, external_id: str) -> str:
    return f"customers/by-external-id/{quote(source, safe='')}/{quote(external_id, safe='')}"


def _bulk_row(index: int, row: Mapping[str, Any]) -> BulkRow:
    problems = [FieldProblem(found["pointer"], found["code"], found["detail"]) for found in row.get("errors") or ()]
    return BulkRow(index, row["status"], row.get("id"), dict(row), problems)


def _error(answer: httpx.Response) -> ApiError:
    if "json" in answer.headers.get("Content-Type", ""):
        body = answer.json()
    else:
        body = {"code": "no_problem_document", "detail": answer.reason_phrase}
    body.setdefault("retry_after", answer.headers.get("Retry-After", ""))
    kinds: dict[int, type[ApiError]] = {410: CursorGone, 412: PreconditionFailed}
    return kinds.get(answer.status_code, ApiError)(answer.status_code, body)


def _wait(attempt: int, fault: Exception | None) -> float:
    """Seconds to wait before this attempt: what the server asked for, else doubling with jitter."""
    asked = str(fault.body.get("retry_after", "")) if isinstance(fault, ApiError) else ""
    if asked.isdigit():
        return min(float(asked), LONGEST_WAIT)
    return min(2.0 ** (attempt - 1), LONGEST_WAIT) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries
