"""`workbench config`: configuration of a version in the database, item by item or as a table."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import UNSET

from workbench.cli.output import address_argument, author_options, by, json_option, print_json, print_table, storage
from workbench.errors import UsageError
from workbench.model import json

if TYPE_CHECKING:
    from workbench.model.json import Json
    from workbench.usecases.config_tables import Line
    from workbench.usecases.configure import Cell, Written

HIDDEN = "(secret)"
_environment = click.option("--environment", metavar="NAME", default="*", help="Default: the value for all of them.")


@click.group(name="config")
def command() -> None:
    """Show and change the configuration of a version; without VERSION of the newest."""


@command.command("list")
@address_argument
@json_option
def list_(address: str, as_json: bool) -> None:
    """Keys, types and the value in each environment; secrets are never shown."""
    from workbench.usecases.configure import ALL, show

    with storage() as opened:
        held = show(address, opened)
    if as_json:
        print_json(held)
        return
    places = (ALL, *held.environments)
    rows = [(item.key, *(_shown(item.cells.get(place)) for place in places)) for item in held.items]
    print_table(("key", *places), rows)
    for environment, paths in held.masks.items():
        click.echo(f"masked in {environment}: {', '.join(paths)}")


def _shown(cell: "Cell | None") -> str:
    if cell is None:
        return ""
    if cell.secret or cell.value is UNSET:
        return HIDDEN
    return json.dumps(cell.value)


@command.command("set")
@address_argument
@click.argument("key")
@click.argument("value", required=False)
@_environment
@click.option(
    "--type", "kind", type=click.Choice(["text", "number", "bool", "json"]), default="text", show_default=True
)
@click.option("--secret/--no-secret", default=None, help="A secret is sealed in the database and masked everywhere.")
@author_options
@json_option
def set_(
    address: str,
    key: str,
    value: str | None,
    environment: str,
    kind: str,
    secret: bool | None,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Set one value; without VALUE it is read from the terminal, unseen, or from stdin."""
    from workbench.usecases.config_tables import typed
    from workbench.usecases.configure import Change, put

    try:
        found = typed(_asked(key) if value is None else value, kind)
    except ValueError as problem:
        raise UsageError(str(problem), where="VALUE") from problem
    change = Change(key=key, environment=environment, value=found, secret=secret)
    with storage() as opened:
        written = put(address, lambda config: [change], opened, by(author, message))
    _tell(written, as_json)


def _asked(key: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(key, hide_input=True, err=True))
    return sys.stdin.read().removesuffix("\n")


@command.command()
@address_argument
@click.argument("key")
@_environment
@author_options
@json_option
def unset(address: str, key: str, environment: str, author: str, message: str, as_json: bool) -> None:
    """Remove one value; without --environment the one for all of them."""
    from workbench.usecases.configure import Change, put

    with storage() as opened:
        change = Change(key=key, environment=environment)
        written = put(address, lambda config: [change], opened, by(author, message))
    _tell(written, as_json)


@command.command()
@address_argument
@click.argument("environment")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@author_options
@json_option
def mask(address: str, environment: str, paths: tuple[str, ...], author: str, message: str, as_json: bool) -> None:
    """Make these the paths whose values are masked in runs of ENVIRONMENT, as response.data.phone; none: no masking."""
    from workbench.usecases.configure import set_masks

    with storage() as opened:
        written = set_masks(address, environment, paths, opened, by(author, message))
    _tell(written, as_json)


@command.command("export")
@address_argument
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(address: str, file: Path) -> None:
    """Write the table key × environment as FILE.xlsx, .csv, .json or .properties; secrets are left out."""
    from workbench import plugins
    from workbench.usecases.config_tables import export_table

    with storage() as opened:
        count = export_table(address, file, opened, plugins.dataset_formats())
    click.echo(f"{file}: {count} keys")


@command.command("import")
@address_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="Only tell what would become of each cell.")
@author_options
@json_option
def import_(address: str, file: Path, preview: bool, author: str, message: str, as_json: bool) -> None:
    """Bring a table in: all of it, or nothing where a cell cannot be taken. Empty cells change nothing."""
    from workbench import plugins
    from workbench.usecases.config_tables import import_table

    with storage() as opened:
        formats = plugins.dataset_formats()
        done = import_table(address, file, opened, formats, by(author, message), preview=preview)
    if as_json:
        print_json(done)
        return
    print_table(("", "key", "environment", "before", "after", "where"), [_row(line) for line in done.lines])
    if done.written is UNSET:
        click.echo("nothing is saved")
    else:
        _tell(done.written, as_json=False)


def _row(line: "Line") -> tuple[str, ...]:
    before, after = (HIDDEN if line.secret else _text(value) for value in (line.before, line.after))
    return line.what, line.key, line.environment, before, line.problem or after, line.where


def _text(value: "Json") -> str:
    return "" if value is UNSET else json.dumps(value)


def _tell(written: "Written", as_json: bool) -> None:
    if as_json:
        print_json(written)
    else:
        click.echo(f"{written.subsystem}@{written.version}: revision {written.revision} of its configuration")
