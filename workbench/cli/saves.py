"""`workbench saves`: what was saved in a version, what differs, and taking it back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from workbench.cli.conflicts import choice_options, choices_of, difference_lines, told
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

if TYPE_CHECKING:
    from workbench.storage import Change, DocumentDifference

PLACE = "SUBSYSTEM@VERSION:SAVE"


@click.group(name="saves")
def command() -> None:
    """List, compare and take back what was saved in a version."""


@command.command("list")
@click.argument("version", metavar="SUBSYSTEM[@VERSION]")
@json_option
def list_(version: str, as_json: bool) -> None:
    """The saves of a version, newest first."""
    from workbench.usecases.sync_versions import parse_at

    with storage() as opened:
        at = parse_at(version, opened)
        found = opened.saves.all(at.subsystem, at.version)
    if as_json:
        print_json({"subsystem": at.subsystem, "version": at.version, "saves": found})
        return
    rows = [
        (str(each.number), local_time(each.created_us), each.author, each.what, str(each.documents), each.message)
        for each in found
    ]
    print_table(("save", "time", "author", "by", "documents", "message"), rows)


@command.command()
@click.argument("save", metavar=PLACE)
@json_option
def show(save: str, as_json: bool) -> None:
    """What one save changed, step by step and field by field."""
    from workbench.usecases.sync_versions import parse_at, what_a_save_did

    with storage() as opened:
        found = what_a_save_did(parse_at(save, opened), opened)
    _show(found, as_json)


@command.command()
@click.argument("before", metavar="SUBSYSTEM@VERSION[:SAVE]")
@click.argument("after", metavar="SUBSYSTEM@VERSION[:SAVE]")
@json_option
def compare(before: str, after: str, as_json: bool) -> None:
    """What differs between two versions, or two saves."""
    from workbench.usecases.sync_versions import compare_versions

    with storage() as opened:
        found = compare_versions(before, after, opened)
    _show(found, as_json)


@command.command()
@click.argument("save", metavar="SUBSYSTEM@VERSION[:SAVE]")
@click.option("--preview", is_flag=True, help="Only tell what would change.")
@choice_options("before", "now")
@author_options
@json_option
def undo(
    save: str,
    preview: bool,
    take: str | None,
    chosen: tuple[str, ...],
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Take back one save, or the newest; what was done since stays."""
    from workbench.usecases.sync_versions import parse_at, undo_save

    choices = choices_of(take, chosen, {"before": "mine", "now": "theirs", "base": "base"})
    with storage() as opened, told("before", "now"), script_check() as scripts:
        at, said = parse_at(save, opened), by(author, message)
        done = undo_save(at, opened, said, choices, preview=preview, scripts=scripts)
    _tell(done, preview, as_json)


@command.command()
@click.argument("save", metavar=PLACE)
@click.option("--preview", is_flag=True, help="Only tell what would change.")
@author_options
@json_option
def restore(save: str, preview: bool, author: str, message: str, as_json: bool) -> None:
    """Make a version hold what it held after a save."""
    from workbench.usecases.sync_versions import parse_at, restore_save

    with storage() as opened:
        done = restore_save(parse_at(save, opened), opened, by(author, message), preview=preview)
    _tell(done, preview, as_json)


def _tell(done: "tuple[list[Change], int]", preview: bool, as_json: bool) -> None:
    changes, number = done
    if as_json:
        print_json({"changes": changes, "save": None if preview else number})
        return
    for change in changes:
        click.echo(f"{change.what:8} {change.kind} {change.key}".rstrip())
    click.echo("nothing is saved" if preview else f"save {number}" if changes else "nothing changed")


def _show(found: "Sequence[DocumentDifference]", as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for document in found:
        click.echo(f"{document.what:8} {document.kind} {document.key}  {document.name}".rstrip())
        for each in document.differences:
            click.echo("\n".join(f"  {line}" for line in difference_lines(each)))
    if not found:
        click.echo("they are the same")
