"""The REST API (owner: api). Deny by default: a view that declares nothing is refused."""

from typing import Any

from crm.settings.environment import TESTING

COUNT_REQUESTS_TOGETHER = not TESTING
"""Whether web processes tell each other, through Redis, how often a client asked (sync.rate)."""

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_PERMISSION_CLASSES": ["crm.core.api.permissions.HasAbility"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "sync.authentication.BearerAuthentication",
        "crm.core.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["crm.core.api.renderers.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["crm.core.api.parsers.StrictJsonParser", "crm.core.api.parsers.MergePatchParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "crm.core.api.negotiation.Negotiation",
    "EXCEPTION_HANDLER": "crm.core.api.problem.handle",
    "DEFAULT_SCHEMA_CLASS": "crm.core.api.described.Described",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "CRM",
    "DESCRIPTION": "Every answer that refuses is a problem (RFC 9457); unknown fields and parameters are errors.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "crm.core.api.reading.describe_reading",
    ],
    "ENUM_NAME_OVERRIDES": {
        "CustomerKindEnum": "accounts.choices.CustomerKind",
        "CustomerStateEnum": "accounts.choices.CustomerState",
        "DutyStateEnum": "visits.choices.DutyState",
        "StandingDutyStateEnum": "accounts.choices.DutyState",
        "CaseStateEnum": "complaints.choices.CaseState",
        "CaseKindEnum": "complaints.choices.CaseKind",
        "CaseLevelEnum": "complaints.choices.CaseLevel",
        "ClockStateEnum": "complaints.choices.ClockState",
        "ClockKindEnum": "complaints.choices.ClockKind",
        "EntryKindEnum": "complaints.choices.EntryKind",
        "OrderStateEnum": "sales.choices.OrderState",
        "AgreementKindEnum": "sales.choices.AgreementKind",
        "AgreementStateEnum": "sales.choices.AgreementState",
        "ApplicationStateEnum": "sales.choices.ApplicationState",
        "AlertLevelEnum": "accounts.choices.AlertLevel",
        "LineStateEnum": "accounts.choices.LineState",
        "LifecycleKindEnum": "accounts.choices.LifecycleKind",
        "SignalKindEnum": "accounts.choices.SignalKind",
        "RowStatusEnum": "accounts.api.schemas.ROW_STATUS",
        "WriteStatusEnum": "accounts.api.schemas.WRITE_STATUS",
        "MissedCallStateEnum": "visits.choices.MissedState",
        "BulkModeEnum": ["partial", "atomic"],
        "UnitTypeEnum": "accounts.choices.UnitType",
        "WebhookStateEnum": "sync.choices.WebhookState",
        "MemberStateEnum": "accounts.choices.MemberState",
        "IndicatorMethodEnum": "kpi.choices.Method",
        "IndicatorDirectionEnum": "kpi.choices.Direction",
        "DirectionEnum": "visits.choices.Direction",
        "MethodEnum": "complaints.choices.ReplyMethod",
        "FeedTypeEnum": "sync.api.changes.TYPES",
        "WrittenKindEnum": "complaints.api.schemas.WRITTEN",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
