"""`workbench run`: run a suite, follow it live, write reports."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

from workbench.cli.choosing import case_options
from workbench.errors import UsageError
from workbench.model.words import plural


@click.command("run")
@click.argument("suite")
@click.option("--env", "environment", metavar="E", default="", help="Environment of the suite; default: its own.")
@case_options
@click.option("--step", metavar="S", default="", help="Only this step of the selected case.")
@click.option(
    "--changed-since",
    metavar="SAVE",
    type=click.IntRange(0),
    help="Cases of SUBSYSTEM@VERSION that are not as they were after that save (`workbench saves list`).",
)
@click.option(
    "--refresh/--no-refresh",
    default=None,
    help="First fetch newer snapshots of what SUBSYSTEM@VERSION names by Maven; default: as the version says.",
)
@click.option("--refresh-releases", is_flag=True, help="--refresh, and newer releases too.")
@click.option("--refresh-strict", is_flag=True, help="--refresh, and no run when a repository does not answer.")
@click.option("--set", "overrides", metavar="K=V", multiple=True, help="Config value for this run; V: JSON or text.")
@click.option("--context", type=click.Path(exists=True, path_type=Path), help="JSON file, or run folder, for --step.")
@click.option("--registry", "registries", metavar="ADDRESS", multiple=True, help="Instead of the environment's.")
@click.option("--url", metavar="URL", default="", help="Pin one provider, dubbo://host:port.")
@click.option("--concurrency", metavar="N", type=click.IntRange(1, 256), help="Cases at a time (default 16).")
@click.option("--report", "report", type=click.Path(file_okay=False, path_type=Path), help="Write reports here.")
@click.option(
    "--format", "formats", metavar="F,…", multiple=True, help="Of --report: html, junit, xlsx, json; default: all."
)
@click.option(
    "--server",
    metavar="URL",
    default="",
    envvar="WORKBENCH_SERVER",
    help="Run at this workbench server: http://HOST:PORT.",
)
@click.option(
    "--token",
    metavar="TOKEN",
    default="",
    envvar="WORKBENCH_TOKEN",
    help="Of the server: wbt_…; better in the environment.",
)
@click.option("--dry-run", is_flag=True, help="Only plan: tell what is wrong in the steps; nothing is called.")
@click.option("--store", is_flag=True, help="Keep the run in the database; runs of SUBSYSTEM@VERSION are always kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON and nothing else.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Run SUITE, a folder or SUBSYSTEM@VERSION of the database (with --server also the id of a case), against live
    providers.

    Exit codes: 0 all passed · 1 something failed · 2 usage or input · 3 no case could start.
    With --dry-run: 0 nothing is wrong · 2 something is.
    Ctrl-C stops: no new step starts, the rest is STOPPED; a second one cuts off what is under way.
    """
    from workbench.cli.output import report_formats, settings

    options["formats"] = report_formats(options["formats"])
    if options["server"]:
        from workbench.cli.run_remote import plan_there, run_there

        if options["dry_run"]:
            context.exit(plan_there(options, dict(map(_pair, options["overrides"]))))
        _make_report_folder(options["report"])
        context.exit(exit_code(run_there(options, dict(map(_pair, options["overrides"])))))
    work = _plan_only if options["dry_run"] else _run
    context.exit(asyncio.run(work(settings(), options)))


async def _plan_only(settings: Any, options: dict[str, Any]) -> int:
    from workbench.app import Application
    from workbench.cli.progress import RunConsole
    from workbench.usecases.dry_run import dry_run_of

    console = RunConsole(stderr=options["as_json"], highlight=False)
    async with Application(settings) as app:
        plan = _planned(settings, options, app)
    _tell_plan(console, plan)
    told = dry_run_of(plan)
    if options["as_json"]:
        from workbench.cli.output import echo_json
        from workbench.model.json import pretty

        echo_json(pretty(told))
    console.print(f"{plural(told.items, 'case')} to run", soft_wrap=True)
    return 0 if told.right else 2


