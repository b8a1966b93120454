"""`workbench suite`: whole suites of the database made, copied and moved, and their settings."""

from typing import TYPE_CHECKING

import click

from workbench.cli.output import address_argument, author_options, by, json_option, print_json, storage
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.model.suite import Refresh
    from workbench.usecases.copy_suite import CopiedSuite


@click.group(name="suite")
def command() -> None:
    """Make, copy and move whole suites of the database, and change their settings."""


_REFRESH = click.Choice(["never", "snapshot", "always"])
_refresh_help = "Before each run: newer snapshots of Maven coordinates; always: newer releases too."


@command.command()
@click.argument("address", metavar="SUBSYSTEM@VERSION")
@click.option("--name", default="", help="Of the suite; default: that of the subsystem.")
@click.option("--description", default="")
@click.option("--owner", default="", help="Who looks after it.")
@click.option("--refresh", type=_REFRESH, default="never", help=_refresh_help)
@author_options
@json_option
def new(
    address: str, name: str, description: str, owner: str, refresh: "Refresh", author: str, message: str, as_json: bool
) -> None:
    """Make a suite without scenarios, and its subsystem where there is none."""
    from workbench.model.suite import SuiteFile
    from workbench.usecases.compose import new_suite

    file = SuiteFile(suite=name, subsystem="", description=description, owner=owner, refresh=refresh)
    with storage() as opened:
        done = new_suite(address, file, opened, by(author, message))
    if as_json:
        print_json(done)
    else:
        click.echo(f"{done.version} is made; `workbench case add` puts scenarios and cases into it")


@command.command("set")
@address_argument
@click.option("--name", metavar="TEXT", help="Of the suite.")
@click.option("--description", metavar="TEXT")
@click.option("--owner", metavar="TEXT", help="Who looks after it.")
@click.option("--refresh", type=_REFRESH, help=_refresh_help)
@author_options
@json_option
def set_(address: str, author: str, message: str, as_json: bool, **fields: str | None) -> None:
    """Change what is given of a version's settings."""
    from workbench.usecases.compose import set_suite

    given = {"suite" if key == "name" else key: value for key, value in fields.items() if value is not None}
    with storage() as opened:
        done = set_suite(address, given, opened, by(author, message))
    if as_json:
        print_json(done)
    else:
        click.echo(f"{done.version} is saved" if done.changes else f"{done.version} is as it was")


@command.command()
@click.argument("source", metavar="SUBSYSTEM[@VERSION]")
@click.argument("target", metavar="SUBSYSTEM@VERSION")
@author_options
@json_option
def copy(source: str, target: str, author: str, message: str, as_json: bool) -> None:
    """Copy all scenarios with what they name to a version that is there or not."""
    from workbench.usecases.copy_suite import copy_suite

    with storage() as opened:
        _tell("copied", copy_suite(source, target, opened, by(author, message)), as_json)


@command.command()
@click.argument("source", metavar="SUBSYSTEM[@VERSION]")
@click.argument("target", metavar="SUBSYSTEM@VERSION")
@author_options
@json_option
def move(source: str, target: str, author: str, message: str, as_json: bool) -> None:
    """The same, and they leave where they were, into its trash."""
    from workbench.usecases.copy_suite import move_suite

    with storage() as opened:
        _tell("moved", move_suite(source, target, opened, by(author, message)), as_json)


def _tell(what: str, done: "CopiedSuite", as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    for each in done.warnings:
        click.echo(f"warning: {each}", err=True)
    click.echo(f"{plural(len(done.cases), 'case')} {what} to {done.version}")
