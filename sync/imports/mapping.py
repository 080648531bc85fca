"""How the columns of one source's file become our fields: read from JSON or from the page, checked first.

    {"source": "billing",
     "fields": {"external_id": "客户编码",
                "kind": {"value": "vip"},
                "joined_on": {"column": "tenure", "as": "months_of_tenure"},
                "sex": {"column": "gender", "values": {"Female": "female", "Male": "male"}},
                "tier": {"rank_of": "MonthlyCharges", "top": {"diamond": 5, "gold": 20}, "rest": "silver"},
                "name": {"template": "{surname}{given}"}},
     "ignored": ["TotalCharges"]}

A `value` is what a new customer gets; it never overwrites. Columns that are not mapped are reported; those listed as
ignored were left out on purpose, so the page proposes nothing for them. Decisions 37.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import BOTH, KNOWN_ONLY, NEW_ONLY
from sync.imports.expected import Expected, expected_of
from sync.imports.fields import Field
from sync.imports.kinds import KINDS, ImportKind
from sync.imports.problems import MappingRefused

SOURCE_FORM = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,39}$")
TOP_KEYS = {
    "source", "kind", "match", "mode", "fields", "ignored", "delimiter", "encoding", "as_of", "description", "expected",
}  # fmt: skip
MODES = (BOTH, NEW_ONLY, KNOWN_ONLY)
FIELD_KEYS = {"column", "value", "template", "rank_of", "top", "rest", "as", "values", "otherwise"}
READINGS: dict[str, tuple[str, ...]] = {
    "date": (
        "date", "DD/MM/YYYY", "MM/DD/YYYY", "excel_serial",
        "days_of_tenure", "months_of_tenure", "years_of_tenure",
    ),
    "numeric": ("yuan", "fen", "wan"),
}  # fmt: skip
ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}
ROW = "row"
PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class FieldMapping:
    """Where one field's values come from: exactly one of column, value, template, rank_of."""

    field: str
    column: str = ""
    value: str | None = None
    template: str = ""
    rank_of: str = ""
    top: tuple[tuple[str, float], ...] = ()
    rest: str = ""
    reading: str = ""
    values: AnyMapping[str, str] | None = None
    otherwise: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file it reads."""
        if self.template:
            return tuple(name for name in PLACE.findall(self.template) if name != ROW)
        return tuple(name for name in (self.column, self.rank_of) if name)


@dataclass(frozen=True)
class Mapping:
    """A whole mapping, its shape checked; `against` checks it against a file."""

    source: str
    fields: dict[str, FieldMapping]
    ignored: tuple[str, ...] = ()
    delimiter: str = ""
    encoding: str = ""
    as_of: str = ""
    kind: str = "customers"
    match: str = ""
    mode: str = BOTH
    expected: Expected | None = None

    @property
    def of(self) -> ImportKind:
        """The kind of file it is for."""
        return KINDS[self.kind]

    @property
    def key(self) -> str:
        """By what rows are known, where that can be chosen."""
        return self.match or next(iter(self.of.matches), "")

    def against(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse a column the file does not have; answer the columns that are not used."""
        used: set[str] = set()
        for entry in self.fields.values():
            for name in entry.columns:
                if name not in header:
                    raise _unknown_column(name, entry.field, header)
                used.add(name)
        return tuple(name for name in header if name not in used)

    def as_json(self) -> dict[str, Any]:
        """The same as plain data, to be remembered or handed to a job."""
        entries: dict[str, Any] = {}
        for name, entry in self.fields.items():
            plain = {
                "column": entry.column, "value": entry.value, "template": entry.template, "rank_of": entry.rank_of,
                "top": dict(entry.top), "rest": entry.rest, "as": entry.reading,
                "values": dict(entry.values) if entry.values is not None else None, "otherwise": entry.otherwise,
            }  # fmt: skip
            entries[name] = {
                key: value
                for key, value in plain.items()
                if value not in (None, "", {}) or (key, value) == ("otherwise", "")
            }
        whole = {
            "source": self.source, "fields": entries, "ignored": list(self.ignored), "delimiter": self.delimiter,
            "encoding": self.encoding, "as_of": self.as_of, "kind": self.kind, "match": self.match,
            "mode": "" if self.mode == BOTH else self.mode,
            "expected": self.expected.as_json() if self.expected else None,
        }  # fmt: skip
        return {key: value for key, value in whole.items() if value}


