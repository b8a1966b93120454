"""`workbench case-groups`: named selections of cases, of a suite folder or of a version of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli.choosing import PRIORITY
from workbench.cli.output import author_options, by, json_option, print_json, print_table, storage
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.storage import Storage

_source = click.argument("source", metavar="SUITE")


@click.group(name="case-groups")
def command() -> None:
    """List, define and copy groups of cases; SUITE is a folder or SUBSYSTEM[@VERSION] of the database.

    `workbench run SUITE --group NAME` runs one.
    """


@contextmanager
def _place(source: str) -> "Iterator[Storage | None]":
    """The database, unless a folder is named."""
    if Path(source).is_dir():
        yield None
        return
    with storage() as opened:
        yield opened


@command.command("list")
@_source
@json_option
def list_(source: str, as_json: bool) -> None:
    """All groups, and how many cases each has now."""
    from workbench.usecases.case_groups import show_groups, suite_of

    with _place(source) as place:
        found = show_groups(suite_of(source, place))
    if as_json:
        print_json(found)
        return
    rows = [
        (each.name, each.problem or plural(len(each.members), "case"), each.group.owner, each.group.description)
        for each in found
    ]
    print_table(("group", "holds", "owner", "description"), rows)


@command.command()
@_source
@click.argument("name")
@json_option
def show(source: str, name: str, as_json: bool) -> None:
    """The cases of a group, in the order in which they run."""
    from workbench.errors import PlanError
    from workbench.usecases.case_groups import show_groups, suite_of

    with _place(source) as place:
        (found,) = show_groups(suite_of(source, place), name)
    if as_json:
        print_json(found)
        return
    if found.problem:
        raise PlanError(found.problem, where=source)
    rows = [
        (each.id, each.case, each.scenario, each.priority, "disabled" if each.disabled else each.state)
        for each in found.members
    ]
    print_table(("id", "case", "scenario", "priority", "state"), rows)


@command.command("set")
@_source
@click.argument("name")
@click.option("--case", "cases", metavar="C", multiple=True, help="Id, name or glob; they run in this order.")
@click.option("--scenario", "scenarios", metavar="S", multiple=True, help="Filter: cases of this scenario.")
@click.option("--tag", "tags", metavar="T", multiple=True, help="Filter: with this tag; !T: without it.")
@click.option("--priority", "priorities", type=PRIORITY, multiple=True, help="Filter.")
@click.option("--requirement", "requirements", metavar="R", multiple=True, help="Filter: cases that cover it.")
@click.option("--owner", "owners", metavar="NAME", multiple=True, help="Filter: cases of this owner.")
@click.option("--description", metavar="TEXT", default="", help="For people.")
@author_options
@json_option
def set_(source: str, name: str, author: str, message: str, as_json: bool, **fields: Any) -> None:
    """Define a group, or define it anew: cases in order, then what the filter brings."""
    from workbench.model.suite import CaseGroup
    from workbench.usecases.case_groups import set_group

    with _place(source) as place:
        shown = set_group(source, name, CaseGroup(**fields), place, by(author, message))
    if as_json:
        print_json(shown)
    else:
        click.echo(f"{name} holds {plural(len(shown.members), 'case')}")


@command.command()
@_source
@click.argument("name")
@author_options
def remove(source: str, name: str, author: str, message: str) -> None:
    """Remove a group; its cases stay."""
    from workbench.usecases.case_groups import remove_group

    with _place(source) as place:
        remove_group(source, name, place, by(author, message))
    click.echo(f"{name} is removed")


@command.command()
@click.argument("source", metavar="SUBSYSTEM[@VERSION]")
@click.argument("name")
@click.argument("target", metavar="SUBSYSTEM[@VERSION]")
@click.option("--as", "as_name", metavar="NAME", default="", help="Another name for the copy.")
@click.option("--with-references", is_flag=True, help="Datasets and shared steps that it names come along.")
@author_options
@json_option
def copy(
    source: str,
    name: str,
    target: str,
    as_name: str,
    with_references: bool,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Copy a group with its cases into another version, in one save."""
    from workbench.usecases.case_groups import copy_group

    with storage() as opened:
        done = copy_group(
            source, name, target, opened, by(author, message), as_name=as_name, with_references=with_references
        )
    if as_json:
        print_json(done)
        return
    click.echo(f"{done.version} has the group {done.name} with {plural(len(done.cases), 'case')}")
    for brought in done.brought:
        click.echo(f"  with {brought}")
