"""`workbench dataset`: the datasets of a version in the database: in, out, and edited."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from workbench.cli.conflicts import choice_options, choices_of, told
from workbench.cli.output import address_argument, author_options, by, json_option, print_json, print_table, storage
from workbench.errors import JsonError, UnconditionalError, UsageError
from workbench.model import json
from workbench.model.dataset import Column, ColumnType
from workbench.model.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.model.json import Json
    from workbench.usecases.datasets import Saved

KINDS = click.Choice(get_args(ColumnType))
COLUMNS = 12  # that are told for people; --json has all of them
_name = click.argument("name", metavar="DATASET")
_all_columns = click.option("--all-columns", "wide", is_flag=True, help=f"Not only the first {COLUMNS}.")


@click.group(name="dataset")
def command() -> None:
    """List, show, import, edit and export datasets; rows are numbered from 1."""


@command.command("list")
@address_argument
@json_option
def list_(address: str, as_json: bool) -> None:
    """Datasets of a version, with their rows, columns and the cases that use them."""
    from workbench.usecases.datasets import list_datasets

    with storage() as opened:
        found = list_datasets(address, opened)
    if as_json:
        print_json(found)
        return
    rows = [
        (each.name, "?" if each.rows is None else str(each.rows), _names(each.columns),
         str(len(each.used_by)), each.path)
        for each in found
    ]  # fmt: skip
    print_table(("dataset", "rows", "columns", "cases", "file"), rows)


def _names(columns: tuple[Column, ...]) -> str:
    more = len(columns) - COLUMNS
    first = ", ".join(column.name for column in columns[:COLUMNS])
    return f"{first} … and {more} more" if more > 0 else first


@command.command()
@address_argument
@_name
@click.option("--offset", metavar="N", type=click.IntRange(0), default=0, help="Rows to pass over.")
@click.option("--limit", metavar="N", type=click.IntRange(1), default=100, show_default=True)
@_all_columns
@json_option
def show(address: str, name: str, offset: int, limit: int, wide: bool, as_json: bool) -> None:
    """Rows of a dataset."""
    from workbench.usecases.datasets import rows_of

    with storage() as opened:
        found = rows_of(address, name, opened, offset, limit)
    if as_json:
        print_json(found)
        return
    _table(found.columns, found.rows, wide, offset)
    click.echo(f"{plural(found.total, 'row')}, revision {found.tag}")


def _table(all_: tuple[Column, ...], rows: "tuple[dict[str, Json], ...]", wide: bool, offset: int = 0) -> None:
    columns = all_ if wide else all_[:COLUMNS]
    cells = [
        (str(offset + number), *(_cell(row[column.name]) if column.name in row else "" for column in columns))
        for number, row in enumerate(rows, 1)
    ]
    heads = [column.name + (f":{column.type}" if column.type != "auto" else "") for column in columns]
    print_table(("", *heads), cells)
    if len(columns) < len(all_):
        click.echo(f"… and {plural(len(all_) - len(columns), 'more column')}: --all-columns")


def _cell(value: "Json") -> str:
    return value if isinstance(value, str) else json.dumps(value)


@command.command("import")
@address_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="DATASET", default="", help="Default: the file's.")
@click.option("--sheet", metavar="S", default="", help="Of an .xlsx; default: the first visible one.")
@click.option("--header", metavar="N", type=click.IntRange(1), default=1, help="The row that names the columns.")
@click.option("--preview", "only_preview", is_flag=True, help="Only show columns, first rows and doubtful cells.")
@_all_columns
@click.option(
    "--revision", metavar="N", type=click.IntRange(1), help="FILE was made of it: others' changes since stay."
)
@click.option("--replace", is_flag=True, help="Give up what the dataset of that name holds.")
@choice_options("mine", "theirs")
@author_options
@json_option
def import_(
    address: str,
    file: Path,
    name: str,
    sheet: str,
    header: int,
    only_preview: bool,
    wide: bool,
    revision: int | None,
    replace: bool,
    take: str | None,
    chosen: tuple[str, ...],
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Make FILE (.xlsx, .csv, .json) a dataset of a version. Encoding and delimiter of a .csv are found out.

    Over one that is there, say which revision of it FILE was made of (`dataset export` tells it), or --replace.
    """
    from msgspec.structs import replace as with_

    from workbench.storage import NOTHING
    from workbench.usecases.datasets import bring_in

    if only_preview:
        _preview(file, sheet, header, wide, as_json)
        return
    if replace and (revision or take or chosen):
        raise UsageError("--replace gives up what is there: nothing is put together", where="import")
    choices = choices_of(take, chosen, {"mine": "mine", "theirs": "theirs", "base": "base"})
    said = by(author, message)
    said = said if replace else with_(said, seen=str(revision or NOTHING))
    with storage() as opened, told("mine", "theirs"):
        try:
            saved = bring_in(address, file, opened, said, name=name, sheet=sheet, header=header, joining=choices)
        except UnconditionalError as error:
            hint = "--revision N: FILE was made of it, and others' changes since stay; --replace: give up what is there"
            raise UsageError("there is such a dataset already", where=error.where, hint=hint) from error
    for problem in saved.problems:
        click.echo(f"warning: {problem.where}: {problem.message}", err=True)
    _tell(saved, as_json)


