"""`workbench generate`: a suite with a case for each method of an artifact."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli.output import (
    artifact_options,
    asking,
    author_options,
    by,
    json_option,
    print_json,
    settings,
    storage,
)
from workbench.errors import UsageError
from workbench.model.words import plural
from workbench.usecases.generate_suite import SuiteReport, SuiteRequest, generate_suite

if TYPE_CHECKING:
    from workbench.storage import Author


@click.command(name="generate")
@artifact_options
@click.option("--interface", "interfaces", metavar="GLOB", multiple=True, help="Only these: com.example.*, *Facade.")
@click.option("--out", "folder", metavar="SUITE", type=click.Path(path_type=Path), help="Suite folder.")
@click.option("--into", metavar="SUBSYSTEM[@VERSION]", default="", help="Into a version of the database, in one save.")
@click.option("--rows", metavar="METHOD", default="", help="A draft with a dataset of edge values: Interface#method.")
@click.option("--dataset", metavar="NAME", default="", help="Of --rows: name of the dataset.")
@click.option("--preview", is_flag=True, help="With --into: only tell what would come.")
@click.option("--registry", metavar="ADDRESS", default="samples://", show_default=True, help="Where the suite runs.")
@click.option("--name", help="Name of a new suite; default: the folder's.")
@click.option("--subsystem", help="Subsystem of a new suite; default: its name.")
@click.option("--again", is_flag=True, help="Also make the cases that were deleted.")
@author_options
@json_option
def command(
    artifacts: tuple[str, ...],
    sources: tuple[str, ...],
    interfaces: tuple[str, ...],
    folder: Path | None,
    into: str,
    rows: str,
    dataset: str,
    preview: bool,
    registry: str,
    name: str | None,
    subsystem: str | None,
    again: bool,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Make a suite with a case for each method of an artifact, or without one of what the registry knows.

    A suite that is there gets the scenarios it lacks, and at the end of a scenario the cases of methods that are new;
    all else in its files stays as it is. A case that was deleted stays deleted (generated.json remembers it); --again
    makes it once more. --into does the same with the contract that a version of the database holds.

    --rows makes, for a method of that contract, a dataset that varies one value of its request at a time (constants of
    enums, bounds of numbers, empty and long texts, null), and a draft case that runs once a row.
    """
    if bool(into) == (folder is not None):
        raise UsageError("where to?", hint="--out SUITE, or --into SUBSYSTEM@VERSION")
    if rows:
        _rows(into or str(folder), bool(into), rows, dataset, by(author, message), as_json)
        return
    if folder is None:
        _into(into, interfaces, by(author, message), again, preview, as_json)
        return
    request = SuiteRequest(
        folder=folder,
        artifacts=artifacts,
        sources=sources,
        interfaces=interfaces,
        registry=registry,
        name=name or "",
        subsystem=subsystem or "",
        again=again,
    )
    with asking() as ask:
        report = generate_suite(request, settings(), ask)
    if as_json:
        print_json(report)
    else:
        _print(report)


def _into(
    address: str, interfaces: tuple[str, ...], author: "Author", again: bool, preview: bool, as_json: bool
) -> None:
    from workbench.usecases.generate_more import generate_into

    with storage() as opened:
        done = generate_into(address, interfaces, opened, author, again=again, preview=preview)
    if as_json:
        print_json(done)
        return
    for scenario, cases in done.cases.items():
        click.echo(f"{scenario}: {', '.join(cases)}")
    for note in done.notes:
        click.echo(f"{click.style('warning', fg='yellow')}: {note}", err=True)
    count = plural(sum(map(len, done.cases.values())), "case")
    click.echo(f"{done.version}: {count} {'would come' if preview else 'made'}")


def _rows(source: str, stored: bool, method: str, dataset: str, author: "Author", as_json: bool) -> None:
    from workbench.usecases.generate_more import generate_rows

    if stored:
        with storage() as opened:
            made = generate_rows(source, method, opened, author, dataset)
    else:
        made = generate_rows(source, method, None, author, dataset)
    if as_json:
        print_json(made)
        return
    for note in made.notes:
        click.echo(f"{click.style('note', fg='yellow')}: {note}", err=True)
    click.echo(f"{made.where}: dataset {made.dataset} with {plural(made.rows, 'row')}, draft case {made.case}")
    click.echo("say what is right for each row, then make the case ready")


def _print(report: SuiteReport) -> None:
    for name in report.written:
        click.echo(f"wrote {name}")
    for name in report.extended:
        click.echo(f"added cases to {name}")
    for name in report.kept:
        click.echo(f"kept {name}, it was there before")
    for note in (*report.notes, *(f"{one.where}: {one.message}" for one in report.warnings)):
        click.echo(f"{click.style('warning', fg='yellow')}: {note}", err=True)
    made = f"{plural(report.cases, 'case')} for {plural(report.interfaces, 'interface')}"
    click.echo(f"{made}; run them: workbench run {report.folder}")
