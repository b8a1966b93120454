"""`workbench db`: what the database holds, and its upkeep."""

from contextlib import closing
from pathlib import Path

import click

from workbench.cli.output import (
    author_options,
    by,
    json_option,
    local_time,
    print_json,
    print_table,
    storage,
    user_name,
)
from workbench.model.durations import DAY_US
from workbench.model.words import plural


@click.group(name="db")
def command() -> None:
    """List, upgrade, back up and restore the database; make and order versions.

    It is SQLite in the data directory, or what the setting database_url names.
    """


@command.command("list")
@click.argument("subsystem", default="")
@json_option
def list_(subsystem: str, as_json: bool) -> None:
    """Subsystems and their versions, oldest first."""
    with storage() as opened:
        found = opened.suites.versions(subsystem)
        if subsystem and not found:
            opened.suites.latest(subsystem)  # tells the nearest names
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
@click.option("--behind", metavar="VERSION", default="", help="It stands behind that one; default: it is the newest.")
@author_options
def new_version(source: str, name: str, behind: str, author: str, message: str) -> None:
    """Make the version NEW, which holds what the other (or the newest) holds; nothing is copied."""
    from workbench.usecases.export_suite import parse_address

    with storage() as opened:
        subsystem, version = parse_address(source, opened)
        opened.suites.new_version(subsystem, version, name, by(author, message), behind)
    click.echo(f"{subsystem}@{name} holds what {subsystem}@{version} holds")


@command.command()
@click.argument("subsystem")
@click.argument("versions", metavar="VERSION...", nargs=-1, required=True)
@author_options
def order(subsystem: str, versions: tuple[str, ...], author: str, message: str) -> None:
    """Put the versions of a subsystem in the order of the release train, oldest first; name all of them."""
    with storage() as opened:
        opened.suites.order(subsystem, versions, by(author, message))
    click.echo(f"{subsystem}: {' '.join(versions)}")


@command.command("rename-version")
@click.argument("address", metavar="SUBSYSTEM@VERSION")
@click.argument("name", metavar="NEW")
@author_options
def rename_version(address: str, name: str, author: str, message: str) -> None:
    """Give a version another name; one that other versions or schedules name is refused."""
    from workbench.usecases.releases import rename_version as work

    with storage() as opened:
        click.echo(f"{address} is {work(address, name, opened, by(author, message))} now")


@command.command("remove-version")
@click.argument("address", metavar="SUBSYSTEM@VERSION")
@author_options
def remove_version(address: str, author: str, message: str) -> None:
    """Put a version into the trash; one that other versions or schedules name is refused."""
    from workbench.errors import UsageError
    from workbench.usecases.releases import remove_version as work

    if "@" not in address:
        raise UsageError("name a version", where=address, hint="SUBSYSTEM@VERSION")
    with storage() as opened:
        click.echo(f"{work(address, opened, by(author, message))} is in the trash: workbench db restore-version")


@command.command("removed-versions")
@click.argument("subsystem", default="")
@json_option
def removed_versions(subsystem: str, as_json: bool) -> None:
    """Versions in the trash, last removed first."""
    with storage() as opened:
        found = opened.releases.removed(subsystem)
    if as_json:
        print_json(found)
        return
    rows = [(each.subsystem, each.version, local_time(each.removed_us), each.author) for each in found]
    print_table(("subsystem", "version", "removed", "by"), rows)


@command.command("restore-version")
@click.argument("address", metavar="SUBSYSTEM@VERSION")
@click.option("--as", "name", metavar="NAME", default="", help="Another name, where its own is taken.")
@author_options
def restore_version(address: str, name: str, author: str, message: str) -> None:
    """Bring a version back from the trash, to where it stood."""
    from workbench.usecases.releases import restore_version as work

    with storage() as opened:
        click.echo(f"{work(address, opened, by(author, message), name)} is back")


@command.command()
def upgrade() -> None:
    """Bring the tables to what this workbench needs; make a backup first."""
    with closing(storage()) as opened:
        before, after = opened.upgrade()
    click.echo(f"upgraded from {before or 'nothing'} to {after}" if before != after else f"is at {after} already")


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Write database and files to a new FOLDER, while others go on working (SQLite)."""
    with closing(storage()) as opened:
        count = opened.backup(folder)
    click.echo(f"the database and {plural(count, 'file')} are in {folder}")


@command.command()
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1),
    default=7,
    show_default=True,
    help="What was put or used since stays.",
)
@json_option
def collect(dry_run: bool, days: int, as_json: bool) -> None:  # fmt: skip
    """Remove files and rows that no revision and no tool library names; others may go on working."""
    with storage() as opened:
        found = opened.collect(by(user_name()), dry_run=dry_run, grace_us=days * DAY_US)
    if as_json:
        print_json(found)
        return
    what = f"{plural(found.files, 'file')} ({found.bytes} bytes), {plural(found.chunks, 'chunk')} of rows"
    would = "would be " if dry_run else ""
    click.echo(f"{what} and {plural(found.drafts, 'unfinished file')} {would}removed")


@command.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up what the database holds.")
def restore(folder: Path, replace: bool) -> None:
    """Make the database what the backup in FOLDER holds, after checking all of it (SQLite)."""
    with closing(storage()) as opened:
        count = opened.restore(folder, replace=replace)
    click.echo(f"the database and {plural(count, 'file')} are as in {folder}")
