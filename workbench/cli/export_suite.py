"""`workbench export`: a version of the database as a suite folder."""

from pathlib import Path

import click

from workbench.cli.output import json_option, print_json, storage


@click.command("export")
@click.argument("suite", metavar="SUBSYSTEM[@VERSION]")
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="FOLDER may hold a suite: it becomes this one.")
@click.option("--sealed", is_flag=True, help="Secrets stay sealed; whoever imports it needs the same key.")
@json_option
def command(suite: str, out: Path, replace: bool, sealed: bool, as_json: bool) -> None:
    """Write a version as a suite folder; without VERSION the newest."""
    from workbench.usecases.export_suite import export_suite

    with storage() as opened:
        subsystem, version = export_suite(suite, opened, out, replace=replace, sealed=sealed)
    if as_json:
        print_json({"subsystem": subsystem, "version": version, "folder": str(out)})
    else:
        click.echo(f"{subsystem}@{version} is in {out}")
