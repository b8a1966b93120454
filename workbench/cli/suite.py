"""`workbench suite`: whole suites of the database made, copied and moved; versions put in order."""

from typing import TYPE_CHECKING

import click

from workbench.cli.output import author_options, by, json_option, print_json, storage
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.usecases.copy_suite import CopiedSuite


@click.group(name="suite")
def command() -> None:
    """Make, copy and move whole suites of the database."""


@command.command()
@click.argument("address", metavar="SUBSYSTEM@VERSION")
@click.option("--name", default="", help="Of the suite; default: that of the subsystem.")
@click.option("--description", default="")
@click.option("--owner", default="", help="Who looks after it.")
@author_options
@json_option
def new(address: str, name: str, description: str, owner: str, author: str, message: str, as_json: bool) -> None:
    """Make a suite without scenarios, and its subsystem where there is none."""
    from workbench.model.suite import SuiteFile
    from workbench.usecases.compose import new_suite

    file = SuiteFile(suite=name, subsystem="", description=description, owner=owner)
    with storage() as opened:
        done = new_suite(address, file, opened, by(author, message))
    if as_json:
        print_json(done)
    else:
        click.echo(f"{done.version} is made; `workbench case add` puts scenarios and cases into it")


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
