"""Every setting of the site.

Two ways to run, told apart by ``DATABASE_URL``: without it the project starts its own PostgreSQL and Valkey
(try it, develop, test); with it this is production and everything comes from the environment.
"""

import secrets
import sys
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")

VAR = Path(env.str("CRM_VAR", "") or BASE_DIR / "var").resolve()
TESTING = "pytest" in sys.modules
SERVED = bool(env.str("DATABASE_URL", ""))
"""A database of somebody's own: real data, so nothing is guessed and nothing is shown off."""
PRODUCTION = SERVED and not TESTING

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
if DEMO and SERVED:
    raise ImproperlyConfigured("DEMO=1 is for trying out only: take DEMO or DATABASE_URL away.")
PORT = env.int("PORT", 8000)
VERSION = "0.1.0"


def own_secret_key() -> str:
    """The key of a try-it installation: made once, kept in the var folder."""
    file = VAR / "secret_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", "") or ("" if PRODUCTION else own_secret_key())
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY: a long random text, the same on every machine.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
BASE_URL = env.str("BASE_URL", "" if PRODUCTION else f"http://127.0.0.1:{PORT}")
"""What links in messages begin with; never taken from a request."""
if PRODUCTION and not (ALLOWED_HOSTS and BASE_URL):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS and BASE_URL: the names and the address people open the site under.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL] if PRODUCTION else [])

# --- What the site is made of

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_prometheus",
    "django_htmx",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "crm.core",
    "accounts",
    "visits",
    "workbench",
    "sync",
    "crm.demo",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.core.middleware.request_origin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm.core.middleware.authentication",
    "crm.core.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "crm.core.middleware.fragment_redirects",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.core.middleware.ScreenMiddleware",
    "crm.core.middleware.RefusalMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

TEMPLATE_LOADERS: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
if not DEBUG:
    TEMPLATE_LOADERS = [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", TEMPLATE_LOADERS)],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
            ],
        },
    },
    {
        # Big tables only (decisions 35): templates/jinja/<app>/<name>.html, through crm.core.pages.render_rows.
        "NAME": "rows",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "OPTIONS": {"environment": "crm.core.jinja.environment"},
    },
]

# --- Who is who (owner: core, accounts)

AUTH_USER_MODEL = "core.User"
SCOPE_PROVIDER = "accounts.queries.access_for"
NAVIGATION = "crm.navigation"
DEMO_LOGINS_PROVIDER = "crm.demo.demo_logins"
"""Says who may sign in to the demo: rows with username, name, role and password."""
DIRECTOR_CREATOR = "accounts.actions.create_director"
ASSIGNMENT_FOLLOWERS = ["visits.actions.follow_assignment"]
TIER_FOLLOWERS = ["visits.actions.follow_tier_change"]
CHANGE_LOG_SOURCES = ["crm.core.changelog", "accounts.changelog", "visits.changelog", "sync.changelog"]

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

# --- REST API (owner: api). Deny by default: a view that declares nothing is refused.

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_PERMISSION_CLASSES": ["crm.core.api.permissions.HasAbility"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "sync.authentication.BearerAuthentication",
        "crm.core.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["crm.core.api.renderers.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["crm.core.api.parsers.StrictJsonParser", "crm.core.api.parsers.MergePatchParser"],
    "EXCEPTION_HANDLER": "crm.core.api.problem.handle",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "CRM",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- PostgreSQL. crm_owner makes and changes tables; crm_app, the application, may not.

OWNER_COMMANDS = {"migrate", "flush", "test", "makemigrations", "sqlflush", "sqlmigrate", "showmigrations"}
AS_OWNER = TESTING or env.bool("CRM_DB_OWNER", False) or (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS)
PROCESS = env.str("CRM_PROCESS", "")
"""Which process this is: web, worker, beat, dispatcher; empty for a command typed by a person."""
SESSION_LIMITS = {
    "web": "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s",
    "worker": "-c statement_timeout=60s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
    "dispatcher": "-c statement_timeout=60s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
}


