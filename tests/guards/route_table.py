"""Who may do what: the rows of the first product; later parts bring theirs in tests/guards/rooms."""

from __future__ import annotations

import tests.guards.bodies  # noqa: F401 - before the rooms, which borrow from it
from tests.guards.rooms import rooms
from tests.guards.route_rows import (
    ALL,
    ANONYMOUS,
    BOSSES,
    CAST,
    CITY_READERS,
    DIRECTOR,
    MACHINES,
    MANAGERS,
    READERS,
    SEES_A,
    SETTERS,
    TEAM,
    TEAM_OF_A,
    VISITORS,
    WITHOUT_HOME,
    Cell,
    Row,
    api,
    delete,
    get,
    page,
    patch,
    post,
    public,
    put,
)

__all__ = ["ANONYMOUS", "CAST", "MACHINES", "PUBLIC", "TABLE", "Cell", "Row"]

WORKBENCH = [
    page("workbench:today", "", get(ALL, status=302, but={f"{MANAGERS} {WITHOUT_HOME}": 200})),
    page("workbench:postpone", "duty", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("workbench:team", "", get(TEAM)),
    page("workbench:compliance", "", get(TEAM)),
    page("workbench:urge", "manager", post(BOSSES, "supervisor")),
    page("workbench:cover", "manager", get(f"{BOSSES} director", "supervisor director"),
         post(f"{BOSSES} director", "supervisor director")),
    page("workbench:duty_list", "", get(f"{MANAGERS} {TEAM}")),
    page("workbench:approvals", "", get(f"{BOSSES} market_manager group_department service_director back_office")),
    page("workbench:decide_excuse", "excuse", post(BOSSES, "supervisor")),
    page("workbench:decide_tier", "proposal", post(f"{BOSSES} market_manager", "supervisor market_manager")),
    page("workbench:customer", "customer", get(READERS, SEES_A)),
    page("workbench:customer_timeline", "customer", get(READERS, SEES_A)),
    page("workbench:dial", "customer", post(MANAGERS, "manager", 200)),
    page("workbench:message", "customer", get(MANAGERS, "manager"), post(MANAGERS, "manager", 200)),
    page("workbench:ask_excuse", "customer duty", get(MANAGERS, "manager"), post(MANAGERS, "manager")),
    page("workbench:log_visit", "", get(VISITORS),
         post(VISITORS, but={"teammate": 409, "stranger stranger_supervisor": 400})),
    page("workbench:log_customers", "", get(VISITORS)),
    page("workbench:log_people", "", get(VISITORS)),
    # The author alone takes it back.
    page("workbench:undo_visit", "visit", post(VISITORS, "manager", but={"supervisor": 403})),
    page("workbench:pass_on", "", post(VISITORS, "teammate")),
    page("workbench:dismiss_dial", "tap", post(MANAGERS, "manager")),
    page("workbench:close_task", "task", post(VISITORS, "manager supervisor")),
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
    page("accounts:archive_quality", "", get(TEAM)),
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
    page("visits:visit_figures", "", get(READERS)),
    page("visits:visit_detail", "visit", get(READERS, SEES_A)),
    page(
        "visits:visit_mend",
        "visit",
        get(VISITORS, "manager", but={"supervisor": 403}),
        post(VISITORS, "manager", but={"supervisor": 403}),
    ),
    page("visits:visit_undo", "visit", post(VISITORS, "manager", but={"supervisor": 403})),
    page("visits:visit_note", "visit", post(VISITORS, "manager", but={"supervisor": 403})),
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
    api("api:customer_profile", "customer", CUSTOMERS, get(READERS, SEES_A)),
    api("api:customer_by_external_id", "billing external", CUSTOMERS_W, get(READERS, SEES_A),
        patch(MANAGERS, "manager"), put(MANAGERS, "manager")),
    api("api:customer_external_id", "customer billing", CUSTOMERS_W, put(MANAGERS, "manager"),
        delete(MANAGERS, "manager")),
    api("api:contact_persons", "", CUSTOMERS, get(READERS), post(MANAGERS, "manager", 201, but=UNKNOWN)),
    api("api:contact_person", "person", CUSTOMERS, get(READERS, SEES_A), patch(MANAGERS, "manager")),
    # A person logs in his own name: the manager's, which the body gives, is refused beside its field.
    api("api:visits", "", VISITS_R, get(READERS),
        post(VISITORS, "manager", 201, but={**UNKNOWN, "supervisor stranger_supervisor": 400})),
    api("api:visit", "visit", VISITS_R, get(READERS, SEES_A)),
    api("api:duties", "", VISITS_R, get(READERS)),
    api("api:units", "", DIRECTORY, get(READERS)),
    api("api:staff", "", DIRECTORY, get(READERS)),
    api("api:tiers", "", DIRECTORY, get(READERS)),
]  # fmt: skip

OF_ROOMS = [row for room in rooms() for row in getattr(room, "ROUTES", ())]
PUBLIC += [row for row in OF_ROOMS if row.kind == "public"]
OF_PAGES = [row for row in OF_ROOMS if row.kind != "public"]
TABLE: tuple[Row, ...] = (*WORKBENCH, *ACCOUNTS, *VISITS, *SYNC, *CORE, *PUBLIC, *API, *OF_PAGES)
