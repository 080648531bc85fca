"""Who may do what (SEC-3, PLT-7): every URL name × method × member of the cast → status.

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


WORKBENCH = [
    page("workbench:today", "", get(ALL, status=302, but={f"{MANAGERS} {WITHOUT_HOME}": 200})),
    page("workbench:postpone", "duty", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("workbench:team", "", get(TEAM)),
    page("workbench:urge", "manager", post(BOSSES, "supervisor")),
    page("workbench:cover", "manager", get(f"{BOSSES} director", "supervisor director"),
         post(f"{BOSSES} director", "supervisor director")),
    page("workbench:duty_list", "", get(f"{MANAGERS} {TEAM}")),
    page("workbench:approvals", "", get(f"{BOSSES} market_manager")),
    page("workbench:decide_excuse", "excuse", post(BOSSES, "supervisor")),
    page("workbench:decide_tier", "proposal", post(f"{BOSSES} market_manager", "supervisor market_manager")),
    page("workbench:customer", "customer", get(READERS, SEES_A)),
    page("workbench:customer_timeline", "customer", get(READERS, SEES_A)),
    page("workbench:dial", "customer", post(MANAGERS, "manager", 200)),
    page("workbench:message", "customer", get(MANAGERS, "manager"), post(MANAGERS, "manager", 200)),
    page("workbench:ask_excuse", "customer duty", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("workbench:log_visit", "", get(MANAGERS), post(MANAGERS, but={"teammate": 409, "stranger": 400})),
    page("workbench:log_customers", "", get(MANAGERS)),
    page("workbench:log_people", "", get(MANAGERS)),
    page("workbench:undo_visit", "visit", post(MANAGERS, "manager")),
    page("workbench:pass_on", "", post(MANAGERS, "teammate")),
    page("workbench:dismiss_dial", "tap", post(MANAGERS, "manager")),
    page("workbench:close_task", "task", post(MANAGERS, "manager")),
    page("workbench:palette", "", get(ALL)),
]  # fmt: skip

PRIVATE = f"manager stranger {BOSSES}"  # the two managers hold a grant, each for his own customers
ACCOUNTS = [
    page("accounts:customer_list", "", get(READERS)),
    page("accounts:customer_new", "", get(MANAGERS), post(MANAGERS)),
    page("accounts:customer_edit", "customer", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("accounts:customer_decide", "customer",
         get(f"{MANAGERS} {BOSSES} market_manager", "manager supervisor market_manager"),
         post(f"{MANAGERS} {BOSSES} market_manager", "manager supervisor market_manager", but={"manager": 400})),
    page("accounts:judge_strength", "customer", post(MANAGERS, "manager")),
    page("accounts:reveal_private", "customer", post(PRIVATE, "manager supervisor", 200)),
    page("accounts:family_new", "customer", get(PRIVATE, "manager supervisor"),
         post(PRIVATE, "manager supervisor", but={"supervisor": 403})),
    page("accounts:job_change_new", "customer", get(PRIVATE, "manager supervisor"),
         post(PRIVATE, "manager supervisor", but={"supervisor": 403})),
    page("accounts:contact_person_new", "firm", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("accounts:member_new", "firm", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("accounts:file_upload", "customer", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("accounts:contact_person_edit", "person", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("accounts:file_download", "file", get(READERS, SEES_A)),
    page("accounts:handover_new", "", get(f"{BOSSES} director"),
         post(f"{BOSSES} director", but={"stranger_supervisor": 400})),
    page("accounts:handover_detail", "handover", get(f"{BOSSES} director", "supervisor director")),
    page("accounts:handover_undo", "handover", post(f"{BOSSES} director", "supervisor director")),
    page("accounts:structure", "", get(TEAM)),
    page("accounts:staff_list", "", get(TEAM)),
    page("accounts:staff_new", "", get(DIRECTOR), post(DIRECTOR)),
    page("accounts:staff_detail", "manager", get(TEAM, TEAM_OF_A),
         post(TEAM, TEAM_OF_A, 403, but={"director": 302})),
    page("accounts:post_new", "manager", post(DIRECTOR)),
    page("accounts:qualification_new", "manager", post(DIRECTOR)),
    page("accounts:leave_new", "manager",
         post(f"{MANAGERS} {BOSSES} director", "manager supervisor director")),
    page("accounts:staff_deactivate", "idle", post(DIRECTOR)),
    page("accounts:staff_reactivate", "gone", post(DIRECTOR)),
    page("accounts:private_grant", "mate",
         post(f"manager stranger {BOSSES} director", "supervisor director")),
    page("accounts:post_end", "post", post(DIRECTOR)),
    page("accounts:unit_list", "", get(TEAM)),
    page("accounts:unit_new", "", get(DIRECTOR), post(DIRECTOR)),
    page("accounts:unit_edit", "unit", get(DIRECTOR), post(DIRECTOR)),
    page("accounts:tier_list", "", get(SETTERS)),
    page("accounts:tier_edit", "tier", get(SETTERS), post(SETTERS)),
    page("accounts:tier_rule_edit", "tier", get(SETTERS), post(SETTERS)),
    page("accounts:required_field_list", "", get(SETTERS), post(SETTERS)),
    page("accounts:role_list", "", get(SETTERS)),
]  # fmt: skip

VISITS = [
    page("visits:visit_list", "", get(READERS)),
    page("visits:reception_log", "", get(READERS)),
    page("visits:voice_list", "", get(READERS)),
    page("visits:visit_figures", "", get(READERS)),
    page("visits:visit_detail", "visit", get(READERS, SEES_A)),
    page("visits:visit_mend", "visit", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("visits:visit_undo", "visit", post(MANAGERS, "manager")),
    page("visits:visit_note", "visit", post(MANAGERS, "manager")),
    page("visits:visit_remark", "visit", post(BOSSES, "supervisor")),
    page("visits:excuse_new", "duty", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("visits:excuse_decide", "excuse", get(BOSSES, "supervisor"), post(BOSSES, "supervisor")),
    page("visits:excuse_withdraw", "excuse", post(MANAGERS, "manager")),
    page("visits:what_counts", "", get(SETTERS), post(SETTERS)),
]

SYNC = [
    page("sync:import_new", "", get(SETTERS), post(SETTERS)),
    # The file and its import are the director's own.
    page("sync:import_map", "upload", get(SETTERS, DIRECTOR), post(SETTERS, DIRECTOR), query="?source=erp"),
    page("sync:import_detail", "import", get(SETTERS, DIRECTOR)),
    page("sync:import_progress", "import", get(SETTERS, DIRECTOR)),
    page("sync:import_commit", "import", post(SETTERS, DIRECTOR)),
    page("sync:client_list", "", get(DIRECTOR), post(DIRECTOR)),
    page("sync:client_detail", "client", get(DIRECTOR), post(DIRECTOR, status=200)),
    page("sync:client_deactivate", "client", post(DIRECTOR)),
    page("sync:token_revoke", "token", post(DIRECTOR)),
]

CORE = [
    page("core:locked", "", get(ALL)),
    page("core:unlock", "", post(ALL)),
    page("core:notice_list", "", get(ALL)),
    page("core:notice_bell", "", get(ALL)),
    page("core:notice_read", "", post(ALL)),
    page("core:notice_open", "notice", post(ALL, "manager")),
    page("core:settings_index", "", get(TEAM)),
    page("core:parameter_list", "", get(SETTERS)),
    page("core:parameter_edit", "day_slots", get(SETTERS), post(SETTERS)),
    page("core:working_day_list", "", get(SETTERS), post(SETTERS)),
    page("core:working_day_remove", "holiday", post(SETTERS)),
    page("core:sweep_run_list", "", get(SETTERS)),
    page("core:access_log_list", "", get(SETTERS)),
    page("core:job_list", "", get(ALL)),
    # The manager's own job.
    page("core:job_detail", "job", get(ALL, "manager")),
    page("core:job_progress", "job", get(ALL, "manager")),
    page("core:job_errors", "job", get(ALL, "manager")),
    page("core:job_file", "job", get(ALL, "manager")),
    page("account_logout", "", get(ALL), post(ALL)),
    page("account_change_password", "", get(ALL), post(ALL)),
    page("account_reauthenticate", "", get(ALL), post(ALL)),
    page("mfa_index", "", get(ALL)),
    # Nobody here has a second factor yet.
    page("mfa_reauthenticate", "", get(ALL, status=302), post(ALL)),
    page("mfa_activate_totp", "", get(ALL), post(ALL, status=200)),
    page("mfa_deactivate_totp", "", get(ALL, status=404), post(ALL, status=404)),
    page("mfa_view_recovery_codes", "", get(ALL, status=404)),
    page("mfa_generate_recovery_codes", "", get(ALL), post(ALL, status=200)),
    page("mfa_download_recovery_codes", "", get(ALL, status=404)),
]

PUBLIC = [
    public("core:set_language", "", post(ALL)),
    public("core:set_theme", "", post(ALL)),
    public("account_login", "", get(ALL, but={ALL: 302}), post(ALL)),
    public("mfa_authenticate", "", get(ALL, status=302), post(ALL)),
    public("healthz", "", get(ALL)),
    public("readyz", "", get(ALL, status=503)),  # no worker beats in a test
    public("metrics", "", get(ALL)),
    public("api:unknown", "", get(ALL, status=404), post(ALL, status=404)),
]

CUSTOMERS, CUSTOMERS_W = "customers:read", "customers:write"
VISITS_R, VISITS_W, DIRECTORY = "visits:read", "visits:write", "directory:read"
SEES_UNIT_A = f"supervisor handler market_manager {CITY_READERS}"
UNKNOWN = {"teammate stranger strange-billing": 400}  # the customer is named in the body: not found, beside its field
API = [
    api("api:schema", "", "", get(ALL)),
    api("api:docs", "", "", get(ALL)),
    api("api:customers", "", CUSTOMERS, get(READERS)),
    api("api:customers_bulk", "", CUSTOMERS_W, post(MANAGERS, status=207)),
    api("api:customer", "customer", CUSTOMERS, get(READERS, SEES_A)),
    api("api:customer_by_external_id", "billing external", CUSTOMERS_W, get(READERS, SEES_A),
        patch(MANAGERS, "manager"), put(MANAGERS, "manager")),
    api("api:customer_external_id", "customer billing", CUSTOMERS_W, put(MANAGERS, "manager"),
        delete(MANAGERS, "manager")),
    api("api:contact_persons", "", CUSTOMERS, get(READERS), post(MANAGERS, "manager", 201, but=UNKNOWN)),
    api("api:contact_person", "person", CUSTOMERS, get(READERS, SEES_A), patch(MANAGERS, "manager")),
    api("api:visits", "", VISITS_R, get(READERS), post(MANAGERS, "manager", 201, but=UNKNOWN)),
    api("api:visit", "visit", VISITS_R, get(READERS, SEES_A)),
    api("api:duties", "", VISITS_R, get(READERS)),
    api("api:units", "", DIRECTORY, get(READERS)),
    api("api:unit", "A", DIRECTORY, get(READERS, SEES_UNIT_A)),
    api("api:staff", "", DIRECTORY, get(READERS)),
    api("api:staff_member", "M1001", DIRECTORY, get(READERS, SEES_A)),
    api("api:tiers", "", DIRECTORY, get(READERS)),
]  # fmt: skip

TABLE: tuple[Row, ...] = (*WORKBENCH, *ACCOUNTS, *VISITS, *SYNC, *CORE, *PUBLIC, *API)
