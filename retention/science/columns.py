"""Columns as features: numbers and categories; what can be none of both is dropped, and why is said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from retention.science.cells import days_of, is_blank, numbers_of
from retention.science.reading import RawColumn

NUMERIC, CATEGORICAL = "numeric", "categorical"
MOSTLY = 0.95
NEARLY_UNIQUE = 0.9
MANY_LEVELS = 50
TOO_MANY_LEVELS = 0.5
NEARLY_EMPTY = 0.005
ID_NAME = re.compile(
    r"(^|[\W_])(id|ids|uid|uuid|guid|msisdn|imsi|imei|iccid|phone|mobile|number|no|key|index)$"
    r"|row ?number$|unnamed: ?\d+$|(customer|account|subscriber|user|client|row) ?_?(id|number|no|key)$"
    r"|[a-z](ID|Id)$|编号|号码$|^(x|v1)?$",
    re.IGNORECASE,
)
Floats = NDArray[np.float64]
Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Column:
    """A feature of every row: numbers with NaN where there is no data, or codes of levels with -1 there."""

    name: str
    kind: str
    numbers: Floats
    codes: Codes
    levels: tuple[str, ...] = ()

    @classmethod
    def of_numbers(cls, name: str, numbers: Floats) -> Column:
        """A numeric column."""
        return cls(name, NUMERIC, numbers, np.zeros(0, dtype=np.int32))

    @classmethod
    def of_codes(cls, name: str, codes: Codes, levels: tuple[str, ...]) -> Column:
        """A categorical column."""
        return cls(name, CATEGORICAL, np.zeros(0), codes, levels)

    @property
    def is_numeric(self) -> bool:
        """Whether its order and distances mean something."""
        return self.kind == NUMERIC

    def __len__(self) -> int:
        return len(self.numbers if self.is_numeric else self.codes)

    def missing(self) -> NDArray[np.bool_]:
        """Rows without data."""
        found: NDArray[np.bool_] = np.isnan(self.numbers) if self.is_numeric else self.codes < 0
        return found

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Column:
        """The same feature of some rows only."""
        if self.is_numeric:
            return replace(self, numbers=self.numbers[rows])
        return replace(self, codes=self.codes[rows])

    def ranks(self) -> Floats:
        """Every row's place between 0 and 1; what has no data stands in the middle."""
        values = self.numbers if self.is_numeric else self.codes.astype(float)
        known = ~self.missing()
        found = np.full(len(values), 0.5)
        if known.any():
            _distinct, inverse, counts = np.unique(values[known], return_inverse=True, return_counts=True)
            ends = np.cumsum(counts)
            found[known] = ((ends - counts / 2) / ends[-1])[inverse]
        return found


def type_columns(raw: list[RawColumn], rows: NDArray[np.bool_]) -> tuple[list[Column], list[str]]:
    """Every column that can be a feature, on the rows whose outcome is known; and a sentence about each other one."""
    columns: list[Column] = []
    warnings: list[str] = []
    seen: dict[bytes, str] = {}
    for each in raw:
        column, why = _typed(each, rows)
        if column is None:
            warnings.append(f"Column {each.name!r} dropped: {why}.")
            continue
        print_of = (np.nan_to_num(column.ranks(), nan=-1.0) + column.missing()).round(9).tobytes()
        if print_of in seen:
            warnings.append(f"Column {each.name!r} dropped: it says the same as {seen[print_of]!r}.")
            continue
        seen[print_of] = each.name
        columns.append(column)
        if why:
            warnings.append(f"Column {each.name!r} {why}.")
    return columns, warnings


def _typed(raw: RawColumn, rows: NDArray[np.bool_]) -> tuple[Column | None, str]:
    """One column and what there is to say of it; none and why it is dropped."""
    codes = raw.codes[rows]
    counts = np.bincount(codes, minlength=len(raw.levels))
    used = np.array([not is_blank(level) for level in raw.levels], dtype=bool) & (counts > 0)
    known = int(counts[used].sum())
    if known < max(NEARLY_EMPTY * len(codes), 1):
        return None, "empty" if not known else f"nearly empty ({known} of {len(codes)} cells)"
    distinct = int(used.sum())
    if distinct == 1 and known == len(codes):
        return None, "the same in every row"
    levels = [raw.levels[place] for place in np.flatnonzero(used)]
    weights = counts[used]
    numbers = numbers_of(levels)
    share = sum(int(n) for n, number in zip(weights, numbers, strict=True) if number is not None) / known
    days = days_of(levels) if distinct > 2 and (share < MOSTLY or _look_like_days(levels)) else []
    is_date = bool(days) and sum(int(n) for n, day in zip(weights, days, strict=True) if day) >= MOSTLY * known
    if is_date:
        return _of_levels(raw, codes, used, [None if day is None else float(day) for day in days]), "read as days"
    if share >= MOSTLY:
        if why := _id_of_numbers(raw, codes, [number for number in numbers if number is not None], known):
            return None, why
        column = _of_levels(raw, codes, used, numbers)
        odd = known - round(share * known)
        return column, f"is a number; {odd} other texts were taken for missing" if odd else ""
    if distinct > max(MANY_LEVELS, TOO_MANY_LEVELS * known) or (distinct >= NEARLY_UNIQUE * known and distinct > 20):
        kind = "an identifier or free text"
        return None, f"{kind} ({distinct} different values in {known} cells)"
    place = np.full(len(raw.levels), -1, dtype=np.int32)
    place[np.flatnonzero(used)] = np.arange(distinct, dtype=np.int32)
    why = f"has {distinct} different values; the rare ones count as one" if distinct > MANY_LEVELS else ""
    return Column.of_codes(raw.name, place[codes], tuple(level.strip() for level in levels)), why


def _of_levels(raw: RawColumn, codes: Codes, used: NDArray[np.bool_], numbers: list[float | None]) -> Column:
    values = np.full(len(raw.levels), np.nan)
    values[np.flatnonzero(used)] = [np.nan if number is None else number for number in numbers]
    return Column.of_numbers(raw.name, values[codes])


def _look_like_days(levels: list[str]) -> bool:
    """Whether numbers such as 20260131 are days."""
    return all(len(level.strip()) == 8 and level.strip().isdigit() for level in levels[:50])


def _id_of_numbers(raw: RawColumn, codes: Codes, numbers: list[float], known: int) -> str:
    """Why a column of numbers is an identifier; empty when it is a measure."""
    whole = all(number == int(number) for number in numbers)
    if not whole or len(numbers) < NEARLY_UNIQUE * known or known < 20:
        return ""
    if ID_NAME.search(raw.name):
        return f"an identifier ({len(numbers)} different values in {known} cells)"
    ordered = sorted(numbers)
    steps = np.diff(np.asarray(ordered))
    if len(steps) and float(np.median(steps)) == 1.0 == float(np.quantile(steps, 0.9)):
        return "a running number"
    return ""
