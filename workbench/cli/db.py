"""`workbench db`: what the database holds, and its upkeep."""

from datetime import datetime

import click

from workbench.cli.output import json_option, print_json, print_table, storage


@click.group(name="db")
def command() -> None:
    """List, upgrade, back up and restore the database; make new versions.

    It is SQLite in the data directory, or what the setting database_url names.
    """


@command.command("list")
@click.argument("subsystem", default="")
@json_option
def list_(subsystem: str, as_json: bool) -> None:
    """Subsystems and their versions, oldest first."""
    with storage() as opened:
        found = opened.suites.versions(subsystem)
    if as_json:
        print_json(found)
        return
    rows = [
        (each.subsystem, each.version, str(each.scenarios), str(each.cases), local_time(each.created_us))
        for each in found
    ]
    print_table(("subsystem", "version", "scenarios", "cases", "made"), rows)


@command.command("new-version")
@click.argument("source", metavar="SUBSYSTEM[@VERSION]")
@click.argument("name", metavar="NEW")
def new_version(source: str, name: str) -> None:
    """Make the version NEW, which holds what the other (or the newest) holds; nothing is copied."""
    from workbench.usecases.export_suite import parse_address

    with storage() as opened:
        subsystem, version = parse_address(source, opened)
        opened.suites.new_version(subsystem, version, name)
    click.echo(f"{subsystem}@{name} holds what {subsystem}@{version} holds")


def local_time(us: int) -> str:
    """To the second, in the machine's time zone."""
    return datetime.fromtimestamp(us // 1_000_000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
