"""The business rules of accounts: frozen data and pure functions."""

from .abilities import (
    ALL_ABILITIES,
    DEPUTISED_ROLES,
    DEPUTY_ABILITIES,
    READS_ALL,
    ROLE_ABILITIES,
    abilities_of,
    denied_to,
)
from .names import name_query, name_vector, pinyin_of, search_tokens
from .periods import (
    add_months,
    months_between,
    next_period_start,
    period_end,
    period_start,
    tier_rule_on,
)

__all__ = [
    "ALL_ABILITIES",
    "DEPUTISED_ROLES",
    "DEPUTY_ABILITIES",
    "READS_ALL",
    "ROLE_ABILITIES",
    "abilities_of",
    "add_months",
    "denied_to",
    "months_between",
    "name_query",
    "name_vector",
    "next_period_start",
    "period_end",
    "period_start",
    "pinyin_of",
    "search_tokens",
    "tier_rule_on",
]
