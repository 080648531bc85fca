"""What an action says when it will not do something: one family for pages, API, bulk and import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from crm.core.wording import Text, worded


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with one field; `field` is "" when it concerns the whole, dotted when nested."""

    field: str
    code: str
    message: Text

    def __str__(self) -> str:
        return str(self.message)


class DomainError(Exception):
    """The deed is refused for a reason of the business. `code` is for programs, `message` for people."""

    code: str = "refused"
    message: Text = _("This cannot be done.")
    status: int = 422

    def __init__(
        self,
        message: Text | None = None,
        *,
        code: str | None = None,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self.code = code or type(self).code
        self.field = field
        self.params: dict[str, Any] = dict(params or {})
        self._message = message if message is not None else type(self).message
        super().__init__(self.code)

    def __str__(self) -> str:
        text = str(self._message)
        return text % self.params if self.params else text

    @property
    def text(self) -> str:
        """The sentence for the person, in the language of the moment."""
        return str(self)

    @property
    def problems(self) -> list[FieldProblem]:
        """The same as a list of field problems."""
        said = worded(self._message, **self.params) if self.params else self._message
        return [FieldProblem(self.field or "", self.code, said)]


class NotAllowed(DomainError):
    """Visible, but this person may not do it (403)."""

    code = "not_allowed"
    message = _("You may not do this.")
    status = 403


class OwnRequest(NotAllowed):
    """SEC-24: the doer never approves his own request."""

    code = "own_request"
    message = _("Nobody decides on his own request.")


class NotFound(DomainError, Http404):
    """Outside the scope, which looks the same as not there (404 on pages without any further handling)."""

    code = "not_found"
    message = _("There is no such record.")
    status = 404


class Gone(DomainError):
    """It was there and became part of another record (410); `survivor` says which one and where."""

    code = "merged"
    message = _("This record was merged into another one.")
    status = 410

    def __init__(self, *, survivor: Mapping[str, Any]) -> None:
        super().__init__()
        self.extra = {"survivor": dict(survivor)}


class LimitReached(DomainError):
    """So often a day and no more (429)."""

    code = "limit_reached"
    message = _("The limit for today is reached.")
    status = 429


class Conflict(DomainError):
    """Somebody else was faster, or the form is old (409); `current` holds today's values."""

    code = "conflict"
    message = _("Somebody else has changed this in the meantime.")
    status = 409

    def __init__(
        self,
        message: Text | None = None,
        *,
        code: str | None = None,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
        current: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code=code, field=field, params=params)
        self.current: dict[str, Any] = dict(current or {})


class Invalid(DomainError):
    """The input is wrong (400, or errors beside the fields of a form); may hold several problems."""

    code = "invalid"
    message = _("Please check the marked fields.")
    status = 400

    def __init__(
        self,
        message: Text | None = None,
        *,
        code: str | None = None,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
        errors: Iterable[FieldProblem] = (),
    ) -> None:
        super().__init__(message, code=code, field=field, params=params)
        self.errors: list[FieldProblem] = list(errors) or super().problems

    @property
    def problems(self) -> list[FieldProblem]:
        """Every problem found."""
        return self.errors


def refuse_own(by_id: int | None, requested_by_id: int | None) -> None:
    """SEC-24: the doer never approves his own request; called by every action that decides."""
    if by_id is not None and by_id == requested_by_id:
        raise OwnRequest
