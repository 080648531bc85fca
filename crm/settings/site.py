"""What the site is made of: apps, middleware, templates, language and time."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.settings.environment import BASE_DIR, DEBUG
from crm.settings.machines import OIDC

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
    *(["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"] if OIDC else []),
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "crm.core",
    "accounts",
    "visits",
    "complaints",
    "conduct",
    "sales",
    "engagement",
    "retention",
    "kpi",
    "workbench",
    "sync",
    "crm.demo",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.core.middleware.ContentSecurityPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm.core.health.probes",
    "crm.core.middleware.request_origin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm.core.middleware.authentication",
    "crm.core.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "crm.core.middleware.fragment_redirects",
    "django.middleware.csrf.CsrfViewMiddleware",
    "crm.core.middleware.Messages",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.core.middleware.ScreenMiddleware",
    "crm.core.middleware.RefusalMiddleware",
    "crm.core.middleware.RowBudgetMiddleware",
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

# --- Language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "crm.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