def _unknown_column(name: str, where: str, header: tuple[str, ...]) -> MappingRefused:
    near = get_close_matches(name, header, n=1, cutoff=0.6)
    if near:
        return MappingRefused(
            _("The file has no column “%(name)s” (mapped to %(where)s). Did you mean “%(near)s”?"),
            code="unknown_column",
            where=where,
            params={"name": name, "near": near[0]},
        )
    return MappingRefused(
        _("The file has no column “%(name)s” (mapped to %(where)s). It has: %(header)s."),
        code="unknown_column",
        where=where,
        params={"name": name, "header": ", ".join(header[:40])},
    )


def read_mapping(path: Path) -> Mapping:
    """A mapping from a JSON file."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise MappingRefused(
            _("The mapping %(name)s cannot be opened."), code="no_mapping", where="mapping", params={"name": path.name}
        ) from problem
    except ValueError as problem:
        raise MappingRefused(
            _("The mapping is not valid JSON: %(why)s."),
            code="invalid_json",
            where="mapping",
            params={"why": str(problem)},
        ) from problem
    return parse_mapping(raw)


def parse_mapping(raw: Any) -> Mapping:
    """Check the shape of a mapping; unknown keys and fields are refused, never skipped."""
    if not isinstance(raw, dict) or not isinstance(raw.get("fields"), dict):
        raise MappingRefused(
            _("A mapping is an object with “source” and “fields”."), code="invalid_type", where="mapping"
        )
    _refuse_unknown(raw, TOP_KEYS, "mapping")
    source, kind = _source(raw.get("source")), _kind(raw.get("kind", "customers"))
    entries = {name: _entry(str(name), entry, kind) for name, entry in raw["fields"].items()}
    match = _choice(raw.get("match", ""), ("", *kind.matches), "match")
    mode = _choice(raw.get("mode", "") or BOTH, MODES, "mode")
    _refuse_gaps(entries, kind, match)
    encoding = str(raw.get("encoding", "")).lower()
    if encoding and encoding not in ENCODINGS:
        raise MappingRefused(_("Encodings are utf-8 and gb18030."), code="invalid_choice", where="encoding")
    delimiter = raw.get("delimiter", "")
    if not isinstance(delimiter, str) or len(delimiter) > 1:
        raise MappingRefused(_("A delimiter is one character."), code="invalid_choice", where="delimiter")
    ignored = raw.get("ignored", [])
    if not isinstance(ignored, list) or not all(isinstance(name, str) for name in ignored):
        raise MappingRefused(_("“ignored” is a list of columns."), code="invalid_type", where="ignored")
    return Mapping(
        source, entries, tuple(ignored), delimiter, ENCODINGS.get(encoding, ""), str(raw.get("as_of", "")),
        kind.key, match, mode, expected_of(raw.get("expected")),
    )  # fmt: skip


def _source(source: Any) -> str:
    if not isinstance(source, str) or not SOURCE_FORM.match(source):
        raise MappingRefused(
            _("A source is named by small letters, digits, “_”, “.” and “-”, at most 40."),
            code="invalid_source",
            where="source",
        )
    return source


def _kind(key: Any) -> ImportKind:
    return KINDS[_choice(key, tuple(KINDS), "kind")]


def _choice(given: Any, allowed: tuple[str, ...], where: str) -> str:
    if given not in allowed:
        raise MappingRefused(
            _("%(where)s is one of: %(allowed)s."),
            code="invalid_choice",
            where=where,
            params={"allowed": ", ".join(name for name in allowed if name)},
        )
    return str(given)


def _refuse_gaps(entries: AnyMapping[str, FieldMapping], kind: ImportKind, match: str) -> None:
    """What the kind needs must come from somewhere; customers need what they are known by."""
    key = match or next(iter(kind.matches), "")
    if key == "external_id" and key not in entries:
        raise MappingRefused(
            _("Say which column is the external id, or choose another way by which rows are known."),
            code="required",
            where="external_id",
        )
    for name in (*((key,) if key else ()), *kind.needed):
        if name not in entries:
            raise MappingRefused(
                _("The mapping must say where %(label)s comes from."),
                code="required",
                where=name,
                params={"label": str(kind.fields[name].label)},
            )


def _refuse_unknown(raw: AnyMapping[str, Any], known: set[str], where: str) -> None:
    strangers = [str(key) for key in raw if key not in known]
    if strangers:
        raise MappingRefused(
            _("The mapping has an entry “%(name)s” in %(where)s that nobody knows."),
            code="unknown_key",
            where=where,
            params={"name": strangers[0]},
        )


def _entry(name: str, raw: Any, kind: ImportKind) -> FieldMapping:
    """One field's entry; a plain text is the name of its column."""
    if name not in kind.fields:
        near = get_close_matches(name, kind.fields, n=1)
        raise MappingRefused(
            _("There is no field “%(where)s”. Fields are: %(fields)s."),
            code="unknown_field",
            where=name,
            params={"fields": ", ".join(near or kind.fields)},
        )
    if isinstance(raw, str):
        raw = {"column": raw}
    if not isinstance(raw, dict):
        raise MappingRefused(
            _("The entry of %(where)s is neither a column nor an object."), code="invalid_type", where=name
        )
    _refuse_unknown(raw, FIELD_KEYS, name)
    origins = [key for key in ("column", "value", "template", "rank_of") if raw.get(key) not in (None, "")]
    if len(origins) != 1:
        raise MappingRefused(
            _("%(where)s needs exactly one of column, value, template and rank_of."), code="one_origin", where=name
        )
    reading = _reading(kind.fields[name], raw.get("as", ""))
    values = raw.get("values")
    if values is not None and not isinstance(values, dict):
        raise MappingRefused(_("“values” of %(where)s is an object."), code="invalid_type", where=name)
    if "rank_of" in origins:
        return FieldMapping(name, rank_of=str(raw["rank_of"]), top=_top(name, raw), rest=str(raw.get("rest", "")))
    return FieldMapping(
        name,
        column=str(raw.get("column") or ""),
        value=None if raw.get("value") is None else _plain(raw["value"]),
        template=str(raw.get("template") or ""),
        reading=reading,
        values=None if values is None else {str(key).strip(): _plain(value) for key, value in values.items()},
        otherwise=None if raw.get("otherwise") is None else _plain(raw["otherwise"]),
    )


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _reading(entry: Field, reading: Any) -> str:
    allowed = READINGS.get(entry.column_type, ())
    if reading and reading not in allowed:
        raise MappingRefused(
            _("%(where)s cannot be read as “%(reading)s”; possible: %(allowed)s."),
            code="invalid_choice",
            where=entry.name,
            params={"reading": str(reading), "allowed": ", ".join(allowed) or "–"},
        )
    return str(reading)


def _top(name: str, raw: AnyMapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """Cumulative shares: {"diamond": 5, "gold": 20} is the best 5 %, then up to 20 %, in whatever order."""
    top = raw.get("top")
    shares = list(top.values()) if isinstance(top, dict) else []
    is_number = all(isinstance(share, int | float) and not isinstance(share, bool) for share in shares)
    if name != "tier" or not shares or not is_number or len(set(shares)) < len(shares):
        is_number = False
    if not is_number or not all(0 < share <= 100 for share in shares):
        raise MappingRefused(
            _("“top” lists tiers with growing shares in per cent, such as diamond 5, gold 20."),
            code="invalid_shares",
            where=name,
        )
    ordered = sorted(raw["top"].items(), key=lambda item: item[1])
    return tuple((str(code), float(share)) for code, share in ordered)