def _planned(settings: Any, options: dict[str, Any], app: Any) -> Any:
    from msgspec.structs import replace

    from workbench.usecases.launch_run import plan_run

    refreshed = _refreshed(options, app)
    request = _request(options, settings, _folder(options["suite"], app), _picked(options, app))
    kept = not Path(options["suite"]).is_dir()
    return plan_run(
        replace(request, refreshed=refreshed), app.readers(kept=kept)
    )  # no JVM is started yet: Ctrl-C just ends it


def _tell_plan(console: Any, plan: Any) -> None:
    """What is to be known before it runs."""
    from workbench.cli.progress import print_doubts, print_left_out, print_refreshed, print_remarks

    print_refreshed(console, plan.refreshed)
    print_left_out(console, plan.left_out)
    print_doubts(console, [problem for data in plan.datasets.values() for problem in data.problems])
    print_remarks(console, plan.remarks)


async def _run(settings: Any, options: dict[str, Any]) -> int:
    from workbench.app import Application
    from workbench.cli.progress import LiveProgress, RunConsole
    from workbench.engine import RunControl
    from workbench.files import RunFolder, prune_runs
    from workbench.usecases.launch_run import execute

    console = RunConsole(stderr=options["as_json"], highlight=False)
    app = Application(settings)
    async with contextlib.AsyncExitStack() as opened:
        opened.push_async_exit(app)  # where no run comes of it, what reading scripts has started ends
        plan = _planned(settings, options, app)
        _make_report_folder(options["report"])
        folder = RunFolder.create(settings.runs_dir, plan)
        opened.pop_all()
    control = RunControl()
    _tell_plan(console, plan)
    with _interrupts(control, console):  # to the end: no second Ctrl-C gets between us and the end of the JVMs
        with LiveProgress(console) as progress:
            async with app:
                await _unless_stopped(app.warm_up(plan), control)
                summary = await execute(plan, app.tools(plan), folder, (progress,), control)
        _tell(console, folder, summary, options)
        _store(app, folder, options)
        prune_runs(settings.runs_dir, runs=settings.retention.runs, days=settings.retention.days)
    return exit_code(summary)


def _store(app: Any, folder: Any, options: dict[str, Any]) -> None:
    """Keep the run in the database, where that is wanted. When it fails it is told; the verdict is in the folder."""
    if not options["store"] and Path(options["suite"]).is_dir():
        return
    from workbench.errors import WorkbenchError
    from workbench.usecases.store_run import store_run

    bounds = app.settings.retention
    try:
        with app.storage() as storage:
            info = store_run(folder, storage)
            storage.runs.prune(keep=bounds.stored_runs, days=bounds.stored_days, subsystem=info.subsystem)
    except WorkbenchError as error:
        click.echo(f"the run is not in the database: {error}\n  → workbench runs add {folder.path}", err=True)


def _tell(console: Any, folder: Any, summary: Any, options: dict[str, Any]) -> None:
    from workbench.cli.progress import print_summary

    if options["as_json"]:
        _write_reports(folder, options)  # first: stdout is one document, be it the result or the error
        _print_json(folder)
        return
    print_summary(console, summary, str(folder.path))
    _write_reports(folder, options)  # when it cannot be written, the result is told already
    if options["report"]:
        console.print(f"report:  {options['report']}", soft_wrap=True, markup=False)