def database() -> dict[str, Any]:
    """How to reach PostgreSQL in the role this process needs (safety 1.4)."""
    if SERVED:
        url = env.str("DATABASE_OWNER_URL", "") if AS_OWNER else ""
        settings: dict[str, Any] = env.db_url_config(url or env.str("DATABASE_URL"))
    else:
        from dev.places import socket_folder

        role = "crm_owner" if AS_OWNER else "crm_app"
        settings = {"NAME": "crm", "USER": role, "HOST": str(socket_folder())}
    settings["ENGINE"] = "django.db.backends.postgresql"
    settings.update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=False)
    limits = "" if AS_OWNER else SESSION_LIMITS.get(PROCESS, "")
    settings["OPTIONS"] = {
        **settings.get("OPTIONS", {}),
        "connect_timeout": 5,
        "application_name": f"crm-{PROCESS or 'command'}",
        "options": f"-c jit=off {limits}".strip(),
    }
    settings["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", "test_crm")}
    return settings


DATABASES = {"default": database()}

# --- Redis or Valkey: a bell, never a store. No web request waits for it.


def broker() -> str:
    """The address of the broker."""
    if url := env.str("REDIS_URL", ""):
        return str(url)
    if PRODUCTION:
        raise ImproperlyConfigured("Set REDIS_URL: the address of Redis or Valkey.")
    from dev.places import valkey_socket

    return f"redis+socket://{valkey_socket()}"


CELERY_BROKER_URL = broker()
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3 * 3600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 0.5,
    "max_retries": 1,
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 55 * 60
CELERY_TASK_TIME_LIMIT = 60 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "nightly": {"task": "crm.tasks.nightly", "schedule": crontab(minute="30", hour="0")},
    "heartbeat": {"task": "crm.core.tasks.heartbeat", "schedule": 60.0, "options": {"expires": 55}},
    "dispatch": {"task": "crm.core.tasks.dispatch_jobs", "schedule": 10.0, "options": {"expires": 9}},
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""Per process and small: what processes must agree on is in PostgreSQL."""

# --- Language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Static files, attachments, mail

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", "") or VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "crm.core.finders.NodeModulesFinder",
    "crm.core.finders.PackageFinder",
    "crm.core.icons.IconFinder",
]
PACKAGE_FILES = [
    "account/js/account.js",
    "account/js/onload.js",
    "mfa/js/recovery_codes.js",
    "drf_spectacular_sidecar/swagger-ui-dist/favicon-32x32.png",
    "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js",
    "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-standalone-preset.js",
    "drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css",
]
"""Files of the installed apps that are served; a page that needs another one names it here."""
NODE_MODULES = BASE_DIR / "node_modules"
NODE_MODULES_FILES = [
    "@tabler/core/dist/css/tabler.min.css",
    "htmx.org/dist/htmx.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "tom-select/dist/js/tom-select.complete.min.js",
]
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "crm.core.static_storage.StaticStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", "") or VAR / "media")
"""Private files: no URL leads here, a view checks and streams each one (decisions 30)."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024 + 1024
if email_url := env.str("EMAIL_URL", ""):
    vars().update(env.email_url_config(email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "crm@localhost")

# --- Hardened delivery

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = env.bool("SECURE_COOKIES", PRODUCTION)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 3600 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 1 if env.bool("BEHIND_PROXY", False) else 0)
"""How many proxies of our own stand before the site: so many addresses of X-Forwarded-For are believed."""
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- Logs: JSON lines on standard error

METRICS_TOKEN = env.str("METRICS_TOKEN", "")
"""Whoever reads /metrics in production sends it as a bearer token; without it there are no metrics."""
PROMETHEUS_EXPORT_MIGRATIONS = False
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "crm.core.logs.JsonFormatter"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": ["lines"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "celery.beat": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
