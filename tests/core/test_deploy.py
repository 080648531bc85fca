"""The settings of production: complete, hardened, and refused when something is missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

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


PROCESSES = ("web", "worker", "beat", "dispatcher")


def unit(name: str) -> dict[str, str]:
    """The settings of a systemd unit."""
    lines = (ROOT / "deploy" / "systemd" / f"crm-{name}.service").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


@pytest.mark.parametrize("name", PROCESSES)
def test_every_unit_runs_a_program_of_the_installation_without_the_owners_password(name):
    """Decisions 28: the same processes everywhere; safety 1.4: nobody but migrate is the owner."""
    found = unit(name)
    program = Path(found["ExecStart"].split()[0])
    assert program.parent == Path("/opt/crm/.venv/bin")
    assert (Path(sys.executable).parent / program.name).exists()
    assert found["UnsetEnvironment"] == "DATABASE_OWNER_URL"
    assert f"CRM_PROCESS={name}" in (ROOT / "deploy" / "systemd" / f"crm-{name}.service").read_text()
    assert (found["NoNewPrivileges"], found["UMask"], found["Restart"]) == ("true", "0077", "always")


def test_the_compose_file_names_only_services_volumes_and_settings_that_exist():
    """Issue 2: PostgreSQL, Redis, web, worker, beat and the dispatcher, with migrate before them."""
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    compose = yaml.safe_load(text)
    services = compose["services"]
    assert set(services) == {"postgres", "redis", "migrate", *PROCESSES}
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        for waited, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in services[waited], name
        named = [volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith(".")]
        assert set(named) <= set(compose["volumes"]), name
        files = [volume.split(":")[0] for volume in service.get("volumes", []) if volume.startswith(".")]
        assert all((ROOT / "deploy" / file).exists() for file in files), name
    for name in PROCESSES:
        assert services[name]["environment"]["CRM_PROCESS"] == name
        assert "DATABASE_OWNER_URL" not in services[name]["environment"]
    example = (ROOT / "deploy" / "env.example").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text))
    assert {name for name in asked if not re.search(rf"^#?{name}=", example, re.MULTILINE)} == set()


def test_units_and_containers_run_the_same_commands():
    """Decisions 28: what is run by systemd is run by compose."""
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    for name in ("worker", "beat"):
        words = unit(name)["ExecStart"].removeprefix("/opt/crm/.venv/bin/").replace("--pidfile=", "--pidfile ").split()
        assert [word for word in services[name]["command"] if word] == words
