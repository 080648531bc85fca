"""Typed parameters in one registry (PLT-10): defined in code, set with a date from which they hold, changes logged."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid

if TYPE_CHECKING:
    from crm.core.models import User

CACHE_SECONDS = 30.0
OURS = "ours"


@dataclass(frozen=True)
class Definition:
    """One parameter: its type, default and limits. `source` is a requirement id, or "ours" for our own default."""

    key: str
    kind: type
    default: Any
    group: str
    label: str | Promise
    help: str | Promise = ""
    minimum: Any = None
    maximum: Any = None
    choices: Callable[[], Sequence[tuple[str, Any]]] | None = None
    unit: str | Promise = ""
    source: str = OURS
    only_future: bool = False  # a number that decides what was owed never changes the past

    @property
    def is_ours(self) -> bool:
        """The source documents don't give this value; the settings page says so."""
        return self.source == OURS


@dataclass
class _Cache:
    loaded_at: float = float("-inf")
    rows: dict[str, tuple[list[date], list[Any]]] = field(default_factory=dict)


REGISTRY: dict[str, Definition] = {}
_cache = _Cache()


def define(key: str, kind: type, *, default: Any, group: str, label: str | Promise, **more: Any) -> Definition:
    """Register a parameter; called by an app's `parameters.py` when it is ready."""
    definition = Definition(key=key, kind=kind, default=default, group=group, label=label, **more)
    known = REGISTRY.get(key)
    if known is not None and known.default != default:
        raise ValueError(f"parameter {key} is defined twice")
    REGISTRY[key] = definition
    return definition


def forget() -> None:
    """Read the table again at the next question (tests, and after a change)."""
    _cache.loaded_at = float("-inf")


def value(key: str, on: date | None = None) -> Any:
    """The value that holds on a date, today without one; the default before the first row."""
    definition = REGISTRY[key]
    dates, values = _rows().get(key, ([], []))
    if not dates:
        return definition.default
    position = bisect_right(dates, on or timezone.localdate())
    return values[position - 1] if position else definition.default


def history(key: str) -> list[tuple[date, Any]]:
    """Every value from its date on, oldest first."""
    dates, values = _rows().get(key, ([], []))
    return list(zip(dates, values, strict=True))


def set_value(key: str, new: Any, *, effective_from: date, by: User | None, now: datetime) -> None:
    """Let a value hold from a date on; the change log keeps who and what before."""
    from crm.core.db import write
    from crm.core.models import Parameter

    definition = REGISTRY.get(key)
    if definition is None:
        raise Invalid(_("There is no parameter with this name."), code="unknown_parameter", field="key")
    typed = parse(definition, new)
    if not date(1900, 1, 1) <= effective_from <= timezone.localdate(now) + timedelta(days=3660):
        raise Invalid(_("This date is too far away."), code="out_of_range", field="effective_from")
    if definition.only_future and effective_from < timezone.localdate(now):
        raise Invalid(
            _("This number decides what was owed: it can only change from today on."),
            code="out_of_range",
            field="effective_from",
        )
    with write(by=by):
        Parameter.objects.update_or_create(
            key=key,
            effective_from=effective_from,
            defaults={"value": _to_json(typed), "set_by": by, "set_at": now},
        )
    forget()


def parse(definition: Definition, raw: Any) -> Any:
    """The typed value of what somebody entered, within its limits."""
    try:
        typed = _typed(definition.kind, raw)
    except (TypeError, ValueError, InvalidOperation) as problem:
        raise Invalid(_("This is not a valid value."), code="invalid", field="value") from problem
    low, high = definition.minimum, definition.maximum
    if (low is not None and typed < low) or (high is not None and typed > high):
        raise Invalid(
            _("The value must be between %(low)s and %(high)s."),
            code="out_of_range",
            field="value",
            params={"low": "…" if low is None else low, "high": "…" if high is None else high},
        )
    if definition.choices is not None:
        allowed = {choice for choice, __ in definition.choices()}
        chosen = typed if isinstance(typed, list) else [typed]
        if not allowed.issuperset(chosen):
            raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="value")
    return typed


def _typed(kind: type, raw: Any) -> Any:
    if kind is bool:
        if isinstance(raw, bool):
            return raw
        return (
            {"true": True, "false": False, "on": True, "": False}[str(raw).lower()]
            if str(raw).lower()
            in (
                "true",
                "false",
                "on",
                "",
            )
            else _refuse(raw)
        )
    if kind is int:
        if isinstance(raw, bool) or (isinstance(raw, float) and not raw.is_integer()):
            raise ValueError(raw)
        return int(raw)
    if kind is Decimal:
        number = Decimal(str(raw))
        if not number.is_finite():
            raise ValueError(raw)
        return number
    if kind is date:
        return raw if isinstance(raw, date) else date.fromisoformat(str(raw))
    if kind is list:
        if not isinstance(raw, list | tuple):
            raise ValueError(raw)
        return [str(item) for item in raw]
    return kind(raw)


def _refuse(raw: Any) -> Any:
    raise ValueError(raw)


def _to_json(typed: Any) -> Any:
    return str(typed) if isinstance(typed, Decimal | date) else typed


def _rows() -> dict[str, tuple[list[date], list[Any]]]:
    """All set values of all parameters; the table is small, so one read every 30 seconds answers everything."""
    from crm.core.models import Parameter

    if time.monotonic() - _cache.loaded_at > CACHE_SECONDS:
        rows: dict[str, tuple[list[date], list[Any]]] = {}
        for key, starts, stored in Parameter.objects.order_by("key", "effective_from").values_list(
            "key", "effective_from", "value"
        ):
            definition = REGISTRY.get(key)
            if definition is not None:
                dates, values = rows.setdefault(key, ([], []))
                dates.append(starts)
                values.append(_typed(definition.kind, stored))
        _cache.rows, _cache.loaded_at = rows, time.monotonic()
    return _cache.rows