def _preview(file: Path, sheet: str, header: int, wide: bool, as_json: bool) -> None:
    from workbench.usecases.datasets import preview

    found = preview(file, sheet=sheet, header=header)
    if as_json:
        print_json(found)
        return
    if found.sheets:
        click.echo(f"sheets: {', '.join(found.sheets)}")
    _table(found.columns, found.rows, wide)
    for problem in found.problems:
        click.secho(f"{problem.where}: {problem.message}", fg="red" if problem.fatal else "yellow")
    fatal = sum(problem.fatal for problem in found.problems)
    click.echo(f"{plural(found.total, 'row')}; {plural(fatal, 'cell')} that cannot be read; nothing is saved")


@command.command()
@address_argument
@_name
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(address: str, name: str, file: Path) -> None:
    """Write a dataset as FILE.xlsx, .csv or .json."""
    from workbench.usecases.datasets import export as work

    with storage() as opened:
        done = work(address, name, file, opened)
    click.echo(f"{file}: {plural(done.rows, 'row')}, revision {done.tag}")


@command.command("set")
@address_argument
@_name
@click.argument("row", type=click.IntRange(1))
@click.argument("column")
@click.argument("value", required=False)
@click.option("--as-json", "exact", is_flag=True, help="VALUE is JSON: 1.50, true, null, [1]; default: a text.")
@author_options
@json_option
def set_(
    address: str,
    name: str,
    row: int,
    column: str,
    value: str | None,
    exact: bool,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Set one cell; without VALUE the cell is emptied."""
    from msgspec import UNSET

    from workbench.usecases.datasets import set_cell

    cell = UNSET if value is None else json.loads(value, where="VALUE") if exact else value
    _do(author, message, as_json, lambda opened, said: set_cell(address, name, row, column, cell, opened, said))


@command.command()
@address_argument
@_name
@click.argument("rows", metavar="JSON...", nargs=-1, required=True)
@click.option("--before", metavar="ROW", type=click.IntRange(1), help="Default: at the end.")
@author_options
@json_option
def insert(
    address: str, name: str, rows: tuple[str, ...], before: int | None, author: str, message: str, as_json: bool
) -> None:
    """Insert rows, each a JSON object: '{"buyerId": "00123", "amount": 1.50}'."""
    from workbench.usecases.datasets import insert_rows

    made = [json.loads(text, where="JSON") for text in rows]
    if not all(isinstance(row, dict) for row in made):
        raise JsonError("a row is a JSON object", where="JSON")
    _do(
        author,
        message,
        as_json,
        lambda opened, said: insert_rows(address, name, made, opened, said, before=before or 0),
    )


@command.command()
@address_argument
@_name
@click.argument("rows", metavar="[ROW]...", nargs=-1, type=click.IntRange(1))
@click.option("--all", "everything", is_flag=True, help="The dataset itself; only when no case uses it.")
@author_options
@json_option
def delete(
    address: str, name: str, rows: tuple[int, ...], everything: bool, author: str, message: str, as_json: bool
) -> None:
    """Delete rows, or with --all the dataset."""
    from workbench.usecases.datasets import delete_rows, remove

    if bool(rows) == everything:
        raise UsageError("name rows, or --all", where="delete")
    if everything:
        _do(author, message, as_json, lambda opened, said: remove(address, name, opened, said))
    else:
        _do(author, message, as_json, lambda opened, said: delete_rows(address, name, rows, opened, said))


@command.command()
@address_argument
@_name
@click.argument("column")
@click.option("--add", is_flag=True, help="A new one, behind the others.")
@click.option("--value", metavar="TEXT", help="With --add: in each row.")
@click.option("--rename", metavar="NEW", default="")
@click.option("--type", "kind", type=KINDS, help="Cells are converted to it, none with loss.")
@click.option("--preview", "only_preview", is_flag=True, help="With --type: show what would become of the cells.")
@click.option("--keep", is_flag=True, help="With --type: cells that cannot be converted stay as they are.")
@click.option("--remove", "gone", is_flag=True)
@author_options
@json_option
def column(
    address: str,
    name: str,
    column: str,
    add: bool,
    value: str | None,
    rename: str,
    kind: ColumnType | None,
    only_preview: bool,
    keep: bool,
    gone: bool,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Add, rename, remove a column, or convert it to another type."""
    from msgspec import UNSET

    from workbench.usecases.dataset_columns import add_column, change_column, remove_column

    if add + gone + bool(rename) > 1 or not (add or gone or rename or kind):
        raise UsageError("choose one of --add, --rename, --remove, --type", where="column")
    if (only_preview or keep) and (add or gone or kind is None):
        raise UsageError("--preview and --keep are for --type", where="column")
    if only_preview and kind:
        _preview_column(address, name, column, kind, as_json)
        return
    if add:
        made, cell = Column(column, kind or "auto"), UNSET if value is None else value
        _do(author, message, as_json, lambda opened, said: add_column(address, name, made, opened, said, cell))
    elif gone:
        _do(author, message, as_json, lambda opened, said: remove_column(address, name, column, opened, said))
    else:
        _do(author, message, as_json,
            lambda opened, said: change_column(address, name, column, opened, said, new=rename, kind=kind,
                                               keep=keep))  # fmt: skip


def _preview_column(address: str, name: str, column: str, kind: ColumnType, as_json: bool) -> None:
    from workbench.usecases.dataset_columns import preview_column

    with storage() as opened:
        found = preview_column(address, name, column, kind, opened)
    if as_json:
        print_json(found)
        return
    print_table(("row", "before", "after"),
                [(str(each.row), json.dumps(each.before), json.dumps(each.after)) for each in found.shown])  # fmt: skip
    for problem in found.problems:
        click.secho(f"{problem.where}: {problem.message}", fg="red")
    unfit = f"{plural(found.unfit, 'cell')} that cannot be converted"
    click.echo(f"{plural(found.cells, 'cell')}, {found.changed} of them change; {unfit}; nothing is saved")


def _do(author: str, message: str, as_json: bool, work: "Callable[[Any, Any], Saved]") -> None:

    with storage() as opened:
        saved = work(opened, by(author, message))
    _tell(saved, as_json)


def _tell(saved: "Saved", as_json: bool) -> None:
    if as_json:
        print_json(saved)
        return
    what = ", ".join(f"{change.what} {change.kind} {change.key}" for change in saved.changes) or "nothing changed"
    how = ", put together with what others saved" if saved.merged else ""
    click.echo(f"{saved.subsystem}@{saved.version}: {saved.name} has {plural(saved.rows, 'row')}; {what}{how}")
