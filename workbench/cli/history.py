"""`workbench history`: the revisions of a case, what differs between two, and bringing one back."""

from typing import TYPE_CHECKING, Any

import click

from workbench.cli.output import author_options, json_option, local_time, print_json, print_table, storage
from workbench.errors import ConflictError, UsageError

if TYPE_CHECKING:
    from workbench.storage import Difference, Found, Storage


@click.command("history")
@click.argument("key", metavar="ID")
@click.option("--subsystem", metavar="S", default="", help="Where several have the id.")
@click.option("--kind", type=click.Choice(["case", "scenario", "shared"]), help="Where several have it.")
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
    """Show the revisions of a case, newest first; ID may also be a scenario's, or the name of a shared file."""
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
        click.echo("\n".join(_lines(each)))


def _show_both(conflict: ConflictError) -> None:
    """What each side changed, and whether both can stand together."""
    from workbench.usecases.revise import merged, sides

    for name, differences in sides(conflict).items():
        click.echo(f"{name}:", err=True)
        for each in differences:
            click.echo("\n".join(f"  {line}" for line in _lines(each)), err=True)
    places = [" › ".join(each.place) for each in merged(conflict).conflicts]
    click.echo(f"both changed: {', '.join(places)}" if places else "the changes do not touch each other", err=True)


def _lines(difference: "Difference") -> list[str]:
    return [
        " › ".join(difference.place) or "(all of it)",
        *_marked("-", difference.before),
        *_marked("+", difference.after),
    ]


def _marked(sign: str, value: Any) -> list[str]:
    from msgspec import UNSET

    from workbench.model.json import pretty

    if value is UNSET:
        return []
    text = value if isinstance(value, str) else pretty(value)
    return [f"  {sign} {line}" for line in text.split("\n")]


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
    from workbench.storage import Author
    from workbench.usecases.revise import restore

    said = Author(author, message or f"revision {number} again")
    try:
        saved = restore(document, number, storage, said, version=version, expected=expect or 0)
    except ConflictError as conflict:
        _show_both(conflict)
        raise
    if as_json:
        print_json(saved)
    else:
        click.echo(f"{saved.subsystem}@{saved.version} holds revision {saved.revision} of {document.key}")
