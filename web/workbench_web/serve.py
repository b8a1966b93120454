"""`workbench serve`: the HTTP API on this machine. Imports what is heavy when it runs."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click

from workbench.cli.output import settings_of
from workbench.errors import UsageError


@click.command("serve")
@click.option("--host", metavar="ADDRESS", default=None, help="Where to listen; default 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Default 8080; 0 takes a free one.")
@click.option("--db", "database", metavar="URL", default=None, help="The database instead of the setting database_url.")
@click.option("--no-schedules", is_flag=True, help="Leave schedules to other servers of the same database.")
@click.option("--no-login", is_flag=True, help="Whoever reaches it may do everything; for this machine only.")
@click.pass_context
def command(
    context: click.Context, host: str | None, port: int | None, database: str | None, no_schedules: bool, no_login: bool
) -> None:
    """Serve the HTTP API under /api/v1, until Ctrl-C or SIGTERM.

    Its OpenAPI document is /api/v1/openapi.json. The first start prints a link by which the first administrator is
    made, or takes one from WORKBENCH_ADMIN and WORKBENCH_ADMIN_PASSWORD.
    """
    from msgspec.structs import replace

    given = settings_of(context)
    serving = replace(
        given.serve,
        host=host or given.serve.host,
        port=given.serve.port if port is None else port,
        login=given.serve.login and not no_login,
        schedules=given.serve.schedules and not no_schedules,
    )
    if not serving.login:
        refuse_others(serving.host)
    chosen = replace(given, serve=serving, database_url=database or given.database_url)

    from workbench.usecases.enter import first_start
    from workbench_web.desk import Desk
    from workbench_web.entrance import is_known
    from workbench_web.factory import create_app
    from workbench_web.server import Server

    with _stopping() as stop, Desk(chosen) as desk:
        everybody = not serving.login or given.rights.anonymous != "none"
        server = Server(create_app(desk), serving, known=None if everybody else partial(is_known, desk))
        desk.address = server.address
        code = first_start(desk.storage) if serving.login else ""
        server.start()
        desk.upkeep.start()
        if serving.schedules:
            desk.clock.start()
        click.echo(f"serving {server.address}/api/v1, database {desk.storage.database.name}; Ctrl-C ends it")
        if code:
            click.echo(f"nobody is known here yet; make the first administrator: {desk.link(code)}")
        stop.wait()
        click.echo("stopping", err=True)
        server.stop(desk.end_streams)


def refuse_others(host: str) -> None:
    """Raises UsageError for an address that other machines reach, where there is no login."""
    from workbench_web.desk import is_loopback

    if not is_loopback(host):
        hint = "leave out --no-login, or listen on 127.0.0.1"
        raise UsageError("without a login only this machine may connect", where=f"--host {host}", hint=hint)


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
