"""`workbench case`: what a case, scenario or shared file of the database holds, and saving a change of it."""

from typing import IO, TYPE_CHECKING, Any

import click

from workbench.cli.choosing import with_options
from workbench.cli.conflicts import choice_options, choices_of, told
from workbench.cli.output import (
    address_argument,
    author_options,
    by,
    json_option,
    print_json,
    print_json_text,
    script_check,
    storage,
)

if TYPE_CHECKING:
    from workbench.storage import Found, Storage
    from workbench.usecases.rearrange import Arranged


@click.group(name="case")
def command() -> None:
    """Show, add, save, copy, move and remove a case; ID may also be a scenario's.

    For show and save also the name of a shared file, for the others also ID/STEP.
    """


_finding = with_options(  # which document is meant
    click.argument("key", metavar="ID"),
    click.option("--subsystem", metavar="S", default="", help="Where several have the id."),
    click.option(
        "--kind", type=click.Choice(["case", "scenario", "shared", "suite", "config"]), help="Where several have it."
    ),
    click.option("--version", metavar="V", default="", help="Where several have it."),
)


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
    from workbench.usecases.revise import save as save_body

    choices = choices_of(take, chosen, {"mine": "mine", "theirs": "theirs", "base": "base"})
    with storage() as opened, told("yours", "theirs"), script_check() as scripts:
        document = _find(opened, key, subsystem, kind)
        text = source.read()
        saved = save_body(document, text, base, opened, by(author, message), version, choices, scripts=scripts)
    if as_json:
        print_json(saved)
    else:
        merged = ", with what others saved meanwhile" if saved.merged else ""
        click.echo(f"{saved.subsystem}@{saved.version} holds revision {saved.revision} of {key}{merged}")


@command.command()
@address_argument
@click.option("--into", metavar="ID", default="", help="The scenario to put the case into.")
@click.option("--behind", metavar="ID", default="", help="Put it behind that case.")
@click.option("--first", is_flag=True, help="Put it first there; default: last.")
@click.option("--shared", metavar="FILE", default="", help="It is a file of shared steps of that name.")
@click.option("--file", "source", type=click.File("rb"), default="-", metavar="FILE", help="JSON; default: stdin.")
@author_options
@json_option
def add(
    address: str,
    into: str,
    behind: str,
    first: bool,
    shared: str,
    source: IO[bytes],
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Add a case (with --into), a scenario with its cases, or a file of shared steps (with --shared)."""
    from workbench.usecases.compose import add_text
    from workbench.usecases.rearrange import Place

    place = Place(into=into, behind=behind or ("" if first else None))
    with storage() as opened, script_check() as scripts:
        done = add_text(address, source.read(), place, opened, by(author, message), scripts, shared=shared)
    _tell("add", done.id, done, as_json)


_placing = with_options(  # where something is copied or moved to
    click.argument("source", metavar="SUBSYSTEM[@VERSION]"),
    click.argument("item", metavar="ID[/STEP]"),
    click.option("--to", "version", metavar="SUBSYSTEM[@VERSION]", default="", help="Default: where it is."),
    click.option("--into", metavar="ID", default="", help="The scenario, or for a step the case, to put it into."),
    click.option("--behind", metavar="ID", default="", help="Put it behind that one."),
    click.option("--first", is_flag=True, help="Put it first there; default: last."),
    click.option("--with-references", is_flag=True, help="Datasets and shared steps that it names come with it."),
    author_options,
    json_option,
)


@command.command()
@_placing
def copy(source: str, item: str, **options: Any) -> None:
    """Copy a scenario, case or step; the copy gets ids of its own."""
    _arrange("copy", source, item, **options)


@command.command()
@_placing
def move(source: str, item: str, **options: Any) -> None:
    """Move a scenario, case or step to another place, version or subsystem."""
    _arrange("move", source, item, **options)


@command.command()
@click.argument("source", metavar="SUBSYSTEM[@VERSION]")
@click.argument("item", metavar="ID[/STEP]")
@click.option("--shared", is_flag=True, help="ID is the name of a file of shared steps that nothing uses.")
@author_options
@json_option
def remove(source: str, item: str, shared: bool, author: str, message: str, as_json: bool) -> None:
    """Take a scenario, case or step out of a version; `workbench trash` has all but steps then."""
    from workbench.usecases import compose, rearrange

    work = compose.remove_shared if shared else rearrange.remove
    with storage() as opened:
        done = work(source, item, opened, by(author, message))
    _tell("remove", item, done, as_json)


def _arrange(
    what: str,
    source: str,
    item: str,
    *,
    version: str,
    into: str,
    behind: str,
    first: bool,
    with_references: bool,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    from workbench.usecases import rearrange

    place = rearrange.Place(version=version, into=into, behind=behind or ("" if first else None))
    work = rearrange.copy if what == "copy" else rearrange.move
    with storage() as opened:
        done = work(source, item, place, opened, by(author, message), with_references=with_references)
    _tell(what, item, done, as_json)


def _tell(what: str, item: str, done: "Arranged", as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    for each in done.brought:
        click.echo(f"with it: {each}")
    for each in done.warnings:
        click.echo(f"warning: {each}", err=True)
    said = {"copy": f"{item} is copied to {done.id} in", "move": f"{item} is moved, as {done.id} in",
            "add": f"{done.id} is added to"}  # fmt: skip
    click.echo(f"{said.get(what, f'{item} is removed from')} {done.version}")
