"""`workbench runs`: the runs in the database, compared, concluded and removed."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from workbench.cli.output import (
    author_options,
    by,
    json_option,
    local_time,
    print_json,
    print_table,
    settings,
    settings_of,
    storage,
    user_name,
)  # fmt: skip
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.storage import RunInfo
    from workbench.usecases.stored_runs import CaseOfRun

KINDS = ("product-bug", "case-bug", "environment", "known")


@click.group(name="runs")
def command() -> None:
    """List, show, compare and remove the runs in the database, and say what a failure is."""


@command.command("list")
@click.argument("version", metavar="[SUBSYSTEM[@VERSION]]", default="")
@click.option("--limit", metavar="N", type=click.IntRange(1), default=50, help="Default 50.")
@click.option("--group", metavar="NAME", default="", help="Only runs of this group of cases.")
@json_option
def list_(version: str, limit: int, group: str, as_json: bool) -> None:
    """Runs, newest first."""
    from workbench.usecases.stored_runs import must_be_known

    subsystem, _, name = version.partition("@")
    with storage() as opened:
        if subsystem:
            must_be_known(subsystem, opened)
        found = opened.runs.all(subsystem, name, limit, group=group)
    if as_json:
        print_json(found)
        return
    print_table(
        ("run", "started", "suite", "environment", "groups", "verdict", "cases", "passed"), list(map(_line, found))
    )


def _line(info: "RunInfo") -> tuple[str, ...]:
    verdict = info.verdict if info.finished else f"{info.verdict} (no end)"
    place = f"{info.subsystem}@{info.version}"
    counts = (str(info.cases.total), str(info.cases.passed))
    return info.run, local_time(info.started_us), place, info.environment, ", ".join(info.groups), verdict, *counts


@command.command()
@click.argument("run")
@click.argument("item", metavar="[CASE]", default="")
@json_option
def show(run: str, item: str, as_json: bool) -> None:
    """The cases of a run with what people said of them; or all that happened in one CASE, as JSON."""
    from workbench.usecases.stored_runs import cases_of, events_of

    with storage() as opened:
        if item:
            print_json(events_of(run, item, opened))
            return
        info, cases = opened.runs.get(run), cases_of(run, opened)
    if as_json:
        print_json({"run": info, "cases": cases})
        return
    click.echo("  ".join(_line(info)))
    print_table(("verdict", "case", "name", "cause", "concluded", "message"), list(map(_case, cases)))


def _case(case: "CaseOfRun") -> tuple[str, ...]:
    result, said = case.result, case.conclusion
    concluded = " ".join(filter(None, (said.kind, said.link))) if said else ""
    return result.verdict, result.item, result.name, result.cause, concluded, result.message.partition("\n")[0]


@command.command()
@click.argument("before", metavar="RUN")
@click.argument("after", metavar="RUN")
@click.option("--all", "all_", is_flag=True, help="Also cases that are as they were.")
@json_option
def compare(before: str, after: str, all_: bool, as_json: bool) -> None:
    """What became of each case from the first run to the second."""
    from workbench.usecases.stored_runs import compare_runs

    with storage() as opened:
        found = compare_runs(before, after, opened)
    if as_json:
        print_json(found)
        return
    shown = [each for each in found if all_ or each.what not in ("same", "failing")]
    rows = [(each.what, each.item, each.name, each.before, each.after, each.message) for each in shown]
    if rows:
        print_table(("", "case", "name", "before", "after", "message"), rows)
    counts = Counter(each.what for each in found)
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items()) or "neither has a case")


@command.command()
@click.argument("run")
@click.argument("item", metavar="CASE")
@click.option("--as", "kind", type=click.Choice(KINDS), required=True)
@click.option("--comment", metavar="TEXT", default="")
@click.option("--link", metavar="URL", default="", help="Of an issue.")
@author_options
def conclude(run: str, item: str, kind: str, comment: str, link: str, author: str, message: str) -> None:
    """Say what a failure is: it stays said of the same failure in later runs, and changes no verdict."""
    from workbench.storage import ConclusionKind
    from workbench.usecases.stored_runs import conclude as say

    (found,) = (each for each in get_args(ConclusionKind) if each == kind)
    with storage() as opened:
        count = say(run, item, found, opened, by(author), comment=comment or message, link=link)
    click.echo(f"{kind}, of {plural(count, 'case')} of this run and of the same failure in later ones")


@command.command()
@click.argument("run", metavar="RUN|latest|FOLDER")
@click.pass_context
def add(context: click.Context, run: str) -> None:
    """Keep a run folder in the database, also of a run that was killed."""
    from workbench.usecases.read_report import find_run
    from workbench.usecases.store_run import store_run

    folder = find_run(settings_of(context).runs_dir, run)
    with storage() as opened:
        info = store_run(folder, opened)
    click.echo("  ".join(_line(info)))


@command.command()
@click.argument("run")
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
def export(run: str, out: Path) -> None:
    """Write a run as a run folder below FOLDER, for `workbench report`."""
    from workbench.usecases.store_run import export_run

    with storage() as opened:
        path = export_run(run, opened, out)
    click.echo(f"the run is in {path}")


@command.command()
@click.argument("names", metavar="RUN…", nargs=-1, required=True)
def delete(names: tuple[str, ...]) -> None:
    """Remove runs; what people said of failures stays."""
    with storage() as opened:
        for name in names:
            opened.runs.get(name)
        count = opened.runs.delete(names, by(user_name()))
    click.echo(f"{plural(count, 'run')} removed")


@command.command()
@click.argument("subsystem", default="")
@click.option("--keep", metavar="N", type=click.IntRange(0), help="The newest of a subsystem; default: the setting's.")
@click.option("--days", metavar="D", type=click.IntRange(0), help="None older; default: the setting's.")
def prune(subsystem: str, keep: int | None, days: int | None) -> None:
    """Remove old runs of each subsystem, or of one. The newest of each stays. 0 is no bound."""
    bounds, own = settings().retention, keep is None and days is None
    keep, days = (bounds.stored_runs if keep is None else keep), (bounds.stored_days if days is None else days)
    from workbench.usecases.stored_runs import must_be_known

    with storage() as opened:
        if subsystem:
            must_be_known(subsystem, opened)
        gone = opened.runs.prune(keep=keep, days=days, subsystem=subsystem, author=by(user_name()), own=own)
    click.echo(f"{plural(len(gone), 'run')} removed")


@command.command()
@click.argument("subsystem")
@click.option("--keep", metavar="N", type=click.IntRange(0), help="The newest of it.")
@click.option("--days", metavar="D", type=click.IntRange(0), help="None older.")
@click.option("--default", "reset", is_flag=True, help="As the settings say.")
def retention(subsystem: str, keep: int | None, days: int | None, reset: bool) -> None:
    """Show or set how many runs of a subsystem are kept; 0 is no bound."""
    from workbench.usecases.stored_runs import must_be_known

    with storage() as opened:
        must_be_known(subsystem, opened)
        if reset or keep is not None or days is not None:
            opened.runs.set_bounds(subsystem, None if reset else (keep or 0, days or 0), by(user_name()))
        own = opened.runs.bounds().get(subsystem)
    bounds = settings().retention
    most, age = own or (bounds.stored_runs, bounds.stored_days)
    told = f"{f'the newest {most}' if most else 'any number'}, {f'none older than {age} days' if age else 'of any age'}"
    click.echo(f"{subsystem}: {told} ({'of its own' if own else 'as the settings say'})")
