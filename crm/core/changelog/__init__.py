"""The change log (SEC-23): one append-only table, written by database triggers on every business table.

An app lists its tables in its own `changelog.py` as `CHANGE_LOG = {"accounts_customer": TrackSpec(...)}` and the
exempt ones with their reason in `CHANGE_LOG_EXEMPT`; settings.CHANGE_LOG_SOURCES names these modules. A test fails on
a model that is in neither.
"""

from crm.core.changelog.history import ChangeRow, history_of
from crm.core.changelog.registry import TrackSpec, exempt_tables, tracked_tables
from crm.core.changelog.schema import install

__all__ = [
    "CHANGE_LOG",
    "CHANGE_LOG_EXEMPT",
    "ChangeRow",
    "TrackSpec",
    "exempt_tables",
    "history_of",
    "install",
    "tracked_tables",
]

CHANGE_LOG = {
    "core_user": TrackSpec(secret=frozenset({"password"}), excluded=frozenset({"last_login", "lists"})),
    "core_parameter": TrackSpec(),
    "core_workday": TrackSpec(),
    "core_officehours": TrackSpec(),
    "core_attachment": TrackSpec(),
    "core_notice": TrackSpec(key_only_for_system=True, excluded=frozenset({"read_at", "delivered_at"})),
    "core_savedview": TrackSpec(),
    "core_signature": TrackSpec(),
    "core_signlink": TrackSpec(secret=frozenset({"token_digest"})),
    "core_sharelink": TrackSpec(secret=frozenset({"token_digest"})),
    "core_exportorder": TrackSpec(),
    "core_noticechoice": TrackSpec(),
    "core_article": TrackSpec(excluded=frozenset({"version", "updated_at"})),
    "mfa_authenticator": TrackSpec(secret=frozenset({"data"}), excluded=frozenset({"last_used_at"})),
}

CHANGE_LOG_EXEMPT = {
    "account_emailaddress": "made by the sign-in library, never filled: nobody signs in by e-mail",
    "account_emailconfirmation": "made by the sign-in library, never filled",
    "auth_group": "made by Django, never filled: abilities come from posts",
    "auth_group_permissions": "made by Django, never filled",
    "auth_permission": "Django's list of model permissions, unused",
    "core_accesslog": "a log itself, append-only",
    "core_change": "the change log itself",
    "core_delivery": "a log itself: one row per message, with its state, attempts and time",
    "core_heartbeat": "signs of life, overwritten every minute",
    "core_idempotencykey": "an answer kept for 48 hours, so that a repeated request gets it again",
    "core_job": "keeps its own state, progress and result; what a job changes is logged where it changes it",
    "core_jobrowerror": "written once with its job, never changed",
    "core_rowsshown": "a counter of a day, kept forty days",
    "core_session": "sign-ins and sign-outs are in the access log",
    "core_signinlock": "a counter; lock-outs are in the access log",
    "core_sweeppiece": "how far a large step of the night has come; its sums go into the run",
    "core_sweeprun": "a log itself: one row per run of a step of the night",
    "socialaccount_socialaccount": "made by the sign-in library, never filled: the provider is asked each time",
    "socialaccount_socialapp": "made by the sign-in library, never filled: the provider is in the settings",
    "socialaccount_socialtoken": "made by the sign-in library, never filled: tokens are not kept",
    "django_content_type": "Django's list of models",
    "django_migrations": "Django's list of applied migrations",
}
