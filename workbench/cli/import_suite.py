"""`workbench import`: a suite folder into the database."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli.output import author_options, json_option, print_json, storage
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.usecases.import_suite import Imported


@click.command("import")
@click.argument("suite", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--version", metavar="V", default="", help="Version in the database; default: that of suite.yaml.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@author_options
@json_option
def command(suite: Path, version: str, dry_run: bool, author: str, message: str, as_json: bool) -> None:
    """Make a version in the database hold what SUITE, a folder, holds.

    What is new or changed becomes a revision; what is as it was stays. What the folder has no longer leaves the
    version, and stays in its history.
    """
    from workbench.storage import Author
    from workbench.usecases.import_suite import import_suite

    with storage() as opened:
        imported = import_suite(suite, opened, Author(author, message), version, dry_run=dry_run)
    for warning in imported.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        print_json(imported)
    else:
        _show(imported)


def _show(imported: "Imported") -> None:
    for change in imported.changes:
        click.echo(f"{change.what:8} {change.kind} {change.key}".rstrip())
    counts = Counter(change.what for change in imported.changes)
    words = ", ".join(f"{count} {what}" for what, count in counts.items()) or "nothing changed"
    click.echo(f"{imported.subsystem}@{imported.version}: {plural(imported.cases, 'case')}; {words}")
