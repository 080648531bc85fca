"""Brings the site's data and files up to date: tables, static files, translations, demo data."""

import hashlib
import os
import subprocess
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands

from crm.core.icons import names_in_use
from dev import postgres, translations
from dev.failures import Failure, disk_failure
from dev.places import ROOT, var_folder


def static_stamp() -> str:
    """What the static files come to, without reading them."""
    files = [path for path in sorted((ROOT / "static").rglob("*")) if path.is_file()]
    facts = [f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    for name in ("requirements.txt", "package-lock.json", "crm/settings/delivery.py"):
        facts.append(hashlib.sha256((ROOT / name).read_bytes()).hexdigest())
    facts += sorted(names_in_use(ROOT))
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def collect_static() -> None:
    """Collect, hash and compress the static files when any changed."""
    stamp = var_folder() / "static.stamp"
    value = static_stamp()
    if stamp.exists() and stamp.read_text() == value:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(value)


def manage(*arguments: str, **env: str) -> None:
    """Run a command of Django's in a process of its own, as the application's role."""
    environment = {key: value for key, value in os.environ.items() if key != "CRM_DB_OWNER"} | env
    # A session of its own: Ctrl-C reaches us alone, and we end it without a traceback.
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, start_new_session=True)
    if done.returncode:
        raise Failure(f"manage.py {arguments[0]} failed; what it said is above.")


def has_people() -> bool:
    """Whether the database is in use: somebody could sign in."""
    from django.contrib.auth import get_user_model

    return get_user_model()._default_manager.filter(is_service=False).exists()


def load_demo() -> None:
    """Fill an empty database with the demo operator; a load that was interrupted begins anew."""
    if "demo" not in get_commands():
        print("There is no demo data yet.", flush=True)
        return
    unfinished = var_folder() / "demo.loading"
    if has_people() and not unfinished.exists():
        return
    print("Loading the demo data …", flush=True)
    unfinished.touch()
    manage("demo")
    unfinished.unlink()


def close_connections() -> None:
    """Leave no connection of the owner's open."""
    from django.db import connections

    connections.close_all()


def bring_up_to_date(demo: bool) -> None:
    """Tables, static files and translations, then the demo data when wanted; the database must be up."""
    if (var_folder() / "demo.loading").exists():
        postgres.drop_database()
        postgres.prepare()
    os.environ["DJANGO_SETTINGS_MODULE"] = "crm.settings"
    os.environ["CRM_DB_OWNER"] = "1"
    translations.compile_all()
    try:
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        collect_static()
        if demo:
            load_demo()
    except ImproperlyConfigured as error:
        raise Failure(str(error)) from None
    except OSError as error:
        raise disk_failure(error) or error from None
    finally:
        close_connections()
        del os.environ["CRM_DB_OWNER"]
