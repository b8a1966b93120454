"""`workbench report`: make reports of a run, also of one that was killed in the middle."""

from pathlib import Path

import click

from workbench.cli.output import print_json, report_formats, settings_of


@click.command("report")
@click.argument("run", default="latest", metavar="[RUN|latest]")
@click.option(
    "--report", "directory", type=click.Path(file_okay=False, path_type=Path), help="Write here; default: the run."
)
@click.option("--format", "formats", metavar="F,…", multiple=True, help="html, junit, xlsx, json; default: all.")
@click.option("--open", "show", is_flag=True, help="Open the HTML page.")
@click.option("--json", "as_json", is_flag=True, help="Print the paths as JSON and nothing else.")
@click.pass_context
def command(
    context: click.Context, run: str, directory: Path | None, formats: tuple[str, ...], show: bool, as_json: bool
) -> None:
    """Make reports of RUN: a run's id, its folder, or the latest.

    A run that was killed in the middle is reported as far as it went; what has no end is STOPPED.
    Without a readable plan.json the results alone are reported.
    """
    from workbench.reporting.plaintext import rescued_note
    from workbench.usecases.read_report import figures, find_run, one_line, write_reports

    chosen = report_formats(formats)
    if show and "html" not in chosen:
        chosen.append("html")
    folder = find_run(settings_of(context).runs_dir, run)
    report = figures(folder)
    written = write_reports(folder, directory, chosen)
    if as_json:
        paths = {name: str(path) for name, path in written.items()}
        print_json({"run": report.run, "finished": report.finished, "rescued": report.rescued, "reports": paths})
    else:
        click.echo(one_line(report))
        if report.rescued:
            click.echo(rescued_note(report))
        if not report.finished:
            click.echo("The run has no end: it was cut off or still goes on. Cases without an end are STOPPED.")
        for name, path in written.items():
            click.echo(f"{name:6} {path}")
    if show:
        click.launch(str(written["html"]))
