"""Who is who: users, sign-in, sessions, and which module answers what (owner: core, accounts)."""

from crm.settings.environment import TESTING

AUTH_USER_MODEL = "core.User"
SCOPE_PROVIDER = "accounts.queries.access_for"
ROLES = "accounts.choices.Role"
UNIT_NAMES = "accounts.queries.names"
"""Knows the organisation tree: who belongs where, what is above, what a unit is called (crm.core.list_views)."""
NAVIGATION = "crm.navigation"
NOTICE_ADDRESSES = "accounts.queries.addresses.notice_addresses"
"""Answers e-mail, phone and staff number of users."""
DECIDERS = "accounts.queries.deciders"
"""Who may decide something in a unit, and which unit somebody belongs to."""
DEMO_LOGINS_PROVIDER = "crm.demo.demo_logins"
"""Says who may sign in to the demo: rows with username, name, role and password."""
DIRECTOR_CREATOR = "accounts.actions.create_director"
BANNERS = "accounts.queries.feeds.banners"
"""Says what stands above a page: sentences for a request."""
ASSIGNMENT_FOLLOWERS = [
    "visits.actions.follow_assignment",
    "visits.actions.plans.follow_handover",
    "complaints.actions.matters.follow_assignment",
]
TIER_FOLLOWERS = ["visits.actions.follow_tier_change"]
STATE_FOLLOWERS = ["visits.actions.follow_state_change"]
UNIT_FOLLOWERS = ["visits.actions.follow_unit_change"]
ABSENCE_FOLLOWERS = ["visits.actions.follow_absence"]
HANDOVER_UNDO_FOLLOWERS = ["visits.actions.follow_handover_undo", "complaints.actions.matters.follow_assignment"]
MERGE_FOLLOWERS = [
    "visits.actions.ledger.follow_merge",
    "complaints.actions.standing.follow_merge",
    "sales.actions.dunning.follow_merge",
    "retention.actions.merging.follow_merge",
]
"""Called when two customers became one, and when they are apart again."""
MERGE_SOURCES = [
    *(f"{app}.merging" for app in ("accounts", "visits", "complaints", "conduct", "sales", "engagement")),
    *(f"{app}.merging" for app in ("retention", "kpi")),
]
"""Modules that say what becomes of an app's rows when a customer is merged into another one (MERGE_RULES)."""
DISPATCH_FOLLOWERS = ["complaints.actions.matters.follow_reply"]
"""Called when another unit has replied (回单)."""
VISIT_FOLLOWERS = [
    "visits.actions.plans.follow_visits",
    "visits.actions.journal.follow_visits",
    "visits.actions.missed_calls.answer_missed_calls",
    "visits.actions.care.close_care",
    "retention.actions.attention.follow_visits",
]
UNDO_FOLLOWERS = [
    "visits.actions.plans.follow_undo",
    "visits.actions.journal.follow_undo",
    "visits.actions.missed_calls.unanswer_missed_calls",
    "visits.actions.callbacks.cancel_callbacks",
    "visits.actions.care.reopen_care",
    "retention.actions.attention.follow_undo",
]
MEND_FOLLOWERS = [
    "visits.actions.plans.follow_mend",
    "visits.actions.missed_calls.follow_mend",
    "visits.actions.care.follow_mend",
    "retention.actions.attention.follow_mend",
]
"""Called when visits were logged, when they were undone, and when one was mended in what others go by."""
SHEET_PARTS: list[str] = [
    "visits.sheet_voice.HEARD",
    "visits.sheet_bulletins.BULLETINS",
    "visits.sheet_check_in.CHECK_IN",
    "visits.sheet_shop.SHOP",
    "visits.sheet_photos.PHOTOS",
    "visits.sheet_care.TRIP",
    "visits.sheet_care.INTERRUPTED",
]
"""What a log sheet may carry beyond the visit itself, in this order (visits.parts)."""
HANDOVER_PREVIEWS = ["visits.queries.previews.handover_counts"]
COVER_PREVIEWS = ["visits.queries.previews.cover_counts"]
RULE_PREVIEWS = ["visits.queries.previews.preview_rule"]
"""Counts of higher apps in the previews of accounts: each answers a mapping of names to numbers."""
NIGHTLY = "crm.nightly"
"""The module with the steps of the night, in order."""
MEASURE_TARGETS = "kpi.queries.targets.targets_of_measures"
"""Says what is to be reached by each measure on a day, for the pages of the apps that own the measures."""
CHANGE_LOG_SOURCES = [
    *(f"{app}.changelog" for app in ("crm.core", "accounts", "visits", "complaints", "conduct", "sales", "engagement")),
    *(f"{app}.changelog" for app in ("retention", "kpi", "sync")),
]

LIST_SOURCES = [
    "crm.core.own_lists", "accounts.lists", "visits.lists", "complaints.lists", "conduct.lists", "sales.lists",
    "engagement.lists", "retention.lists", "kpi.lists", "workbench.lists", "sync.lists",
]  # fmt: skip
"""Modules that declare the lists of their app: views, columns, files (crm.core.lists)."""
FEED_SOURCES = [f"{app}.feed" for app in ("accounts", "visits", "complaints", "sales", "engagement", "retention")]
"""Modules with the FEED_TYPES of the change feed, parents before what belongs to them."""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "crm.core.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "crm.core.forms.SignInForm", "change_password": "crm.core.forms.ChangeForm"}
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": None, "change_password": "20/m/user"}
"""Guessing is stopped by rows in PostgreSQL (crm.core.sign_in); these only blunt a flood on one process."""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "crm.core.adapter.MfaAdapter"
MFA_FORMS = {"authenticate": "crm.core.forms.CodeForm", "reauthenticate": "crm.core.forms.CodeAgainForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "CRM"

SESSION_ENGINE = "crm.core.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "crm.core.views.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
