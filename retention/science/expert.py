"""What a file's columns mean to somebody who knows telecommunications, before any outcome is known (stage 0; T3).

Odds ratios are priors from the trade, in points (20 double the odds). A column is recognised by its name, English or
Chinese; what is not recognised plays no part. Of the product's own signals the table in force speaks, not this one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retention.rules.points import CATEGORICAL, MAX_PLUS_HALF, Bin, Feature, PointTable, solve_intercept
from retention.science.columns import Column
from retention.science.scoring import totals_of

EXPERT = "expert"
LEAST_RECOGNISED = 3
DAYS_A_MONTH = 30.4
YES, NO = r"yes|y|true|t|1|是|有", r"no|n|false|f|0|否|无"


@dataclass(frozen=True)
class Concept:
    """A signal of the trade: names of columns, bins of its number, or patterns of its categories."""

    name: str
    group: str
    bins: tuple[tuple[float | None, int], ...] = ()
    values: tuple[tuple[str, int], ...] = ()

    def knows(self, column: str) -> bool:
        """Whether a column is this signal."""
        return (
            re.search(self.name, re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)).lower())
            is not None
        )


ADD_ON = ((NO, 6), (YES, -8), (r"no .*", 0))
CONCEPTS = (
    Concept(r"tenure|months? (on|in|with)|subscription length|customer months|在网(时长|月数)|入网月数", "contract",
            ((3, 30), (6, 22), (12, 14), (24, 4), (36, -4), (48, -10), (60, -16), (None, -26))),
    Concept(r"\bcontract|合约|协议(类型|期)", "contract",
            values=((r"month.to.month|monthly|month|none|no|无", 23), (r"one.year|12.*|1.year|yearly|annual", -12),
                    (r"two.year|24.*|2.year|three.year", -34))),
    Concept(r"internet (service|type)", "service",
            values=((r"fib(er|re).*", 18), (r"dsl|cable", 0), (r"no.*|none", -22))),
    Concept(r"payment method", "money",
            values=((r"electronic.*check.*|mailed.*", 9), (r".*auto.*|.*credit.*|.*bank.*", -4))),
    Concept(r"online security|tech(nical)? support|device protection|online backup", "relationship", values=ADD_ON),
    Concept(r"paperless", "money", values=((YES, 5), (NO, -4))),
    Concept(r"senior", "other", ((0.5, -1), (None, 6)), ((YES, 6), (NO, -1))),
    Concept(r"dependents|children", "other", ((0.5, 2), (None, -5)), ((YES, -5), (NO, 2))),
    Concept(r"complain|投诉", "service", ((0.5, -4), (1.5, 26), (None, 36)), ((YES, 26), (NO, -4))),
    Concept(r"(customer|cust) ?(service|serv|care) calls?|calls? to (service|care)|客服.*次数", "service",
            ((1, -3), (2, 0), (3, 3), (4, 10), (None, 30))),
    Concept(r"call ?fail|drop(ped)? ?(calls|vce)|掉话", "service", ((1, -2), (10, 0), (None, 8))),
    Concept(r"international plan|intl plan", "other", values=((YES, 20), (NO, -3))),
    Concept(r"voice ?mail plan", "relationship", values=((YES, -10), (NO, 3))),
    Concept(r"(usage|minutes|revenue|mou|rev|arpu|spend).*(drop|decline|change|chg)|chang.*(minutes|mou|rev)|降幅",
            "usage",
            ((-50, 12), (-30, 8), (-15, 4), (15, 0), (None, 0))),
    Concept(r"(overdue|arrears|past due|dunning).*|欠费", "money", ((0.5, 0), (30, 8), (60, 15), (None, 26))),
    Concept(r"current equipment days|equipment age|eqpdays|handset age", "contract",
            ((180, -10), (300, -2), (420, 10), (None, 4))),
    Concept(r"satisfaction|csat|nps|满意", "service", ((2.5, 26), (3.5, 3), (None, -14))),
    Concept(r"(number|count|no).*referrals|referred", "relationship", ((0.5, 6), (2.5, 0), (None, -14)),
            ((YES, -8), (NO, 5))),
    Concept(r"competitor|竞争|友商", "relationship", ((0.5, 0), (None, 32)), ((YES, 32), (NO, 0))),
    Concept(r"days? since (last|latest)|inactive days|last (login|activity|recharge)", "usage",
            ((7, -8), (30, 0), (60, 14), (None, 26))),
)  # fmt: skip


def expert_table(columns: Sequence[Column], base_rate: float) -> PointTable | None:
    """Points from names and values alone, its mean the base rate that is known; None when too little is recognised."""
    features = [feature for column in columns if (feature := _recognised(column)) is not None]
    if len(features) < LEAST_RECOGNISED:
        return None
    relationship = [each for each in features if each.group == "relationship"]
    table = PointTable(EXPERT, 0.0, tuple(features), groups={"usage": MAX_PLUS_HALF} if not relationship else {})
    points, counts = np.unique(totals_of(table, columns), return_counts=True)
    portfolio = {int(each): int(count) for each, count in zip(points, counts, strict=True)}
    return replace(table, intercept=solve_intercept(portfolio, base_rate))


def _recognised(column: Column) -> Feature | None:
    for concept in CONCEPTS:
        if not concept.knows(column.name):
            continue
        if column.is_numeric and concept.bins:
            scale = DAYS_A_MONTH if _is_in_days(concept, column) else 1.0
            bins = tuple(Bin(None if below is None else below * scale, points) for below, points in concept.bins)
            return Feature(column.name, concept.group, bins=bins)
        if not column.is_numeric and concept.values:
            values = {level: points for level in column.levels if (points := _points(concept, level)) is not None}
            if values:
                return Feature(column.name, concept.group, CATEGORICAL, (), values)
    return None


def _points(concept: Concept, level: str) -> int | None:
    text = level.strip().casefold()
    return next((points for pattern, points in concept.values if re.fullmatch(pattern, text)), None)


def _is_in_days(concept: Concept, column: Column) -> bool:
    """Time with us is told in months, unless somebody would have been here for longer than there are telephones."""
    return "tenure" in concept.name and float(np.nanmax(column.numbers)) > 600
