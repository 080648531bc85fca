"""Completeness of profiles against the required-field policy, set-based in SQL (CUS-9, CUS-27)."""

from __future__ import annotations

from datetime import date

from django.db import connection

from accounts.choices import CustomerKind
from accounts.models import Customer
from accounts.rules import FIELDS_OF_KIND, GroupFill, completeness, fill_by_group
from crm.core.prepared import run

_CONTACT = (
    "EXISTS (SELECT 1 FROM accounts_contactperson x WHERE x.customer_id = c.id AND x.is_active AND x.role = '{role}')"
)

# What "filled" means for each field that can be required; c customer, p person, v private, h channel.
FILLED_SQL: dict[str, str] = {
    **{
        name: f"c.{name} <> ''"
        for name in (
            "name", "phone", "email", "district", "business_address", "credit_code", "industry",
            "preferred_channel", "preferred_time", "service_notes", "sim_kind",
        )
    },
    "joined_on": "c.joined_on IS NOT NULL",
    **{
        name: f"coalesce(p.{name}, '') <> ''"
        for name in ("sex", "personality", "sports", "reward_preference")
    },
    "birthday": "p.birthday IS NOT NULL",
    **{
        name: f"coalesce(v.{name}, '') <> ''"
        for name in ("home_address", "id_number", "occupation", "employer", "position", "family_background")
    },
    "consent_on": "v.consent_on IS NOT NULL",
    "family": "EXISTS (SELECT 1 FROM accounts_familymember x WHERE x.customer_id = c.id)",
    "licence_no": "coalesce(h.licence_no, '') <> ''",
    "licence_until": "h.licence_until IS NOT NULL",
    "contact_person": (
        "EXISTS (SELECT 1 FROM accounts_contactperson x WHERE x.customer_id = c.id AND x.is_active)"
    ),
    "leader": _CONTACT.format(role="leader"),
    "decision_maker": _CONTACT.format(role="decision_maker"),
    "telecom_admin": _CONTACT.format(role="telecom_admin"),
}  # fmt: skip

_JOINS = (
    " LEFT JOIN accounts_personprofile p ON p.customer_id = c.id"
    " LEFT JOIN accounts_privateprofile v ON v.customer_id = c.id"
    " LEFT JOIN accounts_channelprofile h ON h.customer_id = c.id"
)


_CUSTOMERS = f"accounts_customer c{_JOINS}"

# The policy of a kind on a day, one array; a measure cannot ask for it before it is written (KPI-4).
_REQUIRED = (
    "(SELECT coalesce(array_agg(r.field), '{{}}') AS fields FROM accounts_requiredfield r"
    " WHERE r.kind = '{kind}' AND r.field = ANY(%(fields)s) AND r.effective_from <= {day}"
    " AND (r.effective_to IS NULL OR r.effective_to > {day}))"
)

_POLICY = """
SELECT r.kind, r.field, r."group" FROM accounts_requiredfield r
WHERE r.effective_from <= %s AND (r.effective_to IS NULL OR r.effective_to > %s) ORDER BY 1, 3, 2
"""


def required_fields(on: date) -> dict[str, dict[str, str]]:
    """The policy on a day: kind → field → group."""
    policy: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        run(cursor, _POLICY, [on, on], ("date", "date"))
        rows = cursor.fetchall()
    for kind, field, group in rows:
        if field in FILLED_SQL:
            policy.setdefault(kind, {})[field] = group
    return policy


def completeness_select(on: date, *, also: str = "", joins: str = "") -> str:
    """A SELECT of (customer_id, completeness) for all customers, or for those that `joins` leaves.

    `also` adds columns of the customer (`c`) and of tables joined by `joins`.

    The expression is built from the policy; every piece of it is a constant of this module.
    """
    cases = []
    for kind, fields in required_fields(on).items():
        filled = " + ".join(f"({FILLED_SQL[field]})::int" for field in fields)
        cases.append(f"WHEN '{kind}' THEN ({filled}) * 100 / {len(fields)}")
    expression = f"CASE c.kind {' '.join(cases)} ELSE 100 END" if cases else "100"
    columns = f"c.id AS customer_id, {also}{expression} AS completeness"
    return f"SELECT {columns} FROM {_CUSTOMERS}{joins}"


def fill_select(kind: CustomerKind, day: str, *, also: str, joins: str) -> str:
    """A SELECT of (`also`, filled, required) for customers of one kind, `c`; the policy is read by the statement.

    `day` is a mark or a column of the statement; the mark %(fields)s wants `fields_of(kind)`.
    """
    names = fields_of(kind)
    filled = " + ".join(f"('{name}' = ANY(q.fields) AND {FILLED_SQL[name]})::int" for name in names)
    policy = _REQUIRED.format(kind=kind.value, day=day)
    return (
        f"SELECT {also}, ({filled}) AS filled, cardinality(q.fields) AS required"
        f" FROM {_CUSTOMERS} CROSS JOIN {policy} q {joins}"
    )


def fields_of(kind: CustomerKind) -> list[str]:
    """Every field that may be required of this kind and that we can look at."""
    return sorted({name for names in FIELDS_OF_KIND[kind.value].values() for name in names if name in FILLED_SQL})


_FILL = f"""
SELECT ARRAY(SELECT r.field || ' ' || r."group" FROM accounts_requiredfield r WHERE r.kind = %s
        AND r.effective_from <= %s AND (r.effective_to IS NULL OR r.effective_to > %s) ORDER BY r."group", r.field),
    ARRAY[{", ".join(FILLED_SQL.values())}]
FROM {_CUSTOMERS} WHERE c.id = %s
"""


def profile_fill(customer: Customer, on: date) -> list[GroupFill]:
    """How far each profile group of one customer is filled, with what is missing (CUS-9); one statement."""
    with connection.cursor() as cursor:
        run(cursor, _FILL, [customer.kind, on, on, customer.pk], ("varchar", "date", "date", "bigint"))
        policy, looked_at = cursor.fetchone()
    required = dict(row.split(" ") for row in policy)
    filled = frozenset(name for name, is_filled in zip(FILLED_SQL, looked_at, strict=True) if is_filled)
    return fill_by_group({name: group for name, group in required.items() if name in FILLED_SQL}, filled)


def total_fill(groups: list[GroupFill]) -> int:
    """Completeness over all groups, as the list shows it."""
    return completeness(sum(group.filled for group in groups), sum(group.required for group in groups))
