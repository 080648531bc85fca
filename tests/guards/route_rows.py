"""How the table of who may do what is written (SEC-3, PLT-7): every URL name × method × member of the cast → status.

A line reads: this route, with these rows in its address, by this method, for those who may, gives this status.
Whoever is not signed in is sent to sign in (API: 401), who may not is refused (403), and for who may but does not see
the row there is nothing (404). `but` names who gets another answer than the rest of a line.

The groups are written out by hand from the matrix of requirements 3.3, not read from the code they check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.cast import PEOPLE

CAST = tuple(row[0] for row in PEOPLE)
MACHINES = ("billing", "strange-billing", "narrow", "ended")
ANONYMOUS = "anonymous"

# --- Groups of the cast. Customer, visits, duties… of side "a" are the manager's, in unit A.

MANAGERS = "manager teammate stranger"
BOSSES = "supervisor stranger_supervisor"
VISITORS = f"{MANAGERS} {BOSSES}"  # who logs visits (screens: Navigation)
CITY_READERS = "group_department business_support service_director back_office auditor director"
READERS = f"{MANAGERS} {BOSSES} handler market_manager {CITY_READERS}"
SEES_A = f"manager supervisor handler market_manager {CITY_READERS}"
TEAM = f"{BOSSES} market_manager group_department director"
TEAM_OF_A = "supervisor market_manager group_department director"
SETTERS = "group_department director"
DIRECTOR = "director"
ALL = " ".join(CAST)
WITHOUT_HOME = "nobody brand_manager"


@dataclass(frozen=True)
class Cell:
    """One method of a route: who may, who of them sees the row, and what they get."""

    method: str
    may: frozenset[str]
    sees: frozenset[str]
    status: int
    but: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One route."""

    name: str
    args: tuple[str, ...]
    kind: str
    cells: tuple[Cell, ...]
    token: str = ""
    """Token scope the API asks for; a machine with it is treated like who may."""
    query: str = ""

    @property
    def is_api(self) -> bool:
        """Whether machines are answered, not people."""
        return self.kind == "api"

    def expected(self, cell: Cell, who: str) -> int:
        """The status this caller gets."""
        if who in cell.but:
            return cell.but[who]
        if who in MACHINES:
            return self._for_machine(cell, who)
        if who not in CAST:
            return {"page": 302, "api": 401, "public": cell.status}[self.kind]
        if self.kind == "public":
            return cell.status
        if who not in cell.may:
            return 403
        return cell.status if who in cell.sees else 404

    def _for_machine(self, cell: Cell, who: str) -> int:
        if self.kind != "api":
            return 302 if self.kind == "page" else cell.status
        if who == "ended":
            return 401
        if who == "narrow" and self.token:
            return 403
        return 404 if who == "strange-billing" and cell.sees != cell.may else cell.status


def _who(names: str) -> frozenset[str]:
    known = frozenset(names.split())
    assert known <= {*CAST, *MACHINES, ANONYMOUS}, known
    return known


def _but(found: Mapping[str, int] | None) -> dict[str, int]:
    return {who: status for names, status in (found or {}).items() for who in _who(names)}


def _cell(method: str, may: str, sees: str, status: int, but: Mapping[str, int] | None) -> Cell:
    return Cell(method, _who(may), _who(sees or may), status, _but(but))


def get(may: str, sees: str = "", status: int = 200, but: Mapping[str, int] | None = None) -> Cell:
    """GET."""
    return _cell("GET", may, sees, status, but)


def post(may: str, sees: str = "", status: int = 302, but: Mapping[str, int] | None = None) -> Cell:
    """POST, with the body of bodies.py."""
    return _cell("POST", may, sees, status, but)


def put(may: str, sees: str = "", status: int = 200, but: Mapping[str, int] | None = None) -> Cell:
    """PUT."""
    return _cell("PUT", may, sees, status, but)


def patch(may: str, sees: str = "", status: int = 200, but: Mapping[str, int] | None = None) -> Cell:
    """PATCH."""
    return _cell("PATCH", may, sees, status, but)


def delete(may: str, sees: str = "", status: int = 204, but: Mapping[str, int] | None = None) -> Cell:
    """DELETE."""
    return _cell("DELETE", may, sees, status, but)


def page(name: str, args: str, *cells: Cell, query: str = "") -> Row:
    """A page or a part of one."""
    return Row(name, tuple(args.split()), "page", cells, query=query)


def api(name: str, args: str, token: str, *cells: Cell) -> Row:
    """A route of the REST API."""
    return Row(name, tuple(args.split()), "api", cells, token)


def public(name: str, args: str, *cells: Cell) -> Row:
    """A route without sign-in; there are at most 20."""
    return Row(name, tuple(args.split()), "public", cells)
