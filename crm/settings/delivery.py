"""How pages and files leave the house: static files, attachments, mail, headers, logs."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE

from crm.settings.environment import BASE_DIR, DEBUG, PRODUCTION, TESTING, VAR, env
from crm.settings.machines import OIDC_ORIGINS, OIDC_URL

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
    "idb/build/umd.js",
    "signature_pad/dist/signature_pad.umd.min.js",
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

NOTICE_URLS = {
    channel: env.str(f"NOTICE_{channel.upper()}_URL", "") for channel in ("email", "wecom", "dingtalk", "sms")
}
"""Ways out for notices, as apprise writes them, with {address} where the person's own address stands (docs/deploy)."""

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

OIDC_PLACES = [*(["/".join(OIDC_URL.split("/")[:3])] if OIDC_URL else []), *OIDC_ORIGINS]
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # The sign-in form of the company account leads to the provider.
        "form-action": [SELF, *OIDC_PLACES],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- Logs: JSON lines on standard error

METRICS_TOKEN = env.str("METRICS_TOKEN", "")
"""Whoever reads /metrics in production sends it as a bearer token; without it there are no metrics."""
PROMETHEUS_EXPORT_MIGRATIONS = False
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "crm.core.logs.JsonFormatter"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["lines"], "level": LOG_LEVEL, "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "celery.beat": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
