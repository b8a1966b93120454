"""`workbench sync`: what changed in one version brought into another."""

from typing import TYPE_CHECKING

import click

from workbench.cli.conflicts import choice_options, choices_of, told
from workbench.cli.output import author_options, by, json_option, print_json, print_table, script_check, storage
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.usecases.sync_versions import SyncReport


@click.command("sync")
@click.argument("source", metavar="SUBSYSTEM@FROM")
@click.argument("target", metavar="SUBSYSTEM@INTO")
@click.option("--case", "cases", metavar="ID", multiple=True, help="Only this case; any number of times, as all below.")
@click.option("--scenario", "scenarios", metavar="ID", multiple=True, help="A scenario with its cases.")
@click.option("--dataset", "datasets", metavar="NAME", multiple=True)
@click.option("--shared", metavar="FILE", multiple=True, help="A file of shared steps.")
@click.option("--config", is_flag=True, help="Environments and configuration.")
@click.option("--settings", is_flag=True, help="Settings of suite.yaml: description, owner, dependencies, groups …")
@click.option("--with-references", is_flag=True, help="Datasets and shared steps that the others name come with them.")
@click.option("--remove", is_flag=True, help="Also bring that something is gone.")
@click.option("--preview", is_flag=True, help="Only tell what would become of each document, conflicts too.")
@choice_options("source", "target")
@author_options
@json_option
def command(
    source: str,
    target: str,
    cases: tuple[str, ...],
    scenarios: tuple[str, ...],
    datasets: tuple[str, ...],
    shared: tuple[str, ...],
    config: bool,
    settings: bool,
    with_references: bool,
    remove: bool,
    preview: bool,
    take: str | None,
    chosen: tuple[str, ...],
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Bring what changed in one version into another, all of it or what the options name, in one transaction.

    What the target changed stays. Where both changed one value nothing is saved until you choose.
    `workbench saves undo` takes it back.
    """
    from workbench.usecases.sync_versions import SyncRequest, sync_versions

    kinds = {"case": cases, "scenario": scenarios, "dataset": datasets, "shared": shared}
    only = [(kind, key) for kind, keys in kinds.items() for key in keys]
    only += [(kind, "") for kind, wanted in (("config", config), ("suite", settings)) if wanted]
    request = SyncRequest(
        source=source, target=target, only=tuple(only) or None, remove=remove, with_references=with_references
    )
    choices = choices_of(take, chosen, {"source": "mine", "target": "theirs", "base": "base"})
    with storage() as opened, told("source", "target"), script_check() as scripts:
        report = sync_versions(request, opened, by(author, message), choices, preview=preview, scripts=scripts)
    if as_json:
        print_json(report)
    else:
        _show(report, target, preview)


def _show(report: "SyncReport", target: str, preview: bool) -> None:
    items = report.synced.items
    rows = [(each.status, f"{each.kind} {each.key}".rstrip(), each.name, ", ".join(each.conflicts)) for each in items]
    if rows:
        print_table(("", "document", "name", "both changed"), rows)
    for name in report.brought:
        click.echo(f"with it: {name}")
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    if preview:
        click.echo(f"{target}: {plural(len(items), 'document')} would change; nothing is saved")
    else:
        click.echo(f"{target}: {plural(len(items), 'document')} changed; save {report.synced.save}")
