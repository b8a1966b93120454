"""`workbench serve`: the HTTP API on this machine. Imports what is heavy when it runs."""

import ipaddress
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from workbench.cli.output import settings_of
from workbench.errors import UsageError


@click.command("serve")
@click.option("--host", metavar="ADDRESS", default=None, help="Where to listen; default 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Default 8080; 0 takes a free one.")
@click.option("--db", "database", metavar="URL", default=None, help="The database instead of the setting database_url.")
@click.pass_context
def command(context: click.Context, host: str | None, port: int | None, database: str | None) -> None:
    """Serve the HTTP API under /api/v1, until Ctrl-C or SIGTERM.

    Its OpenAPI document is /api/v1/openapi.json. There is no login yet, so it listens to this machine only.
    """
    from msgspec.structs import replace

    given = settings_of(context)
    serving = replace(given.serve, host=host or given.serve.host, port=given.serve.port if port is None else port)
    refuse_others(serving.host)
    chosen = replace(given, serve=serving, database_url=database or given.database_url)

    from workbench_web.desk import Desk
    from workbench_web.factory import create_app
    from workbench_web.server import Server

    with _stopping() as stop, Desk(chosen) as desk:
        server = Server(create_app(desk), serving)
        server.start()
        click.echo(f"serving {server.address}/api/v1, database {desk.storage.database.name}; Ctrl-C ends it")
        stop.wait()
        click.echo("stopping", err=True)
        server.stop(desk.end_streams)


def refuse_others(host: str) -> None:
    """Raises UsageError for an address that other machines reach: there is no login yet."""
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        hint = "listen on 127.0.0.1, and reach it from elsewhere through a tunnel: ssh -L 8080:127.0.0.1:8080 HOST"
        raise UsageError("there is no login yet, so only this machine may connect", where=f"--host {host}", hint=hint)


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Set by SIGINT and SIGTERM; a second one ends the process as if there was no server."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def told(number: int, frame: object) -> None:
        for each, handler in before.items():
            signal.signal(each, handler)
        stop.set()

    for number in before:
        signal.signal(number, told)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
