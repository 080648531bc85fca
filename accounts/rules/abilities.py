"""Role → abilities: the permission matrix (requirements 3.3, PLT-7) as a table, shown read-only on a page."""

from __future__ import annotations

from accounts.choices import EmploymentForm, Role

# What somebody does for his own and his covered customers; `serve_customers` is the day of who holds customers:
# Today, dialling, postponing, asking for an excuse.
_OWN_WORK = {
    "write_reports",
    "view_customers",
    "edit_customers",
    "serve_customers",
    "plan_week",
    "log_visits",
    "sign_visits",
    "reveal_phone",
    "view_history",
    "take_missed_calls",
    "register_outing",
    "take_requests",
    "view_cases",
    "handle_cases",
    "report_irregularities",
    "view_kpi",
    "view_churn",
    "edit_churn",
    "view_quotas",
    "view_sales",
    "edit_sales",
    "enrol_policies",
    "assess_value",
    "view_alerts",
    "work_alerts",
    "write_intelligence",
    "request_call_details",
}

ROLE_ABILITIES: dict[Role, frozenset[str]] = {
    Role.MANAGER: frozenset(_OWN_WORK),
    # Reads the unit, decides and moves; edits no customer (matrix: R). Looks at private data are logged.
    # Logs his own visits to the team's customers (screens: Navigation); what counts is decisions 7.
    Role.SUPERVISOR: frozenset(
        {
            "view_customers",
            "view_private_profile",
            "view_history",
            "view_team",
            "log_visits",
            "sign_visits",
            "review_work",
            "take_missed_calls",
            "register_outing",
            "reveal_phone",
            "assign_customers",
            "decide_tiers",
            "flag_important",
            "urge",
            "assign_tasks",
            "remark",
            "decide_excuses",
            "arrange_cover",
            "answer_dispatches",
            "read_reports",
            "take_requests",
            "view_cases",
            "assign_cases",
            "judge_cases",
            "report_irregularities",
            "view_kpi",
            "set_unit_rules",
            "correct_results",
            "review_competence",
            "view_churn",
            "edit_churn",
            "submit_churn_reports",
            "view_quotas",
            "set_quotas",
            "view_sales",
            "check_applications",
            "approve_credit",
            "approve_guarantees",
            "enrol_policies",
            "view_alerts",
            "work_alerts",
            "decide_offers",
            "write_intelligence",
            "merge_customers",
            "approve_exports",
        }
    ),
    # Reads and writes the complaints of his unit; sees its customers (3.3).
    Role.COMPLAINT_HANDLER: frozenset(
        {
            "view_customers",
            "reveal_phone",
            "answer_dispatches",
            "take_requests",
            "view_cases",
            "handle_cases",
            "assign_cases",
            "view_sales",
            "view_alerts",
        }
    ),
    # Approves downgrades in his area (CUS-4, ORG-12).
    Role.REGIONAL_MARKET_MANAGER: frozenset(
        {
            "view_customers",
            "view_team",
            "view_history",
            "decide_tiers",
            "answer_dispatches",
            "read_reports",
            "view_cases",
            "instruct_cases",
            "review_quality",
            "forward_irregularities",
            "view_kpi",
            "view_churn",
            "view_quotas",
            "view_sales",
            "view_alerts",
            "write_intelligence",
        }
    ),
    # Reads nominees only, and nominations come with promotions: nothing to see yet.
    Role.BRAND_MANAGER: frozenset(),
    Role.GROUP_DEPARTMENT: frozenset(
        {
            "assign_tasks",
            "answer_dispatches",
            "publish_bulletins",
            "read_reports",
            "view_cases",
            "view_customers",
            "view_team",
            "view_history",
            "view_runs",
            "reveal_phone",
            "configure",
            "tell_weather",
            "maintain_guide",
            "import_customers",
            "view_kpi",
            "set_standards",
            "correct_results",
            "sign_results",
            "export_payroll",
            "view_churn",
            "check_churn_reports",
            "view_quotas",
            "set_quotas",
            "import_sales",
            "view_sales",
            "check_applications",
            "manage_policies",
            "view_alerts",
            "decide_offers",
            "write_intelligence",
            "view_model",
            "manage_model",
            "merge_customers",
            "approve_exports",
        }
    ),
    Role.BUSINESS_SUPPORT: frozenset(
        {"view_customers", "answer_dispatches", "call_back_customers", "view_kpi", "view_sales"}
    ),
    # Name and phone only: found in the search palette, no customer page.
    Role.SERVICE_CENTRE: frozenset(
        {"look_up_customers", "answer_dispatches", "take_missed_calls", "call_back_customers", "take_requests"}
    ),
    Role.SERVICE_DIRECTOR: frozenset({"view_customers", "answer_dispatches", "view_cases", "confirm_call_details"}),
    Role.BACK_OFFICE: frozenset(
        {"view_customers", "answer_dispatches", "view_cases", "handle_orders", "confirm_call_details"}
    ),
    Role.AUDITOR: frozenset({"view_customers", "view_history"}),
    # All reads but the private profile, and everything that sets the house up.
    Role.DIRECTOR: frozenset(
        {
            "view_customers",
            "view_team",
            "view_history",
            "view_runs",
            "reveal_phone",
            "assign_customers",
            "arrange_cover",
            "configure",
            "tell_weather",
            "maintain_guide",
            "import_customers",
            "manage_staff",
            "manage_units",
            "manage_clients",
            "publish_bulletins",
            "assign_tasks",
            "read_reports",
            "view_cases",
            "view_kpi",
            "set_standards",
            "correct_results",
            "sign_results",
            "export_payroll",
            "view_churn",
            "check_churn_reports",
            "view_quotas",
            "set_quotas",
            "import_sales",
            "view_sales",
            "manage_policies",
            "view_alerts",
            "view_model",
            "manage_model",
            "merge_customers",
            "manage_webhooks",
        }
    ),
}

