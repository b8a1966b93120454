"""`workbench trash`: what a version held once, and bringing it back."""

from typing import get_args

import click

from workbench.cli.output import (
    author_options,
    by,
    json_option,
    local_time,
    print_json,
    print_table,
    script_check,
    storage,
)
from workbench.model.noted import DocumentKind


@click.group(name="trash")
def command() -> None:
    """List what was removed from a version, and bring it back."""


@command.command("list")
@click.argument("source", metavar="SUBSYSTEM[@VERSION]")
@json_option
def list_(source: str, as_json: bool) -> None:
    """Cases, scenarios and all else that the version held once, last removed first."""
    from workbench.usecases.rearrange import trash

    with storage() as opened:
        found = trash(source, opened)
    if as_json:
        print_json(found)
        return
    rows = [(each.kind, each.key, each.name, local_time(each.created_us), each.author) for each in found]
    print_table(("kind", "id", "name", "removed", "by"), rows)


@command.command()
@click.argument("source", metavar="SUBSYSTEM[@VERSION]")
@click.argument("key", metavar="ID")
@click.option(
    "--kind",
    type=click.Choice(get_args(DocumentKind)),
    help="Where several things have the name.",
)
@author_options
@json_option
def restore(source: str, key: str, kind: str | None, author: str, message: str, as_json: bool) -> None:
    """Bring something back to where it stood, a scenario with the cases that went with it."""
    from workbench.usecases.rearrange import restore as bring_back

    with storage() as opened, script_check() as scripts:
        changes = bring_back(source, key, opened, by(author, message), kind or "", scripts=scripts)
    if as_json:
        print_json(changes)
        return
    for change in changes:
        click.echo(f"{change.what:8} {change.kind} {change.key}")
