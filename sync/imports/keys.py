"""By what a file knows customers: their id in its source, else our number or their phone (issue 7: match keys).

Where it is number or phone, a temporary table shaped like that of external ids stands in for it, and an id that the
file names as well is given to those it means.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from crm.core.scope import Scope
from sync.imports.fields import FIELDS, Field
from sync.imports.mapping import FieldMapping, Mapping

OF_SOURCES, KEYS = "accounts_externalid", "import_keys"
# The rows of the chunk at hand: with these bounds no plan ever reads the whole stage.
STAGE = "(SELECT * FROM import_stage WHERE row_no BETWEEN %(first)s AND %(last)s OFFSET 0)"
TAKEN = (
    "EXISTS (SELECT 1 FROM accounts_externalid x WHERE x.source = %(source)s AND x.external_id = s.new_id"
    " AND x.customer_id IS DISTINCT FROM c.id)"
)

# Who has a new phone here while the source still tells the old one: that one means him all the same.
_FORMER_PHONES = (
    "INSERT INTO import_keys SELECT c.id, %(source)s, s.external_id FROM accounts_ownedfield o"
    " JOIN accounts_learnedfact l ON l.field = o.field AND l.source_value IS NOT NULL"
    " JOIN import_stage s ON s.external_id = l.source_value"
    " JOIN accounts_customer c ON c.id = l.customer_id AND c.phone <> l.source_value AND {seen}"
    " WHERE o.field = 'phone' AND o.source = %(source)s"
)


def stage_fields(mapping: Mapping) -> list[tuple[Field, FieldMapping]]:
    """The fields of the stage; what rows are known by always stands in `external_id`."""
    own, key = FIELDS["external_id"], mapping.key
    if key == own.name:
        return [(FIELDS[name], entry) for name, entry in mapping.fields.items()]
    known_by = replace(own, check=FIELDS[key].check, verbatim=FIELDS[key].verbatim)
    found = [(known_by, mapping.fields[key])]
    for name, entry in mapping.fields.items():
        if name == own.name:
            found.append((replace(own, name="new_id"), entry))
        elif name != "number":
            found.append((FIELDS[name], entry))
    return found


def own_id(keys: str) -> str:
    """The column of the stage that holds ids of the source."""
    return "new_id" if keys == KEYS else "external_id"


def find_keys(key: str, scope: Scope) -> list[tuple[str, str]]:
    """Statements that find the customers meant, each with the code for which the rows it returns are refused."""
    if key == "external_id":
        return []
    seen = "TRUE" if scope.everything else "c.unit_id = ANY(%(units)s)"
    same = {
        "number": "c.number = upper(s.external_id)",
        "phone": "right(c.phone, 4) = right(s.external_id, 4) AND c.phone = s.external_id",
    }[key]
    found = [
        (f"CREATE TEMP TABLE {KEYS} (customer_id bigint, source text, external_id text)", ""),
        (
            f"INSERT INTO {KEYS} SELECT c.id, %(source)s, s.external_id FROM import_stage s"
            f" JOIN accounts_customer c ON {same} AND {seen}",
            "",
        ),
        *([(_FORMER_PHONES.format(seen=seen), "")] if key == "phone" else []),
        (f"CREATE INDEX ON {KEYS} (external_id)", ""),
        (
            f"DELETE FROM import_stage s USING (SELECT external_id FROM {KEYS} GROUP BY 1 HAVING count(*) > 1) t"
            " WHERE t.external_id = s.external_id RETURNING s.row_no, s.external_id",
            "ambiguous",
        ),
    ]
    if key == "number":
        unknown = f"NOT EXISTS (SELECT 1 FROM {KEYS} k WHERE k.external_id = s.external_id)"
        found.append((f"DELETE FROM import_stage s WHERE {unknown} RETURNING s.row_no, s.external_id", "not_found"))
    return found


def twin_rows(keys: str) -> str:
    """Rows that mean a customer whom an earlier row of the file means by another id, number or phone: they go."""
    several = "alias > 0" if keys == OF_SOURCES else "TRUE GROUP BY customer_id HAVING count(*) > 1"
    return (
        "DELETE FROM import_stage s USING (SELECT r.row_no, min(r.row_no) OVER (PARTITION BY e.customer_id) AS first"
        f" FROM {keys} e JOIN import_stage r ON r.external_id = e.external_id WHERE e.source = %(source)s"
        f" AND e.customer_id IN (SELECT customer_id FROM {keys} WHERE source = %(source)s AND {several})) t"
        " WHERE s.row_no = t.row_no AND t.row_no > t.first RETURNING s.row_no, s.external_id, t.first"
    )


def insert_ids(keys: str, names: Collection[str]) -> list[str]:
    """The ids of new customers in the source, where the file has them."""
    own = own_id(keys)
    if own not in names:
        return []
    return [
        "INSERT INTO accounts_externalid (customer_id, source, external_id)"
        f" SELECT w.customer_id, %(source)s, s.{own} FROM import_work w JOIN {STAGE} s ON s.row_no = w.row_no"
        f" WHERE w.action = 'created' AND s.{own} IS NOT NULL ORDER BY w.row_no"
    ]


def link_ids() -> str:
    """Ids for known customers that have none of the source yet; answers who they are."""
    return (
        "INSERT INTO accounts_externalid (customer_id, source, external_id)"
        f" SELECT k.customer_id, %(source)s, s.new_id FROM {STAGE} s JOIN {KEYS} k ON k.external_id = s.external_id"
        " WHERE s.new_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_work w WHERE w.row_no = s.row_no"
        " AND w.action IN ('failed', 'skipped', 'stale')) AND NOT EXISTS (SELECT 1 FROM accounts_externalid x"
        " WHERE x.source = %(source)s AND x.customer_id = k.customer_id) ON CONFLICT DO NOTHING"
        " RETURNING customer_id"
    )
