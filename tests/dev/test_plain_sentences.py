"""What a newcomer reads when his machine lacks something: one plain sentence, never a traceback (issue 2 §1)."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from dev import prepare, start, update
from dev.failures import Failure, disk_failure
from dev.places import ROOT


def one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def typed(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A make target, as typed."""
    command = [sys.executable, "dev/start.py", *words]
    return subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, timeout=60)


def test_a_port_in_use_is_said_in_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = typed("run", PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "is in use" in one_line(done.stderr)
    assert done.stdout == ""


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_no_port_is_refused(port):
    done = typed("run", PORT=port)
    assert done.returncode == 1
    assert "between 1 and 65535" in one_line(done.stderr)


def test_an_old_python_is_told_which_one_is_needed():
    said = start.python_failure((3, 9, 2))
    assert "3.11" in one_line(said)
    assert "3.9" in said
    assert start.python_failure((3, 11, 0)) is None


def test_the_first_file_read_has_no_syntax_an_old_python_would_stumble_over():
    text = (ROOT / "dev" / "start.py").read_text()
    code = "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))
    for modern in (":=", 'f"', "match ", "->", " | None"):
        assert modern not in code, modern


def test_a_missing_venv_module_is_named_with_its_package(tmp_path, monkeypatch):
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\necho 'The virtual environment was not created: ensurepip is not available'\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(prepare, "VENV", tmp_path / "venv")
    monkeypatch.setattr(prepare, "PYTHON", tmp_path / "venv" / "bin" / "python")
    with pytest.raises(Failure, match="python3-venv"):
        prepare.make_venv(str(python))


def test_no_node_and_no_way_to_get_one_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(prepare, "VENV", tmp_path / "venv")
    with pytest.raises(Failure, match="There is no Node on this machine"):
        prepare.npm()


def test_a_tool_that_runs_beside_others_ends_with_them_and_its_failure_is_one_sentence():
    began = time.monotonic()
    with pytest.raises(Failure, match="first"), prepare.begun(["sleep", "60"], "second"):
        raise Failure("first")
    assert time.monotonic() - began < 30  # nobody waited for the second
    fails = ["sh", "-c", "echo no route; exit 1"]
    with pytest.raises(Failure, match=r"^fetching: no route$"), prepare.begun(fails, "fetching") as end:
        end()
    with pytest.raises(Failure, match="nowhere-to-be-found"), prepare.begun(["nowhere-to-be-found"], "fetching"):
        pass


def test_a_disk_nearly_full_stops_before_anything_is_begun():
    with pytest.raises(Failure, match="almost full: 12 MB are free and 60 MB are needed"):
        prepare.check_disk(12 * 1024**2, 60 * 1024**2)
    prepare.check_disk(prepare.COLD_BYTES, prepare.COLD_BYTES)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_fills_up_on_the_way_is_recognised():
    with pytest.raises(OSError) as caught, Path("/dev/full").open("w") as full:
        full.write("x")
        full.flush()
    assert "disk is full" in str(disk_failure(caught.value))
    assert disk_failure("FATAL: could not write lock file: No space left on device")
    assert disk_failure("password authentication failed") is None


def test_a_disk_that_fills_up_under_the_database_is_one_sentence(monkeypatch, capfd):
    """PostgreSQL just ends then, and what Django says about it helps nobody."""
    monkeypatch.setattr(update.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=14 * 1024**2))
    with pytest.raises(Failure, match="The disk is full"):
        update.command("no-such-command")
    assert "Traceback" not in capfd.readouterr().err


def test_another_failure_of_a_command_keeps_what_it_said(capfd):
    with pytest.raises(Failure, match="failed; what it said is above"):
        update.command("no-such-command")
    assert "no-such-command" in capfd.readouterr().err


def test_demo_mode_on_a_database_of_somebodys_own_is_refused():
    env = os.environ | {"DEMO": "1", "DATABASE_URL": "postgres://crm_app@localhost/crm"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "DEMO=1 is for trying out only" in one_line(done.stderr)
