"""`workbench history`: the revisions of a case, what differs between two, and bringing one back."""

from typing import TYPE_CHECKING, Any

import click

from workbench.cli.conflicts import difference_lines, told
from workbench.cli.output import author_options, by, json_option, local_time, print_json, print_table, storage
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.storage import Found, Storage


@click.command("history")
@click.argument("key", metavar="ID")
@click.option("--subsystem", metavar="S", default="", help="Where several have the id.")
@click.option(
    "--kind",
    type=click.Choice(["case", "scenario", "shared", "suite", "config", "dataset"]),
    help="Where several have it.",
)
@click.option("--version", metavar="V", default="", help="For --restore, where several have it.")
@click.option("--compare", "pair", metavar="A B", nargs=2, type=click.IntRange(1), help="What differs in revision B.")
@click.option("--restore", "number", metavar="N", type=click.IntRange(1), help="Save what revision N held, anew.")
@click.option("--expect", metavar="R", type=click.IntRange(1), default=None, help="Only while the version holds R.")
@author_options
@json_option
def command(
    key: str,
    pair: tuple[int, int] | None,
    number: int | None,
    as_json: bool,
    subsystem: str,
    kind: str | None,
    **saving: Any,
) -> None:
    """Show the revisions of a case, newest first.

    ID may also be a scenario's, the name of a shared file, with --kind dataset of a dataset, or the subsystem.
    """
    from workbench.usecases.revise import find

    if pair and number:
        raise UsageError("--compare and --restore are two things", hint="one after the other")
    with storage() as opened:
        document = find(key, opened, subsystem, kind or "")
        if pair:
            _compare(document, pair, opened, as_json)
        elif number:
            _restore(document, number, opened, as_json, **saving)
        else:
            _list(document, opened, as_json)


def _list(document: "Found", storage: "Storage", as_json: bool) -> None:
    found = storage.history.revisions(document)
    if as_json:
        print_json({"subsystem": document.subsystem, "kind": document.kind, "id": document.key, "revisions": found})
        return
    rows = [
        (str(each.number), local_time(each.created_us), each.author, ", ".join(each.versions), each.message)
        for each in found
    ]
    print_table(("revision", "time", "author", "in", "message"), rows)


def _compare(document: "Found", pair: tuple[int, int], storage: "Storage", as_json: bool) -> None:
    from workbench.usecases.revise import compare_revisions

    found = compare_revisions(document, *pair, storage)
    if as_json:
        print_json(found)
    elif not found:
        click.echo("they are the same")
    for each in () if as_json else found:
        click.echo("\n".join(difference_lines(each)))


def _restore(
    document: "Found",
    number: int,
    storage: "Storage",
    as_json: bool,
    *,
    version: str,
    expect: int | None,
    author: str,
    message: str,
) -> None:
    from workbench.usecases.revise import restore

    said = by(author, message or f"revision {number} again")
    with told("yours", "theirs"):
        saved = restore(document, number, storage, said, version=version, expected=expect or 0)
    if as_json:
        print_json(saved)
    else:
        click.echo(f"{saved.subsystem}@{saved.version} holds revision {saved.revision} of {document.key}")
