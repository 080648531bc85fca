"""What of accounts is heard of in the change feed."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.queries import directory, lines
from accounts.queries.customer_records import FIELDS, customer_records
from crm.core.feed import Also, FeedType, Lent, Reader, Record, by_id, records_by

SEES = "view_customers"


def _customers(reader: Reader, ids: Sequence[int]) -> dict[int, Record]:
    page = customer_records(reader.access.scope, filters={"ids": list(ids)}, limit=len(ids), is_masked=reader.is_masked)
    return by_id(page.items)


def _tiers(reader: Reader, ids: Sequence[int]) -> dict[int, Record]:
    return {pk: row for pk, row in by_id(directory.tier_table(reader.today)).items() if pk in ids}


VERSIONED = (
    *((f"accounts_{part}", "customer_id") for part in (
        "contactperson", "groupmember", "personprofile", "channelprofile", "privateprofile", "familymember",
        "jobchange", "relationshipstrength", "customerfile",
    )),
    ("accounts_customermerge", "survivor_id"),
)  # fmt: skip
"""Whose rows move a customer's version, which itself is not in the log: who holds the record holds its ETag too."""

MANAGER = "accounts_customer x JOIN accounts_staff o ON o.id = x.manager_id"
BACKUP = "accounts_customer x JOIN accounts_staff m ON m.id = x.manager_id JOIN accounts_staff o ON o.id = m.backup_id"
CARD = ("number", "name", "phone")
LENT = (
    Lent("accounts_unit", {"code": "unit"}, "accounts_customer x JOIN accounts_unit o ON o.id = x.unit_id"),
    Lent("accounts_tier", {"code": "tier"}, "accounts_customer x JOIN accounts_tier o ON o.id = x.tier_id"),
    Lent("accounts_staff", {**dict.fromkeys(CARD, "manager"), "backup_id": "backup_manager"}, MANAGER),
    Lent("accounts_staff", dict.fromkeys(CARD, "backup_manager"), BACKUP),
)
"""What a customer's record shows of his unit, tier, manager and backup (ORG-10)."""

FEED_TYPES = (
    FeedType(
        "unit", "accounts_unit", "directory:read", SEES, records_by(directory.unit_rows, SEES),
        unit="x.id", unit_column="parent_id", fields=directory.UNIT_FIELDS,
    ),
    FeedType(
        "staff", "accounts_staff", "directory:read", SEES, records_by(directory.staff_rows, SEES),
        unit="x.unit_id", manager="x.id", fields=directory.STAFF_FIELDS,
    ),
    FeedType(
        "tier", "accounts_tier", "directory:read", SEES, _tiers,
        where="x.is_active", also=(Also("accounts_tierrule", "tier_id", "contact_period"),),
    ),
    FeedType(
        "customer", "accounts_customer", "customers:read", SEES, _customers,
        unit="x.unit_id", manager="x.manager_id", fields=FIELDS,
        outside="LEFT JOIN accounts_externalid e ON e.customer_id = x.id AND e.alias = 0",
        external=("e.source", "e.external_id"),
        also=(
            Also("accounts_externalid", "customer_id", "external_ids"),
            Also("accounts_learnedfact", "customer_id", "corrections"),
            *(Also(table, column, "version") for table, column in VERSIONED),
        ),
        lent=LENT,
    ),
    FeedType(
        "contact_person", "accounts_contactperson", "customers:read", SEES,
        records_by(directory.contact_person_rows, SEES, masked=True), parent="customer_id",
        fields=directory.CONTACT_FIELDS, external=("x.external_source", "x.external_id"),
    ),
    FeedType(
        "group_member", "accounts_groupmember", "lines:read", SEES,
        records_by(lines.member_records, SEES, masked=True), parent="customer_id",
    ),
    FeedType(
        "line", "accounts_line", "lines:read", SEES, records_by(lines.line_records, SEES, masked=True),
        parent="customer_id", external=("x.source", "x.external_id"),
    ),
    FeedType(
        "lifecycle_event", "accounts_lifecycleevent", "lines:read", SEES, records_by(lines.event_records, SEES),
        parent="customer_id", external=("x.source", "x.external_id"),
        also=(Also("accounts_lifecycleevent", "reverses_id", "is_reversed"),),
    ),
    FeedType(
        "signal", "accounts_signal", "signals:read", "view_alerts", records_by(lines.signal_records, "view_alerts"),
        parent="customer_id", external=("x.source", "x.external_id"),
    ),
)  # fmt: skip
