"""The settings of production: complete, hardened, and refused when something is missing."""

import os
import subprocess
import sys

import pytest

from dev.places import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgres://crm_app:x@localhost/crm",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "crm.example.com",
    "BASE_URL": "https://crm.example.com",
}


def check_deploy(**env: str) -> subprocess.CompletedProcess[str]:
    """Django's own inspection, with nothing but these settings."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=kept | env, capture_output=True, text=True, timeout=120)


def test_djangos_inspection_of_the_production_settings_finds_nothing():
    """Safety 4, row 10: 0 warnings."""
    done = check_deploy(**PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize("missing", ["SECRET_KEY", "REDIS_URL", "ALLOWED_HOSTS", "BASE_URL"])
def test_production_without_a_needed_setting_is_refused_in_one_sentence(missing):
    done = check_deploy(**{name: value for name, value in PRODUCTION.items() if name != missing})
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert missing in done.stderr
