"""Where the site runs: what the environment says, and what is assumed when it says nothing."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
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
PROCESS = env.str("CRM_PROCESS", "")
"""Which process this is: web, worker, beat, dispatcher; empty for a command typed by a person."""
PORT = env.int("PORT", 8000)
VERSION = "0.1.0"


def own_secret_key() -> str:
    """The key of a try-it installation: made once, kept in the var folder."""
    file = VAR / "secret_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):  # several processes may start at once: the first one's key counts
            file.hardlink_to(draft)
        draft.unlink()
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
