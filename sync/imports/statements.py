"""The SQL of an import, put together once from the fields that are mapped (mechanisms C).

Names of columns come from `fields.FIELDS`, never from a file; values are bound. Three temporary tables: `import_stage`
(the good rows as typed columns, NULL meaning "keep"), `import_work` (what is to be done with each row of the chunk at
hand) and `import_named` (search columns of new names; a source's first file has them in the stage).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.choices import CustomerKind, CustomerState
from accounts.rules.customers import has_field
from crm.core.scope import Scope
from sync.imports.fields import CLEARED, FIELDS, Field
from sync.imports.fragments import (
    column,
    differ,
    kinds_with,
    new_person,
    new_value,
    probe,
    stage_type,
    stored_person,
)
from sync.imports.keys import OF_SOURCES, STAGE, TAKEN, insert_ids, own_id

__all__ = ["STAGE", "Statements"]

DEEDS = ("kind", "unit", "manager", "tier", "state", "group")
GONE = "('" + "', '".join((CustomerState.CHURNED.value, CustomerState.EXITED.value)) + "')"
NO_PERSON = "('" + "', '".join((CustomerKind.GROUP.value, CustomerKind.CHANNEL.value)) + "')"

PERSON = ("sex", "birthday", "is_lunar_birthday", "personality", "sports", "reward_preference")

WORK_COLUMNS = (
    "row_no integer, customer_id bigint, action text, problems text[], kind text, state text,"
    " unit_id bigint, manager_id bigint, tier_id bigint, group_id bigint, has_plain boolean, has_person boolean,"
    " has_manager boolean, has_tier boolean, is_lower boolean, has_state boolean, has_name boolean, has_moved boolean"
)


@dataclass
class Statements:
    """Every statement of one import; `constants` are what new customers get where the file says nothing."""

    fields: list[Field]
    constants: dict[str, Any]
    source: str
    scope: Scope
    now: datetime
    today: date
    by_id: int | None
    is_dry: bool = False
    # No customer has an id of this source yet: all rows are new, their search columns come with the stage.
    is_first: bool = False
    # And nobody else brings ids of this source meanwhile: no need to look for them.
    is_alone: bool = False
    names: set[str] = field(default_factory=set)
    # Where the ids are looked up: those of sources, or the numbers and phones found for this file.
    keys: str = OF_SOURCES

    def __post_init__(self) -> None:
        self.names = {entry.name for entry in self.fields}
        self.plain = [entry for entry in self.fields if entry.home == "customer"]
        self.person = [entry for entry in self.fields if entry.home == "person"]
        self.given = {
            "name": "",
            **self.constants,
            "now": self.now,
            "today": self.today,
            "source": self.source,
            "by": self.by_id,
            "units": list(self.scope.unit_ids),
        }

    # --- The stage

    def create(self) -> list[str]:
        """The temporary tables."""
        columns = ", ".join(f"{column(entry.name)} {stage_type(entry)}" for entry in self.fields)
        columns += ", pinyin text, initials text, name_tokens tsvector" if self.is_first else ""
        return [
            "DROP TABLE IF EXISTS import_stage, import_work, import_named, import_keys",
            f"CREATE TEMP TABLE import_stage (row_no integer, {columns})",
            f"CREATE TEMP TABLE import_work ({WORK_COLUMNS})",
            "CREATE TEMP TABLE import_named (row_no integer, pinyin text, initials text, name_tokens tsvector)",
        ]

    def copy(self) -> str:
        """COPY of checked lines into the stage."""
        columns = ", ".join(column(entry.name) for entry in self.fields)
        columns += ", pinyin, initials, name_tokens" if self.is_first else ""
        return f"COPY import_stage (row_no, {columns}) FROM STDIN"

    # --- What is to be done

    def classify(self) -> tuple[str, dict[str, Any]]:
        """Fill `import_work` for the rows from %(first)s to %(last)s; rows that change nothing are left out."""
        visible, scope_params = self.scope.sql("c")
        params = dict(self.given)
        for place, value in enumerate(scope_params):
            params[f"scope{place}"] = value
            visible = visible.replace("%s", f"%(scope{place})s", 1)
        # The sequence by name: looking it up for every row costs more than the number.
        new_id = "NULL" if self.is_dry else "nextval('accounts_customer_id_seq')"
        sql = (
            "INSERT INTO import_work"
            f" SELECT w.row_no, CASE w.action WHEN 'created' THEN {new_id} ELSE w.customer_id END,"
            " w.action, w.problems, w.kind, w.state, w.unit_id, w.manager_id, w.tier_id, w.group_id, w.has_plain,"
            " w.has_person, w.has_manager, w.has_tier AND NOT w.is_lower, w.is_lower, w.has_state, w.has_name,"
            " w.has_moved FROM (SELECT f.*,"
            " CASE WHEN f.problems IS NOT NULL THEN 'failed' WHEN f.is_stale THEN 'stale'"
            " WHEN f.customer_id IS NULL THEN 'created'"
            " WHEN f.has_plain OR f.has_person OR f.has_manager OR f.has_state OR (f.has_tier AND NOT f.is_lower)"
            " THEN 'updated' ELSE 'unchanged' END AS action FROM ("
            f"SELECT s.row_no, c.id AS customer_id, {self._problems(visible)} AS problems,"
            " r.kind, r.state, r.unit_id, r.manager_id, r.tier_id, r.group_id,"
            f" {self._is_stale()} AS is_stale, {self._flags()} FROM {self._sources()} OFFSET 0) f OFFSET 0) w"
            " WHERE w.action <> 'unchanged' OR w.is_lower"
        )
        return sql, params

    def _sources(self) -> str:
        """Each row with the customer it means and the rows its codes mean; "keep" is already the stored value in `r`.

        The laterals with LIMIT keep it at one index probe a row, whatever the planner believes about the tables:
        a chunk costs the same in a base of a thousand customers and of a million.
        """
        kind = f"coalesce({self._stage('kind')}, c.kind, {self._constant('kind', 'text')})"
        tier_code, tier = self._tier()
        manager = self._kept("manager", "nullif(s.manager, 0)", "c.manager_id", "bigint")
        group = self._kept("group", "g.id", "c.group_id", "bigint")
        unit = f"coalesce({self._stage('unit')}, c.unit_id, {self._constant('unit', 'bigint')}, m.unit_id)"
        state = f"coalesce({self._stage('state')}, c.state, {self._constant('state', 'text')}, 'active')"
        parts = [
            f"(SELECT * FROM import_stage s WHERE {self.in_chunk} OFFSET 0) s",
            *self._known(),
            self._group_probe() if "group" in self.names else "",
            f" LEFT JOIN accounts_staff m ON m.id = coalesce({self._stage('manager')},"
            f" {self._constant('manager', 'bigint')})",
            f" CROSS JOIN LATERAL (SELECT {kind} AS kind OFFSET 0) k",
            f" LEFT JOIN accounts_tier t ON t.kind = k.kind AND t.code = {tier_code} AND t.is_active",
            f" CROSS JOIN LATERAL (SELECT k.kind, {state} AS state, {unit} AS unit_id, {manager} AS manager_id,"
            f" {tier} AS tier_id, {group} AS group_id OFFSET 0) r",
            " LEFT JOIN accounts_tier ct ON ct.id = c.tier_id" if "tier" in self.names else "",
        ]
        return "".join(parts)

    def _known(self) -> list[str]:
        """The customer that has the row's external id, with his profile."""
        if self.is_alone:
            joins = [" LEFT JOIN accounts_customer c ON FALSE", " LEFT JOIN accounts_personprofile p ON FALSE"]
        else:
            joins = [
                probe(self.keys, "x.source = %(source)s AND x.external_id = s.external_id", "e")
                + probe("accounts_customer", "x.id = e.customer_id", "c"),
                probe("accounts_personprofile", "x.customer_id = c.id", "p"),
            ]
        return joins if self.person else joins[:1]

    @property
    def in_chunk(self) -> str:
        """The rows of the stage that are at hand; groups come before the persons who name them."""
        belongs = " AND (coalesce(s.group_code, '') <> '') = %(belongs)s" if "group" in self.names else ""
        return f"s.row_no BETWEEN %(first)s AND %(last)s{belongs}"

    def count(self) -> str:
        """How many rows the chunk has."""
        return f"SELECT count(*) FROM import_stage s WHERE {self.in_chunk}"

    def _tier(self) -> tuple[str, str]:
        """Which code to look for, and the tier that is wanted."""
        if "tier" in self.names or "tier" not in self.constants:
            return self._stage("tier"), self._kept("tier", "t.id", "c.tier_id", "bigint")
        return "CASE WHEN c.id IS NULL THEN %(tier)s END", "CASE WHEN c.id IS NULL THEN t.id ELSE c.tier_id END"

    def _group_probe(self) -> str:
        inside = "" if self.scope.everything else " AND y.unit_id = ANY(%(units)s)"
        return (
            " LEFT JOIN LATERAL (SELECT y.id FROM accounts_externalid x JOIN accounts_customer y"
            f" ON y.id = x.customer_id AND y.kind = 'group'{inside}"
            " WHERE x.source = %(source)s AND x.external_id = s.group_code LIMIT 1) g ON TRUE"
        )

    def _stage(self, name: str) -> str:
        return f"s.{column(name)}" if name in self.names else f"NULL::{stage_type(FIELDS[name])}"

    def _constant(self, name: str, kind: str) -> str:
        return f"%({name})s::{kind}" if name in self.constants else f"NULL::{kind}"

    def _kept(self, name: str, new: str, old: str, kind: str) -> str:
        """A reference: what the file says when it says something, else what is stored, else the constant."""
        if name in self.names:
            fallback = f"CASE WHEN c.id IS NULL THEN {self._constant(name, kind)} ELSE {old} END"
            return f"CASE WHEN {self._stage(name)} IS NOT NULL THEN {new} ELSE {fallback} END"
        return f"CASE WHEN c.id IS NULL THEN {self._constant(name, kind)} ELSE {old} END"

    def _problems(self, visible: str) -> str:
        """Everything that can only be said with the stored rows at hand: "code field", the first being the worst."""
        checks = [
            (f"c.id IS NOT NULL AND NOT coalesce({visible}, FALSE)", "not_found external_id"),
            ("r.kind IS NULL", "required kind"),
            (
                "c.id IS NOT NULL AND r.kind <> c.kind AND (c.tier_id IS NOT NULL"
                " OR (r.kind = 'ordinary' AND c.manager_id IS NOT NULL))",
                "kind_fixed kind",
            ),
            ("c.id IS NULL AND r.unit_id IS NULL", "required unit"),
            ("r.kind = 'ordinary' AND r.manager_id IS NOT NULL", "ordinary_customer manager"),
            ("r.kind = 'ordinary' AND r.tier_id IS NOT NULL", "ordinary_customer tier"),
        ]
        if not self.scope.everything:
            checks.append(("r.unit_id IS NOT NULL AND NOT r.unit_id = ANY(%(units)s)", "not_found unit"))
        if "name" in self.names:
            checks.append(("c.id IS NULL AND s.name IS NULL", "required name"))
        elif "name" not in self.constants:
            checks.append(("c.id IS NULL", "required name"))
        checks += [(TAKEN, "taken new_id")] if "new_id" in self.names else []
        if "tier" in self.names:
            checks.append(("s.tier <> '' AND r.tier_id IS NULL", "invalid_choice tier"))
        elif "tier" in self.constants:
            checks.append(("c.id IS NULL AND r.tier_id IS NULL", "invalid_choice tier"))
        if "group" in self.names:
            in_file = (
                " AND NOT EXISTS (SELECT 1 FROM import_stage x WHERE x.external_id = s.group_code)"
                if self.is_dry
                else ""
            )
            if own_id(self.keys) in self.names:
                checks.append((f"s.group_code = s.{own_id(self.keys)}", "circular group"))
            checks.append((f"s.group_code <> '' AND r.group_id IS NULL{in_file}", "not_found group"))
            checks.append(("s.group_code <> '' AND r.kind IN " + NO_PERSON, "not_for_kind group"))
        checks += [
            (
                f"s.{entry.name} IS NOT NULL AND s.{entry.name} <> '{CLEARED[entry.column_type]}' AND NOT r.kind IN"
                f" ({kinds_with(entry.name)})",
                f"not_for_kind {entry.name}",
            )
            for entry in self.plain
            if not all(has_field(kind, entry.name) for kind in CustomerKind.values)
        ]
        if self.person:
            given = " OR ".join(f"s.{entry.name} IS NOT NULL" for entry in self.person)
            checks.append((f"r.kind IN {NO_PERSON} AND ({given})", f"not_for_kind {self.person[0].name}"))
        wrong = " OR ".join(f"({condition})" for condition, _code in checks)
        found = ", ".join(f"CASE WHEN {condition} THEN '{code}' END" for condition, code in checks)
        return f"CASE WHEN {wrong} THEN array_remove(ARRAY[{found}]::text[], NULL) END"

    def _is_stale(self) -> str:
        if "source_updated_at" not in self.names:
            return "FALSE"
        return "coalesce(s.source_updated_at < c.source_updated_at, FALSE)"

    def _flags(self) -> str:
        """What really differs: `unchanged` is real (sync-api)."""
        if self.is_alone:
            flags = ("plain", "person", "manager", "tier", "lower", "state", "name", "moved")
            return ", ".join(f"FALSE AS {'is' if flag == 'lower' else 'has'}_{flag}" for flag in flags)
        plain = [(f"c.{entry.name}", new_value(entry, "c")) for entry in self.plain]
        plain += [("c.kind", "r.kind")] if "kind" in self.names else []
        plain += [("c.unit_id", "r.unit_id")] if "unit" in self.names else []
        plain += [("c.group_id", "r.group_id")] if "group" in self.names else []
        person = [(stored_person(entry), new_person(entry)) for entry in self.person]
        name = "s.name IS NOT NULL AND s.name <> c.name" if "name" in self.names else "FALSE"
        is_lower = (
            "(r.tier_id IS DISTINCT FROM c.tier_id AND c.state = 'active' AND c.tier_id IS NOT NULL"
            " AND (t.id IS NULL OR t.rank > ct.rank))"
            if "tier" in self.names
            else "FALSE"
        )
        return (
            f"{differ(plain)} AS has_plain, {differ(person)} AS has_person,"
            " r.manager_id IS DISTINCT FROM c.manager_id AS has_manager,"
            " r.tier_id IS DISTINCT FROM c.tier_id AS has_tier,"
            f" {is_lower} AS is_lower,"
            f" r.state <> c.state AS has_state, {name} AS has_name,"
            " (r.unit_id <> c.unit_id OR r.kind <> c.kind) AS has_moved"
        )

    # --- Writing

    def name_new(self) -> str:
        """Names that need search columns: of new customers and changed ones."""
        name = "s.name" if "name" in self.names else "%(name)s"
        return (
            f"SELECT w.row_no, {name} FROM import_work w JOIN {STAGE} s ON s.row_no = w.row_no"
            " WHERE w.action = 'created' OR (w.action = 'updated' AND w.has_name)"
        )

    @property
    def _search(self) -> tuple[str, str]:
        """Where search columns come from: alias and join."""
        return ("s", "") if self.is_first else ("n", " LEFT JOIN import_named n ON n.row_no = w.row_no")

    def insert_customers(self) -> str:
        """New customers with every column; what the file does not say is empty or the constant."""
        search, named = self._search
        columns = {
            "id": "w.customer_id",
            "kind": "w.kind",
            "name": "s.name" if "name" in self.names else "%(name)s",
            "pinyin": f"{search}.pinyin",
            "initials": f"{search}.initials",
            "name_tokens": f"{search}.name_tokens",
            "state": "w.state",
            "unit_id": "w.unit_id",
            "manager_id": "w.manager_id",
            "tier_id": "w.tier_id",
            "group_id": "w.group_id",
            "exited_on": f"CASE WHEN w.state IN {GONE} THEN %(today)s::date END",
            "is_important": "FALSE",
            "important_reason": "''",
            "source_updated_at": self._stage("source_updated_at"),
            "version": "1",
            "created_at": "%(now)s",
            "updated_at": "%(now)s",
            "profile_updated_at": "%(now)s",
        }
        for entry in FIELDS.values():
            if entry.home == "customer" and entry.name != "name":
                columns[entry.name] = self._first(entry)
        return (
            f"INSERT INTO accounts_customer ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
            f" FROM import_work w JOIN {STAGE} s ON s.row_no = w.row_no{named}"
            " WHERE w.action = 'created' ORDER BY w.row_no"
        )

    def _first(self, entry: Field) -> str:
        """The value of a field of a new customer."""
        empty = {"text": "''", "boolean": "FALSE"}.get(entry.column_type, f"NULL::{entry.column_type}")
        if entry.name in self.names:
            stage = f"s.{entry.name}"
            if entry.column_type not in ("text", "boolean"):
                return f"nullif({stage}, '{CLEARED[entry.column_type]}')"
            empty = self._constant(entry.name, entry.column_type) if entry.name in self.constants else empty
            return f"coalesce({stage}, {empty})"
        return self._constant(entry.name, entry.column_type) if entry.name in self.constants else empty

    def insert_side_rows(self) -> list[str]:
        """External id, assignment and tier history of the new customers."""
        new = "FROM import_work w"
        return [
            *insert_ids(self.keys, self.names),
            "INSERT INTO accounts_assignment (customer_id, staff_id, valid_from, reason)"
            f" SELECT w.customer_id, w.manager_id, %(today)s, '' {new} WHERE w.action = 'created'"
            " AND w.manager_id IS NOT NULL ORDER BY w.row_no",
            "INSERT INTO accounts_tierhistory (customer_id, tier_id, valid_from, reason, decided_by_id)"
            f" SELECT w.customer_id, w.tier_id, %(today)s, '', %(by)s {new} WHERE w.action = 'created'"
            " AND w.tier_id IS NOT NULL ORDER BY w.row_no",
        ]

    def update_customers(self) -> str:
        """Changed customers: plain columns, state and the version, once each."""
        search, named = self._search
        setters = {entry.name: new_value(entry, "c") for entry in self.plain}
        setters |= {"kind": "w.kind", "unit_id": "w.unit_id", "group_id": "w.group_id", "state": "w.state"}
        setters["exited_on"] = f"CASE WHEN w.state IN {GONE} THEN coalesce(c.exited_on, %(today)s) END"
        for name in ("pinyin", "initials", "name_tokens"):
            setters[name] = f"CASE WHEN w.has_name THEN {search}.{name} ELSE c.{name} END"
        setters |= {"version": "c.version + 1", "updated_at": "%(now)s", "profile_updated_at": "%(now)s"}
        setters["source_updated_at"] = f"coalesce({self._stage('source_updated_at')}, c.source_updated_at)"
        assignments = ", ".join(f"{name} = {value}" for name, value in setters.items())
        return (
            f"UPDATE accounts_customer c SET {assignments} FROM import_work w"
            f" JOIN {STAGE} s ON s.row_no = w.row_no{named}"
            " WHERE w.customer_id = c.id AND w.action = 'updated' AND (w.has_plain OR w.has_person OR w.has_state)"
        )

    def insert_persons(self) -> str:
        """Profiles of new customers: nobody else knows them yet, so nothing is looked for."""
        given = " OR ".join(f"s.{entry.name} IS NOT NULL" for entry in self.person)
        none = ", ".join(f"NULL::{FIELDS[name].column_type} AS {name}" for name in PERSON)
        return (
            f"INSERT INTO accounts_personprofile (customer_id, {', '.join(PERSON)})"
            f" SELECT w.customer_id, {self._person_values} FROM import_work w JOIN {STAGE} s ON s.row_no = w.row_no"
            f" CROSS JOIN (SELECT {none}) p WHERE w.action = 'created' AND ({given}) ORDER BY w.row_no"
        )

    def update_persons(self) -> str:
        """Profiles of known customers, some of which have none yet."""
        return (
            f"INSERT INTO accounts_personprofile (customer_id, {', '.join(PERSON)})"
            f" SELECT w.customer_id, {self._person_values} FROM import_work w JOIN {STAGE} s ON s.row_no = w.row_no"
            " LEFT JOIN accounts_personprofile p ON p.customer_id = w.customer_id"
            " WHERE w.action = 'updated' AND w.has_person ORDER BY w.row_no"
            " ON CONFLICT (customer_id) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in PERSON)
        )

    @property
    def _person_values(self) -> str:
        return ", ".join(
            new_person(FIELDS[name]) if name in self.names else stored_person(FIELDS[name]) for name in PERSON
        )
