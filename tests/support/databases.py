"""Database servers for tests: from Debian's packages, on loopback and a free port, in a folder of their own.

They end with their fixture, and, should the test run be killed, with the thread that started them (setpriv).
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pymysql
import sqlalchemy as sa
from ports import held_port

PATIENCE_S = 180  # other test runs may share the cores
USER = "workbench"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a server's empty database. It does not run as root, so then it runs as the package's own user."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert programs, "PostgreSQL is not installed: make databases"
    user = "postgres" if os.geteuid() == 0 else ""
    with _folder(user) as folder, held_port() as port:
        data = folder / "data"
        _call(user, programs[-1] / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = ("-D", data, "-k", folder, "-h", "127.0.0.1", "-p", port, "-c", "fsync=off")
        with _running(folder, user, signal.SIGINT, programs[-1] / "postgres", *options):
            url = f"postgresql://{USER}@127.0.0.1:{port}/postgres"
            _wait(url.replace("://", "+psycopg://"), folder)
            yield url


@contextlib.contextmanager
def mariadb(*, rights: bool = False) -> Iterator[str]:
    """The URL of a server's empty database. Without tables of rights all may all; `rights`: with them, and root has no
    password. Only this machine reaches it."""
    program = shutil.which("mariadbd", path="/usr/sbin:/usr/bin")
    assert program, "MariaDB is not installed: make databases"
    with _folder("") as folder, held_port() as port:
        data, user = folder / "data", pwd.getpwuid(os.geteuid()).pw_name
        common = ("--no-defaults", f"--datadir={data}", f"--user={user}")
        data.mkdir()
        if rights:
            _make_rights(program, common)
        options = ("--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder}/s", f"--pid-file={folder}/pid")
        quick = (
            *([] if rights else ["--skip-grant-tables"]),
            "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=32M",
        )
        with _running(folder, "", signal.SIGTERM, program, *common, *options, *quick):
            root = f"mariadb+pymysql://root@127.0.0.1:{port}"
            _wait(f"{root}/", folder)
            with contextlib.closing(pymysql.connect(host="127.0.0.1", port=port, user="root")) as connection:
                connection.cursor().execute("CREATE DATABASE workbench")
            yield f"mariadb://root@127.0.0.1:{port}/workbench"


def _make_rights(program: str, common: tuple[str, ...]) -> None:
    """As mariadb-install-db does, which wants a program that Debian has in the package of the clients."""
    scripts = ("mysql_system_tables.sql", "mysql_system_tables_data.sql")
    text = "create database mysql;\nuse mysql;\nset @auth_root_socket = null, @skip_auth_anonymous = 1;\n"
    text += "".join((Path("/usr/share/mysql") / name).read_text() for name in scripts)
    command = [program, *common, "--bootstrap", "--skip-networking", "--innodb-buffer-pool-size=32M"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def redis(password: str = "") -> Iterator[str]:
    """The URL of an empty server, without the password."""
    program = shutil.which("redis-server")
    assert program, "Redis is not installed: make databases"
    with _folder("") as folder, held_port() as port:
        options = ("--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no")
        secret = ("--requirepass", password) if password else ()
        with _running(folder, "", signal.SIGTERM, program, *options, *secret):
            _wait_for_port(port, folder)
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def _folder(user: str) -> Iterator[Path]:
    """Short, since sockets stand in it, and with no parent that only we may enter."""
    folder = Path(tempfile.mkdtemp(prefix="wb-db-", dir="/tmp"))
    try:
        if user:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder)


def _as(user: str) -> list[str]:
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else ["setpriv"]


def _call(user: str, *command: object) -> None:
    done = subprocess.run([*_as(user), *map(str, command)], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def _running(folder: Path, user: str, stop: signal.Signals, *command: object) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*_as(user), "--pdeathsig", stop.name.removeprefix("SIG"), *map(str, command)],
            stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip
    try:
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(url: str, folder: Path) -> None:
    engine, end = sa.create_engine(url), time.monotonic() + PATIENCE_S
    while True:
        try:
            engine.connect().close()
            break
        except sa.exc.OperationalError as error:
            if time.monotonic() > end:
                raise AssertionError((folder / "log").read_text()) from error
            time.sleep(0.1)
    engine.dispose()


def _wait_for_port(port: int, folder: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        assert time.monotonic() < end, (folder / "log").read_text()
        time.sleep(0.05)
