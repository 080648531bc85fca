"""The product as it runs: gunicorn 2 × 4 threads, and a client that counts only the server's CPU."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from bench import cpu
from crm.core import prepared
from crm.core.models import User

ROOT = Path(__file__).resolve().parent.parent
HEADERS = {"Host": "127.0.0.1", "Accept-Language": "zh-CN", "Accept-Encoding": "gzip"}


def postmaster() -> int:
    """Process id of the database server of this run."""
    from dev.postgres import data_folder

    return int((data_folder() / "postmaster.pid").read_text().split()[0])


@dataclass
class Site:
    """A running gunicorn with its database."""

    port: int
    process: subprocess.Popen[bytes]
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def pids(self) -> list[int]:
        """Web processes and all processes of the database server."""
        return [self.process.pid, *cpu.children(self.process.pid), *cpu.children(postmaster())]

    @property
    def web_pids(self) -> list[int]:
        """The two web processes alone."""
        return cpu.children(self.process.pid)

    def stop(self) -> None:
        """Stop gunicorn and wait for it."""
        self.process.terminate()
        self.process.wait(20)

    def connect(self) -> http.client.HTTPConnection:
        """A kept-alive connection."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def sign_in(self, user: User) -> None:
        """Keep the session of a user."""
        self.cookies[user.username] = session_of(user)

    def headers(self, user: User, **more: str) -> dict[str, str]:
        """Headers of a signed-in browser."""
        return HEADERS | {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.cookies[user.username]}"} | more


def session_of(user: User) -> str:
    """The cookie of a signed-in browser; no request is spent on it."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def start(database: str = "") -> Site:
    """Start gunicorn as production runs it, on another database when named, and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--keep-alive", "60", "crm.wsgi"]
    own = {"CRM_PROCESS": "web", "BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "2", "WEB_THREADS": "4"}
    own |= {"CRM_DATABASE": database} if database else {}
    # In the application's role, not in the owner's, which only this process has.
    environment = {name: text for name, text in os.environ.items() if name != "CRM_DB_OWNER"} | own
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    site = Site(port, process)
    for _attempt in range(200):
        try:
            wire = site.connect()
            wire.request("GET", "/healthz", headers=HEADERS)
            if wire.getresponse().status == 200:
                return site
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


@dataclass(frozen=True)
class Request:
    """One request to repeat; `body` is made anew each time when it is a function."""

    path: str
    user: User
    method: str = "GET"
    body: Callable[[], dict[str, str]] | None = None
    expect: tuple[int, ...] = (200,)
    token: str = ""
    """A client's bearer token, instead of the session."""


def send(site: Site, wire: http.client.HTTPConnection, request: Request, csrf: str = "") -> bytes:
    """Send one request and check its status."""
    data = None
    headers = HEADERS | {"Authorization": f"Bearer {request.token}"} if request.token else site.headers(request.user)
    if request.body:
        data = urlencode(request.body() | {"csrfmiddlewaretoken": csrf}).encode()
        headers |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{headers['Cookie']}; csrftoken={csrf}",
            "Referer": f"http://127.0.0.1:{site.port}/",
        }
    wire.request(request.method, request.path, body=data, headers=headers)
    answer = wire.getresponse()
    content = answer.read()
    if answer.status not in request.expect:
        text = re.sub(rb"<[^>]+>|\s+", b" ", content)[:400]
        raise RuntimeError(f"{request.method} {request.path} answered {answer.status}: {text!r}")
    return content


def cpu_per_request(site: Site, request: Request, count: int) -> tuple[float, float]:
    """(CPU ms of web + database per request, requests a second) over `count` requests on one connection."""
    wire = site.connect()
    csrf = "a" * 32
    for _warm in range(8):
        send(site, wire, request, csrf)
    pids = site.pids
    before, began = cpu.seconds(pids), time.perf_counter()
    for _number in range(count):
        send(site, wire, request, csrf)
    wall = time.perf_counter() - began
    used = cpu.seconds(pids) - before
    return used * 1000 / count, count / wall


def floor_ms(sql: str, params: list[Any], count: int) -> float:
    """CPU ms (this process + its database backend) of one prepared statement with its rows fetched."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
        names = ", ".join("unknown" for _value in params)
        cursor.execute(
            f"DEALLOCATE ALL; PREPARE floor ({names}) AS {sql}" if params else f"DEALLOCATE ALL; PREPARE floor AS {sql}"
        )
        prepared.forget()
        call = "EXECUTE floor" + (f"({', '.join(['%s'] * len(params))})" if params else "")
        for _warm in range(8):
            cursor.execute(call, params)
            cursor.fetchall()
        pids = [os.getpid(), backend]
        before = cpu.seconds(pids)
        for _number in range(count):
            cursor.execute(call, params)
            cursor.fetchall()
        return (cpu.seconds(pids) - before) * 1000 / count
