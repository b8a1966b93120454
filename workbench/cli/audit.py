"""`workbench audit`: who did what when, with before and after."""

from typing import get_args

import click

from workbench.cli.conflicts import difference_lines
from workbench.cli.output import json_option, local_time, print_json, print_json_text, print_table, storage
from workbench.model.noted import Action


@click.group(name="audit")
def command() -> None:
    """Show who did what when."""


@command.command("list")
@click.argument("subsystem", default="")
@click.option("--actor", metavar="NAME", default="", help="What this one did.")
@click.option("--action", metavar="NAME", type=click.Choice(get_args(Action)), help="As the column says it.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="How many; default: 50.")
@json_option
def list_(subsystem: str, actor: str, action: Action | None, limit: int, as_json: bool) -> None:
    """What was done, newest first; of SUBSYSTEM or of everything."""
    only = frozenset({subsystem}) if subsystem else None
    with storage() as opened:
        found, total = opened.audit.entries(subsystems=only, actor=actor, action=action, limit=limit)
    if as_json:
        print_json({"entries": found, "total": total})
        return
    rows = [
        (each.id, local_time(each.at_us), each.actor, each.via, each.address, each.action, each.subject)
        for each in found
    ]
    print_table(("id", "time", "who", "via", "from", "action", "what"), rows)


@command.command()
@click.argument("entry", metavar="ID")
@json_option
def show(entry: str, as_json: bool) -> None:
    """One entry with before and after; of a save all that it changed, field by field."""
    from workbench.usecases.audit_log import entry as read

    with storage() as opened:
        found = read(entry, opened)
    if as_json:
        print_json(found)
        return
    one = found.entry
    click.echo(f"{local_time(one.at_us)} {one.actor} ({one.via}) {one.action} {one.subject}")
    for name, text in (("before", one.before), ("after", one.after)):
        if text:
            click.echo(f"{name}:")
            print_json_text(text)
    for document in found.changes:
        click.echo(f"{document.what:8} {document.kind} {document.key}  {document.name}".rstrip())
        for each in document.differences:
            click.echo("\n".join(f"  {line}" for line in difference_lines(each)))
