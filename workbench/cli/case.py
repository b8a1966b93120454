"""`workbench case`: what a case, scenario or shared file of the database holds, and saving a change of it."""

from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from workbench.cli.conflicts import choice_options, choices_of, told
from workbench.cli.output import author_options, json_option, print_json, print_json_text, storage

if TYPE_CHECKING:
    from workbench.storage import Found, Storage

F = TypeVar("F", bound=Callable[..., Any])


@click.group(name="case")
def command() -> None:
    """Show and save a case; ID may also be a scenario's, or the name of a shared file."""


def _finding(command_: F) -> F:
    """The options that tell which document is meant."""
    kinds = click.Choice(["case", "scenario", "shared"])
    for option in (
        click.option("--version", metavar="V", default="", help="Where several have it."),
        click.option("--kind", type=kinds, help="Where several have it."),
        click.option("--subsystem", metavar="S", default="", help="Where several have the id."),
        click.argument("key", metavar="ID"),
    ):
        command_ = option(command_)
    return command_


def _find(storage: "Storage", key: str, subsystem: str, kind: str | None) -> "Found":
    from workbench.usecases.revise import find

    return find(key, storage, subsystem, kind or "")


@command.command()
@_finding
@click.option("--revision", metavar="N", type=click.IntRange(1), help="Default: what the version holds.")
@json_option
def show(key: str, subsystem: str, kind: str | None, version: str, revision: int | None, as_json: bool) -> None:
    """Print it as JSON, for `save`; the number of its revision goes to stderr."""
    from workbench.usecases.revise import body

    with storage() as opened:
        document = _find(opened, key, subsystem, kind)
        number, text = body(document, opened, version, revision or 0)
    if as_json:
        print_json(
            {"subsystem": document.subsystem, "kind": document.kind, "id": key, "revision": number, "body": text}
        )
        return
    click.echo(f"revision {number}", err=True)
    print_json_text(text)


@command.command()
@_finding
@click.option("--file", "source", type=click.File("rb"), default="-", metavar="FILE", help="JSON; default: stdin.")
@click.option("--base", metavar="R", type=click.IntRange(1), required=True, help="The revision that was changed.")
@choice_options("mine", "theirs")
@author_options
@json_option
def save(
    key: str,
    subsystem: str,
    kind: str | None,
    version: str,
    source: IO[bytes],
    base: int,
    take: str | None,
    chosen: tuple[str, ...],
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Save a change of revision R. What somebody else saved since stays; where both changed one value you choose."""
    from workbench.storage import Author
    from workbench.usecases.revise import save as save_body

    choices = choices_of(take, chosen, {"mine": "mine", "theirs": "theirs", "base": "base"})
    with storage() as opened, told("yours", "theirs"):
        document = _find(opened, key, subsystem, kind)
        saved = save_body(document, source.read(), base, opened, Author(author, message), version, choices)
    if as_json:
        print_json(saved)
    else:
        merged = ", with what others saved meanwhile" if saved.merged else ""
        click.echo(f"{saved.subsystem}@{saved.version} holds revision {saved.revision} of {key}{merged}")
