"""PostgreSQL, the broker, the clock of the worker."""

import sys
from typing import Any

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from crm.settings.environment import PROCESS, PRODUCTION, SERVED, TESTING, VAR, env

# --- PostgreSQL. crm_owner makes and changes tables; crm_app, the application, may not.

OWNER_COMMANDS = {"migrate", "flush", "test", "makemigrations", "sqlflush", "sqlmigrate", "showmigrations"}
AS_OWNER = TESTING or env.bool("CRM_DB_OWNER", False) or (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS)
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
        name = env.str("CRM_DATABASE", "crm")
        settings = {"NAME": name, "USER": role, "HOST": str(socket_folder())}
    settings["ENGINE"] = "django.db.backends.postgresql"
    settings.update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=PROCESS != "web", ATOMIC_REQUESTS=False)
    limits = "" if AS_OWNER else SESSION_LIMITS.get(PROCESS, "")
    settings["OPTIONS"] = {
        **settings.get("OPTIONS", {}),
        "connect_timeout": 5,
        "application_name": f"crm-{PROCESS or 'command'}",
        # Our prepared statements are planned once, without their values (crm.core.prepared).
        "options": f"-c jit=off -c plan_cache_mode=force_generic_plan {limits}".strip(),
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
    # 00:30, and again every hour: a night that is done already costs one small query, a missed one is made up for.
    "nightly": {"task": "crm.tasks.nightly", "schedule": crontab(minute="30")},
    "freeze": {"task": "crm.tasks.freeze", "schedule": crontab(minute="5", hour="5")},
    "draft_plans": {"task": "crm.tasks.draft_plans", "schedule": crontab(minute="0", hour="12", day_of_week="5")},
    "every_minute": {"task": "crm.tasks.every_minute", "schedule": 60.0, "options": {"expires": 55}},
    "deliver": {"task": "crm.core.tasks.deliver", "schedule": 60.0, "options": {"expires": 55}},
    "heartbeat": {"task": "crm.core.tasks.heartbeat", "schedule": 60.0, "options": {"expires": 55}},
    "refresh_results": {
        "task": "crm.tasks.refresh_results",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 14 * 60},
    },
    "late_matters": {"task": "crm.tasks.late_matters", "schedule": crontab(minute="*/10")},
    "dispatch": {"task": "crm.core.tasks.dispatch_jobs", "schedule": 10.0, "options": {"expires": 9}},
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""Per process and small: what processes must agree on is in PostgreSQL."""
