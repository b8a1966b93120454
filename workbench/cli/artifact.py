"""`workbench artifact`: new artifacts of a version in the database, what they change and which cases that hits."""

from typing import TYPE_CHECKING

import click

from workbench.cli.output import (
    address_argument,
    author_options,
    by,
    json_option,
    local_time,
    print_json,
    print_table,
    settings,
    storage,
)
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.usecases.take_artifact import Taken

_dependency = click.option("--dependency", metavar="NAME", default="", help="Whose they are; default: its own.")
_preview = click.option("--preview", is_flag=True, help="Only compare; nothing is saved.")


@click.group(name="artifact")
def command() -> None:
    """Give a version new artifacts, see what they change, and which cases have to be looked at."""


@command.command("list")
@address_argument
@json_option
def list_(address: str, as_json: bool) -> None:
    """The artifacts of a version, with hashes of those kept here and of what coordinates led to here last."""
    from workbench.usecases.maven import fetcher
    from workbench.usecases.take_artifact import artifacts_of

    with storage() as opened:
        found = artifacts_of(address, opened, fetcher(settings()))
    if as_json:
        print_json(found)
        return
    rows = [(each.dependency, each.name, each.sha256[:12], str(each.size or ""), each.file) for each in found]
    print_table(("of", "artifact", "sha256", "bytes", "fetched"), rows)


@command.command()
@address_argument
@click.argument("artifacts", metavar="ARTIFACT...", nargs=-1, required=True)
@_dependency
@click.option("--instead", metavar="NAME", multiple=True, help="What of the version it replaces; default: by its name.")
@_preview
@author_options
@json_option
def add(
    address: str,
    artifacts: tuple[str, ...],
    dependency: str,
    instead: tuple[str, ...],
    preview: bool,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Bring files, samples://NAME or GROUP:ARTIFACT:VERSION into a version, in the place of older ones.

    Its contract is compared with what the version held, and each case that calls what changed is flagged.
    """
    from workbench.usecases.take_artifact import take_artifacts

    with storage() as opened:
        said = by(author, message)
        taken = take_artifacts(
            address, artifacts, opened, settings(), said, dependency=dependency, instead=instead, preview=preview
        )
    _show(taken, as_json)


@command.command()
@address_argument
@_dependency
@click.option("--releases", is_flag=True, help="Newer releases too; without, newer snapshots of the same version.")
@click.option("--strict", is_flag=True, help="A repository that does not answer is an error.")
@_preview
@author_options
@json_option
def refresh(
    address: str, dependency: str, releases: bool, strict: bool, preview: bool, author: str, message: str, as_json: bool
) -> None:
    """Fetch what a version names by Maven coordinates anew, and compare it."""
    from workbench.usecases.refresh_artifacts import refresh as work

    with storage() as opened:
        said = by(author, message)
        taken = work(
            address, opened, settings(), said, dependency=dependency, releases=releases, preview=preview, strict=strict
        )
    _show(taken, as_json)


@command.command()
@address_argument
@json_option
def changes(address: str, as_json: bool) -> None:
    """What artifacts brought changes to a version, newest first."""
    from workbench.usecases.export_suite import parse_address

    with storage() as opened:
        found = opened.impacts.changes(*parse_address(address, opened))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each.id,
            came_from(each.origin, each.save).removeprefix("save "),
            each.dependency,
            local_time(each.created_us),
            each.author,
            f"{each.open}/{each.flags}",
        )
        for each in found
    ]
    print_table(("change", "save", "of", "made", "author", "open flags"), rows)


@command.command()
@address_argument
@click.option("--settled", is_flag=True, help="Those that are settled, too.")
@json_option
def flags(address: str, settled: bool, as_json: bool) -> None:
    """Cases that call what new artifacts changed, gravest first, each with what hits it."""
    from workbench.model import json
    from workbench.usecases.take_artifact import Comparison
    from workbench.usecases.take_artifact import flags as read

    decoder = json.decoder_for(Comparison)
    with storage() as opened:
        found = read(address, opened, settled=settled)
        made = {change: decoder.decode(opened.impacts.comparison(change)) for change in {flag.change for flag in found}}
    if as_json:
        told = [made[flag.change].diff.changes for flag in found]
        print_json(
            [{"flag": flag, "changes": [each[n] for n in flag.changes]} for flag, each in zip(found, told, strict=True)]
        )
        return
    for flag in found:
        state = f", settled by {flag.settled_by}" if flag.settled_us else ""
        click.secho(f"{flag.case}  {flag.severity}  ({came_from(flag.origin, flag.save)}{state})", bold=True)
        for number in flag.changes:
            change = made[flag.change].diff.changes[number]
            click.echo(f"  {change.severity}: {change.action} {change.element} {change.place}: {change.why}")
    click.echo(plural(len(found), "flag"))


@command.command()
@address_argument
@click.argument("cases", metavar="[CASE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All flags of the version.")
@author_options
@json_option
def settle(address: str, cases: tuple[str, ...], everything: bool, author: str, message: str, as_json: bool) -> None:
    """Say of flagged cases that they were looked at."""
    from workbench.errors import UsageError
    from workbench.usecases.take_artifact import settle as work

    if bool(cases) == everything:
        raise UsageError("name cases, or --all", where="settle")
    with storage() as opened:
        count = work(address, None if everything else cases, opened, by(author, message))
    if as_json:
        print_json({"settled": count})
    else:
        click.echo(f"{plural(count, 'flag')} settled")


def came_from(origin: str, save: int) -> str:
    """Which save brought a change: of this version, or of the one it depends on."""
    return f"{origin}, save {save}" if origin else f"save {save}"


def _show(taken: "Taken", as_json: bool) -> None:
    from workbench.cli.contract_view import show_diff

    if as_json:
        print_json(taken)
        return
    for file in taken.files:
        click.echo(f"{file.what:9} {file.name}" + (f" in the place of {file.instead}" if file.instead else ""))
    for each in taken.interfaces:
        if each.state != "unchanged":
            click.echo(f"{each.state:9} {each.name}" + (f" ({each.worst})" if each.worst else ""))
    unchanged = sum(each.state == "unchanged" for each in taken.interfaces)
    click.echo(f"unchanged {plural(unchanged, 'interface')}\n")
    show_diff(taken.diff)
    for case in taken.cases:
        click.echo(f"hits      {case.id} {case.name} ({case.severity})")
    for other in taken.dependents:
        for case in other.cases:
            click.echo(f"hits      {case.id} {case.name} ({case.severity}) of {other.subsystem}@{other.version}")
    for problem in taken.problems:
        click.echo(f"warning: not asked: {problem}", err=True)
    done = f"save {taken.save}" if taken.save else "nothing is saved"
    click.echo(f"{taken.subsystem}@{taken.version}: {plural(len(taken.cases), 'case')} hit; {done}")
