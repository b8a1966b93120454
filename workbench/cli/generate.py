"""`workbench generate`: a suite with a case for each method of an artifact."""

from pathlib import Path

import click

from workbench.cli.output import artifact_options, asking, json_option, print_json, settings
from workbench.model.words import plural
from workbench.usecases.generate_suite import SuiteReport, SuiteRequest, generate_suite


@click.command(name="generate")
@artifact_options
@click.option("--interface", "interfaces", metavar="GLOB", multiple=True, help="Only these: com.example.*, *Facade.")
@click.option("--out", "folder", metavar="SUITE", type=click.Path(path_type=Path), required=True, help="Suite folder.")
@click.option("--registry", metavar="ADDRESS", default="samples://", show_default=True, help="Where the suite runs.")
@click.option("--name", help="Name of a new suite; default: the folder's.")
@click.option("--subsystem", help="Subsystem of a new suite; default: its name.")
@click.option("--again", is_flag=True, help="Also make the cases that were deleted.")
@json_option
def command(
    artifacts: tuple[str, ...],
    sources: tuple[str, ...],
    interfaces: tuple[str, ...],
    folder: Path,
    registry: str,
    name: str | None,
    subsystem: str | None,
    again: bool,
    as_json: bool,
) -> None:
    """Make a suite with a case for each method of an artifact, or without one of what the registry knows.

    A suite that is there gets the scenarios it lacks, and at the end of a scenario the cases of methods that are new;
    all else in its files stays as it is. A case that was deleted stays deleted (generated.json remembers it); --again
    makes it once more.
    """
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
