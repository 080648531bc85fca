"""Which rows: the one door to business data (SEC-3, PLT-7; design 4, decisions 12).

A `Scope` is a frozen value. A business model names its way to a unit and to a manager once, in
`SCOPE_PATHS`, and is read through `Model.visible_to(scope)`. There is no `.objects` on such a model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q, QuerySet


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows somebody may see: everything, the customers of some units, or those of some managers.

    `unit_ids` are whole subtrees, already expanded; `manager_ids` are his own staff number's id and those he covers.
    """

    everything: bool = False
    unit_ids: tuple[int, ...] = ()
    manager_ids: tuple[int, ...] = ()

    ALL: ClassVar[Scope]
    NOTHING: ClassVar[Scope]

    @property
    def is_empty(self) -> bool:
        """Nothing at all is visible."""
        return not (self.everything or self.unit_ids or self.manager_ids)

    def union(self, *others: Scope) -> Scope:
        """What any of the scopes lets see."""
        scopes = (self, *others)
        if any(scope.everything for scope in scopes):
            return Scope.ALL
        return Scope(
            unit_ids=_sorted(unit for scope in scopes for unit in scope.unit_ids),
            manager_ids=_sorted(manager for scope in scopes for manager in scope.manager_ids),
        )

    def narrowed_to_units(self, unit_ids: Iterable[int]) -> Scope:
        """The same scope, but only inside these units (an API client's subtree); managers' own rows fall away."""
        wanted = set(unit_ids)
        if self.everything:
            return Scope(unit_ids=_sorted(wanted))
        return Scope(unit_ids=_sorted(wanted.intersection(self.unit_ids)))

    def allows(self, *, unit_id: int | None, manager_id: int | None = None) -> bool:
        """Whether a row with this unit and manager is inside."""
        return (
            self.everything or unit_id in self.unit_ids or (manager_id is not None and manager_id in self.manager_ids)
        )

    def sql(self, customer_alias: str) -> tuple[str, list[Any]]:
        """The condition for raw SQL over a table with `unit_id` and `manager_id`, with its parameters.

        >>> Scope(unit_ids=(1, 2)).sql("c")
        ('c.unit_id = ANY(%s)', [[1, 2]])
        """
        return self.sql_for(unit=f"{customer_alias}.unit_id", manager=f"{customer_alias}.manager_id")

    def sql_for(self, *, unit: str | None = None, manager: str | None = None) -> tuple[str, list[Any]]:
        """The same for any two columns; the names come from code, never from input."""
        if self.everything:
            return "TRUE", []
        parts: list[str] = []
        params: list[Any] = []
        if unit and self.unit_ids:
            parts.append(f"{unit} = ANY(%s)")
            params.append(list(self.unit_ids))
        if manager and self.manager_ids:
            parts.append(f"{manager} = ANY(%s)")
            params.append(list(self.manager_ids))
        if not parts:
            return "FALSE", []
        return (parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"), params

    def q(self, *, unit: str | None = None, manager: str | None = None) -> Q | None:
        """The condition for the ORM over these paths; None when nothing is visible through them."""
        condition = Q()
        if unit and self.unit_ids:
            condition |= Q(**{f"{unit}__in": self.unit_ids})
        if manager and self.manager_ids:
            condition |= Q(**{f"{manager}__in": self.manager_ids})
        return condition or None


Scope.ALL = Scope(everything=True)
Scope.NOTHING = Scope()


def _sorted(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(ids)))


class ScopedModel(models.Model):
    """A business table. `SCOPE_PATHS` has "unit" (ORM path to a unit id) and/or "manager" (path to a staff id)."""

    SCOPE_PATHS: ClassVar[Mapping[str, str]]

    unscoped = models.Manager()

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, scope: Scope) -> QuerySet[Self]:
        """The rows inside the scope; the only way in for pages, API, exports, autocompletes and counts."""
        rows: QuerySet[Self] = cls.unscoped.all()
        if scope.everything:
            return rows
        condition = scope.q(**cls.SCOPE_PATHS)
        return rows.none() if condition is None else rows.filter(condition)
