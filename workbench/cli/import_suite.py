"""`workbench import`: a suite folder into the database."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli.conflicts import choice_options, choices_of, told
from workbench.cli.output import author_options, by, json_option, print_json, script_check, storage
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.usecases.import_suite import Imported


@click.command("import")
@click.argument("suite", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--version", metavar="V", default="", help="Version in the database; default: that of suite.yaml.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@click.option("--replace", is_flag=True, help="Make the version hold what SUITE holds, whatever others saved.")
@choice_options("mine", "theirs")
@author_options
@json_option
def command(
    suite: Path,
    version: str,
    dry_run: bool,
    replace: bool,
    take: str | None,
    chosen: tuple[str, ...],
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Bring what was changed in SUITE, a folder, into the database.

    The folder knows the save that it was made of. What others saved since stays and is written into the folder; where
    both changed one value nothing is saved until you choose. What is new or changed becomes a revision. What the folder
    has no longer leaves the version, and stays in its history.
    """
    from workbench.usecases.import_suite import import_suite

    choices = choices_of(take, chosen, {"mine": "mine", "theirs": "theirs", "base": "base"})
    said = by(author, message)
    with storage() as opened, told("yours", "theirs"), script_check() as scripts:
        imported = import_suite(
            suite, opened, said, version, choices, replace_all=replace, dry_run=dry_run, scripts=scripts
        )
    for warning in imported.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        print_json(imported)
    else:
        _show(imported)


def _show(imported: "Imported") -> None:
    for change in imported.changes:
        click.echo(f"{change.what:8} {change.kind} {change.key}".rstrip())
    for kind, key in imported.merged:
        click.echo(f"merged   {kind} {key}".rstrip())
    for path in imported.updated:
        click.echo(f"updated  {path}")
    counts = Counter(change.what for change in imported.changes)
    words = ", ".join(f"{count} {what}" for what, count in counts.items()) or "nothing changed"
    click.echo(f"{imported.subsystem}@{imported.version}: {plural(imported.cases, 'case')}; {words}")
