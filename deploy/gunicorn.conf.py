"""The web process, in `make run` and in production. Sizes come from the environment."""

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
preload_app = True
proc_name = "crm-web"
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20000
max_requests_jitter = 2000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
loglevel = "warning"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "crm.core.logs.JsonFormatter"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "WARNING", "handlers": ["lines"], "propagate": False}},
}

# The figures of all worker processes together, for /metrics.
metrics_folder = Path(tempfile.mkdtemp(prefix="crm-metrics-"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics_folder)
os.environ.setdefault("CRM_PROCESS", "web")


def when_ready(server: Any) -> None:
    """What was imported lives as long as the process: the collector leaves it alone, so that the workers share it."""
    from crm.wsgi import warm

    warm()
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """A page makes thousands of objects and hardly a cycle: look for cycles less often than after every 700."""
    gc.set_threshold(10_000, 20, 20)


def child_exit(server: Any, worker: Any) -> None:
    """A worker ended: its gauges no longer count."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """The server ended: its figures go with it."""
    shutil.rmtree(metrics_folder, ignore_errors=True)
