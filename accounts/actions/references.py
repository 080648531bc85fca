"""Records that the rows of a call name, found in two statements whatever their number (sync-api "manage ids")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import Customer, ExternalId, Line
from accounts.rules.references import Reference, reference
from crm.core.errors import Invalid
from crm.core.scope import Scope


def reference_or_none(value: Any) -> Reference | None:
    """Whom a row names, for finding him; a strange reference is told when the row itself is checked."""
    try:
        return reference(value, "", date.min)
    except Invalid:
        return None


def the_named_customers(
    scope: Scope, source: str, wanted: Iterable[Reference | None]
) -> tuple[dict[Reference, int], dict[int, Customer]]:
    """(customer of each reference, customers by id), of the scope. A word is our number or an id in the own source."""
    references = {one for one in wanted if one is not None}
    ids = {one: one.id for one in references if one.id is not None}
    words = [one for one in references if one.id is None]
    if words:
        ids |= _by_external_id(source, words)
        numbers = dict(
            Customer.visible_to(scope).filter(number__in=[one.word for one in words if not one.source]).values_list(
                "number", "id"
            )
        )  # fmt: skip
        ids |= {one: numbers[one.word] for one in words if not one.source and one.word in numbers}
    rows = Customer.visible_to(scope).filter(pk__in=set(ids.values()))
    known = {row.pk: row for row in rows}
    return {one: pk for one, pk in ids.items() if pk in known}, known


def customers_by_number(scope: Scope, source: str, items: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Rows that name their customer by our id or as {"source", "external_id"}, as if they had given his number."""
    given = {place: item["customer"] for place, item in enumerate(items) if not _is_word(item.get("customer"))}
    if not given:
        return items
    named = {place: _read(value) for place, value in given.items()}
    ids, known = the_named_customers(scope, source, named.values())
    rows = list(items)
    for place, one in named.items():
        if one is not None:
            found = known.get(ids.get(one, 0))
            # A word that is nobody's: the row says that there is no such customer.
            rows[place] = {**rows[place], "customer": found.number if found else f"{one.source}:{one.id or one.word}"}
    return rows


def _is_word(value: Any) -> bool:
    return value is None or isinstance(value, str | bool)


def _read(value: Any) -> Reference | None:
    try:
        return reference(value, "customer", date.min)
    except Invalid:
        return None


def _by_external_id(source: str, words: list[Reference]) -> dict[Reference, int]:
    pairs = {(one.source or source, one.word): one for one in words}
    rows = ExternalId.unscoped.filter(
        source__in={key[0] for key in pairs}, external_id__in={key[1] for key in pairs}
    ).values_list("source", "external_id", "customer_id")
    return {pairs[system, word]: pk for system, word, pk in rows if (system, word) in pairs}


def the_named_lines(
    scope: Scope, source: str, wanted: Iterable[Reference | None]
) -> tuple[dict[Reference, int], dict[int, Line]]:
    """The same of lines. A word is an id in the own source, or a number: the line that has it, else had it last."""
    references = {one for one in wanted if one is not None}
    if not references:
        return {}, {}
    words = {one.word for one in references if one.id is None}
    systems = {one.source or source for one in references if one.id is None}
    rows = Line.visible_to(scope).filter(
        Q(pk__in=[one.id for one in references if one.id is not None])
        | Q(source__in=systems, external_id__in=words)
        | Q(number__in=words)
    )
    known = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    by_key = {(row.source, row.external_id): row.pk for row in known.values() if row.external_id}
    latest = sorted(known.values(), key=lambda row: (row.closed_on is None, row.opened_on, row.pk))
    by_number = {row.number: row.pk for row in latest}
    found: dict[Reference, int] = {}
    for one in references:
        pk = one.id if one.id is not None else by_key.get((one.source or source, one.word))
        if pk is None and not one.source:
            pk = by_number.get(one.word)
        if pk in known and pk is not None:
            found[one] = pk
    return found, known
