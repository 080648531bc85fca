"""What can go wrong, as the API says it (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong with a request."""

    pointer: str
    code: str
    detail: str


class ApiError(Exception):
    """The API refused; `status`, `code`, `detail`, `request_id` and `problems` say why."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.request_id = str(body.get("request_id", ""))
        self.body = dict(body)
        self.problems = [
            FieldProblem(str(row.get("pointer", "")), str(row.get("code", "")), str(row.get("detail", "")))
            for row in body.get("errors", ())
        ]
        named = "; ".join(f"{problem.pointer}: {problem.detail}" for problem in self.problems)
        super().__init__(f"{status} {self.code}: {named or self.detail} (request {self.request_id})")


class PreconditionFailed(ApiError):
    """412: somebody changed the record since it was read; `current` is the record as it is now."""

    @property
    def current(self) -> dict[str, Any]:
        """The record as it is now."""
        return dict(self.body.get("current", {}))


class CursorGone(ApiError):
    """410: this cursor can no longer be followed; load anew."""


class Unreachable(Exception):
    """No answer after all tries."""
