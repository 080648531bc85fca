"""The demo's customers who are about to leave, with what shows it: one list for all that tells their stories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from crm.demo.portfolio import DemoCustomer

SEED = 20261107
SHARE = 0.025
FAVOURITE, WANTED = "M1001", 9
"""The manager whose day the demo shows has at least so many of them, the best tiers first."""
USAGE, COMPLAINS, AGREEMENT, ARREARS, RIVAL = "usage", "complains", "agreement", "arrears", "rival"
MIXES: tuple[frozenset[str], ...] = (
    frozenset({USAGE}),
    frozenset({USAGE, COMPLAINS}),
    frozenset({USAGE, AGREEMENT}),
    frozenset({USAGE, ARREARS}),
    frozenset({USAGE, RIVAL, AGREEMENT}),
    frozenset({COMPLAINS, RIVAL}),
    frozenset({AGREEMENT, RIVAL}),
    frozenset({ARREARS, COMPLAINS}),
)
TOP = ("diamond", "gold", "level1", "level2")


@dataclass(frozen=True, slots=True)
class Leaver:
    """One of them: what shows it, for how many months, and how strongly (what is left of the use in the last month)."""

    customer: DemoCustomer
    signs: frozenset[str]
    months: int
    left: float

    def shows(self, sign: str) -> bool:
        """Whether this is one of his signs."""
        return sign in self.signs


def leavers(customers: Iterable[DemoCustomer]) -> list[Leaver]:
    """The same ones however often it is asked: it draws from its own chance."""
    random = Random(SEED)  # noqa: S311 - a demo, not a secret
    staying = [one for one in customers if one.manager is not None and one.state == "active"]
    own = [one for one in staying if one.manager and one.manager.seat.number == FAVOURITE]
    own.sort(key=lambda one: one.tier not in TOP)
    chosen = {one.id for one in own[:WANTED]}
    found = []
    for one in staying:
        draw, mix, months, left = random.random(), random.choice(MIXES), random.randint(2, 4), random.uniform(0.2, 0.6)
        if draw < SHARE or one.id in chosen:
            found.append(Leaver(one, mix, months, round(left, 2)))
    return found
