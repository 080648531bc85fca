"""Customers that stand twice: the side's supervisor looks at a pair, merges it, and takes a merge back."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.actions.merging.moving import Memory, row_of
from accounts.models import Customer, CustomerMerge, DuplicatePair
from tests.guards.crowd import copy
from tests.guards.route_rows import get, page, post
from tests.visits.ledger_world import customer_of

MERGE = "supervisor group_department director"
ALL = f"{MERGE} stranger_supervisor"
ROUTES = [
    page("accounts:duplicate_list", "", get(ALL)),
    page("accounts:duplicate_search", "", post(ALL)),
    page("accounts:duplicate_dismiss", "pair", post(ALL, MERGE)),
    page("accounts:merge_choose", "", get(ALL)),
    page("accounts:customer_merge", "twin other_twin", get(ALL, MERGE), post(ALL, MERGE)),
    page("accounts:merge_undo", "merge", post(ALL, MERGE)),
]
BODIES: dict[str, Any] = {
    "accounts:duplicate_search": lambda w: {},
    "accounts:duplicate_dismiss": lambda w: {},
    "accounts:customer_merge": lambda w: {"versions": "1-1", "f_district": "other", "reason": "同一个人"},
    "accounts:merge_undo": lambda w: {},
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """Two customers with one number, who are a pair, and one that was merged into the first of them."""
    word, now = rows["word"], timezone.now()
    names = ("twin", "other_twin", "ghost")
    twin, other, ghost = (
        customer_of(cast, manager=who["manager"], district=f"{word}{name}", phone="13900007001") for name in names
    )
    Customer.unscoped.filter(pk__in=[twin.pk, other.pk, ghost.pk]).update(name=f"{word}双")
    rows["twin"], rows["other_twin"] = twin, other
    rows["pair"] = DuplicatePair.unscoped.create(
        first=twin, second=other, score=82, reasons=["phone", "name"], found_on=timezone.localdate(now)
    )
    memory = Memory(customer=row_of(ghost.pk), manager_id=ghost.manager_id)
    Customer.unscoped.filter(pk=ghost.pk).delete()
    rows["merge"] = CustomerMerge.unscoped.create(
        survivor=twin, into_id=twin.pk, merged_id=ghost.pk, merged_number=ghost.number, merged_name=f"{word}双",
        reason=word, memory=memory.as_json(), merged_by=rows["boss_user"], merged_at=now,
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more pairs and merges."""
    others = Customer.unscoped.bulk_create(
        copy(rows["other_twin"], number=f"{rows['other_twin'].pk}-{place}") for place in range(number)
    )
    pair, merge = rows["pair"], rows["merge"]
    DuplicatePair.unscoped.bulk_create(copy(pair, second_id=one.pk) for one in others)
    CustomerMerge.unscoped.bulk_create(copy(merge, merged_id=merge.merged_id + 900_000 + n) for n in range(number))


LISTS = frozenset({"accounts:duplicate_list"})
EMPTY = {"accounts:duplicate_list": ("supervisor", "")}