READS_ALL: frozenset[Role] = frozenset(
    {
        Role.GROUP_DEPARTMENT,
        Role.BUSINESS_SUPPORT,
        Role.SERVICE_CENTRE,
        Role.SERVICE_DIRECTOR,
        Role.BACK_OFFICE,
        Role.DIRECTOR,
    }
)
"""Posts of the city company's departments: their unit has no customers of its own, they serve all."""

DEPUTY_ABILITIES: frozenset[str] = frozenset(
    {
        "view_customers",
        "view_history",
        "view_team",
        "decide_tiers",
        "urge",
        "assign_tasks",
        "remark",
        "review_work",
        "decide_excuses",
        "arrange_cover",
        "view_cases",
        "assign_cases",
        "judge_cases",
        "instruct_cases",
        "review_quality",
        "forward_irregularities",
        "view_kpi",
        "correct_results",
        "view_churn",
        "edit_churn",
        "submit_churn_reports",
        "view_quotas",
        "set_quotas",
        "view_sales",
        "check_applications",
        "approve_credit",
        "approve_guarantees",
        "view_alerts",
        "work_alerts",
        "decide_offers",
        "approve_exports",
    }
)
"""What a substitute takes over of the absent person's posts (approvals have a deputy, design 4)."""

DEPUTISED_ROLES: frozenset[Role] = frozenset({Role.SUPERVISOR, Role.REGIONAL_MARKET_MANAGER})

OUTSOURCED_NEVER: frozenset[str] = frozenset({"reveal_phone", "view_private_profile"})
"""ORG-23: outsourced staff see masked phones and no private profile, whatever their post or grant says."""

ALL_ABILITIES: frozenset[str] = frozenset().union(*ROLE_ABILITIES.values())


def abilities_of(role: str, *, as_deputy: bool = False) -> frozenset[str]:
    """What a post of this role lets do; nothing for a role nobody knows (deny by default)."""
    known = ROLE_ABILITIES.get(Role(role), frozenset()) if role in Role.values else frozenset()
    if not as_deputy:
        return known
    return known & DEPUTY_ABILITIES if role in DEPUTISED_ROLES else frozenset()


def denied_to(employment_form: str) -> frozenset[str]:
    """ORG-23, ORG-31: the employment form only ever takes data away."""
    return OUTSOURCED_NEVER if employment_form == EmploymentForm.OUTSOURCED else frozenset()