async def _unless_stopped(work: Coroutine[Any, Any, None], control: Any) -> None:
    """Wait for it, but not when the run is stopped meanwhile."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def stopped() -> None:
        loop.call_soon_threadsafe(task.cancel)

    control.on_stop(stopped)
    try:
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()
    finally:
        control.forget(stopped)


def _folder(suite: str, app: Any) -> Path:
    """The folder that is named, or one with what the database holds under that name."""
    path = Path(suite)
    if path.is_dir():
        return path
    if "@" not in suite or path.exists():
        raise UsageError("there is no such folder", where=suite, hint="of the database: SUBSYSTEM@VERSION")
    from workbench.usecases.export_suite import folder_of

    with app.storage() as storage:
        return folder_of(suite, storage, app.settings.data_dir / "suites")


def _refreshed(options: dict[str, Any], app: Any) -> Any:
    """What was fetched anew before the run; None where that is not wanted."""
    from workbench.usecases.refresh_artifacts import Wish, before_run

    wish = Wish(options["refresh"], options["refresh_releases"], options["refresh_strict"])
    folder = Path(options["suite"]).is_dir()
    if not wish.explicit and (folder or options["dry_run"]):
        return None
    if options["dry_run"]:
        raise UsageError("it fetches and saves", where="--refresh", hint="leave it out with --dry-run")
    if folder:
        hint = "of a version, SUBSYSTEM@VERSION; a folder's snapshots are fetched with each run"
        raise UsageError("a folder keeps no comparisons", where="--refresh", hint=hint)
    from workbench.cli.output import by, user_name

    author = by(user_name(), "fetched before a run")
    with app.storage() as storage:
        return before_run(options["suite"], storage, app.settings, wish, author)


def _picked(options: dict[str, Any], app: Any) -> tuple[str, ...] | None:
    """Ids of the cases, where only those are wanted."""
    given = [name for name in ("impacted", "failed", "changed_since") if options[name] not in (False, None)]
    if not given:
        return None
    if Path(options["suite"]).is_dir():
        hint = "the database knows: SUBSYSTEM@VERSION"
        raise UsageError("a folder knows of no earlier state", where=f"--{given[0].replace('_', '-')}", hint=hint)
    from workbench.usecases.pick_cases import picked

    hit, failed, since = (options[name] for name in ("impacted", "failed", "changed_since"))
    with app.storage() as storage:
        return picked(options["suite"], storage, hit=hit, failed=failed, since=since)


def _request(options: dict[str, Any], settings: Any, folder: Path, only: tuple[str, ...] | None) -> Any:
    from workbench.planning import Selection
    from workbench.usecases.launch_run import RunRequest

    return RunRequest(
        folder=folder,
        selection=Selection(
            options["scenarios"],
            options["cases"],
            options["step"],
            options["tags"],
            options["priorities"],
            options["states"],
            only,
            groups=options["groups"],
            requirements=options["requirements"],
            owners=options["owners"],
        ),
        environment=options["environment"],
        registries=options["registries"],
        url=options["url"],
        overrides=dict(map(_pair, options["overrides"])),
        context=options["context"],
        concurrency=options["concurrency"] or settings.concurrency,
    )


def _pair(text: str) -> tuple[str, Any]:
    from workbench.errors import JsonError
    from workbench.model import json

    key, sign, value = text.partition("=")
    if not sign or not key:
        raise UsageError(f"{text!r} is no setting", where="--set", hint="write KEY=VALUE")
    try:
        return key, json.loads(value)
    except JsonError:
        return key, value


@contextlib.contextmanager
def _interrupts(control: Any, console: Any) -> Any:
    """Ctrl-C, SIGTERM and a closed terminal stop the run instead of the program; the first asks, the second cuts."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        first = not control.stopped
        control.stop()
        if first:
            console.print("stopping: no new step starts; once more cuts off what is under way", soft_wrap=True)

    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signals.append(signal.SIGHUP)
    for each in signals:
        loop.add_signal_handler(each, stop)
    try:
        yield
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


def _make_report_folder(path: Path | None) -> None:
    """Before anything is called: a run whose report has no place is told in time. Raises UsageError."""
    if path is None:
        return
    reason = "no permission"
    try:
        path.mkdir(parents=True, exist_ok=True)
        if os.access(path, os.W_OK):
            return
    except OSError as error:
        reason = error.strerror or str(error)
    raise UsageError(f"--report: nothing can be written there: {reason}", where=str(path), hint="choose another folder")


def _write_reports(folder: Any, options: dict[str, Any]) -> None:
    if options["report"] is None:
        return
    from workbench.usecases.read_report import write_reports

    write_reports(folder, options["report"], options["formats"])


def _print_json(folder: Any) -> None:
    from workbench.cli.output import echo_json
    from workbench.cli.progress import to_nowhere
    from workbench.usecases.read_report import json_report

    try:
        echo_json(json_report(folder))
    except BrokenPipeError:  # `| head`: the exit code tells the verdict all the same
        to_nowhere(sys.stdout)


def exit_code(summary: Any) -> int:
    """0 passed, 1 anything else, 3 when no case could start."""
    from workbench.model.result import Verdict

    if summary.verdict in (Verdict.PASSED, Verdict.SKIPPED):
        return 0
    return 3 if summary.blocked else 1
