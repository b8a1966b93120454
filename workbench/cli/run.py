"""`workbench run`: run a suite, follow it live, write reports."""

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Any

import click

from workbench.errors import UsageError

FORMATS = ("html", "junit", "xlsx", "json")


@click.command("run")
@click.argument("suite", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--env", "environment", metavar="E", default="", help="Environment of the suite; default: its own.")
@click.option("--scenario", "scenarios", metavar="S", multiple=True, help="Name, id or glob; several: any of them.")
@click.option("--case", "cases", metavar="C", multiple=True, help="Name, id or glob.")
@click.option("--step", metavar="S", default="", help="Only this step of the selected case.")
@click.option("--tag", "tags", metavar="T", multiple=True, help="With this tag; !T: without it.")
@click.option("--priority", "priorities", metavar="P", multiple=True, type=click.Choice(["P0", "P1", "P2", "P3", "P4"]))
@click.option("--set", "overrides", metavar="K=V", multiple=True, help="Config value for this run; V: JSON or text.")
@click.option("--context", type=click.Path(exists=True, path_type=Path), help="JSON file, or run folder, for --step.")
@click.option("--registry", "registries", metavar="ADDRESS", multiple=True, help="Instead of the environment's.")
@click.option("--url", metavar="URL", default="", help="Pin one provider, dubbo://host:port.")
@click.option("--concurrency", metavar="N", type=click.IntRange(1, 256), help="Cases at a time (default 16).")
@click.option("--report", "report", type=click.Path(file_okay=False, path_type=Path), help="Write reports here.")
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Of --report; default: all.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON and nothing else.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Run SUITE against live providers.

    Exit codes: 0 all passed · 1 something failed · 2 usage or input · 3 no case could start.
    Ctrl-C stops: no new step starts, the rest is STOPPED; a second one cuts off what is under way.
    """
    from workbench.cli.output import settings

    code = asyncio.run(_run(settings(), options))
    context.exit(code)


async def _run(settings: Any, options: dict[str, Any]) -> int:
    from rich.console import Console

    from workbench.app import Application
    from workbench.cli.progress import LiveProgress, print_summary
    from workbench.engine import RunControl
    from workbench.files import RunFolder
    from workbench.usecases.launch_run import execute, plan_run

    console = Console(stderr=options["as_json"], highlight=False)
    async with Application(settings) as app:
        plan = plan_run(_request(options, settings), app.readers())
        folder = RunFolder.create(settings.runs_dir, plan)
        control = RunControl()
        with LiveProgress(console) as progress, _interrupts(control, console):
            await app.warm_up(plan)
            summary = await execute(plan, app.tools(plan), folder, (progress,), control)
    _write_reports(folder, options)
    if options["as_json"]:
        _print_json(folder)
    else:
        print_summary(console, summary, str(folder.path))
        if options["report"]:
            console.print(f"report:  {options['report']}", soft_wrap=True)
    return exit_code(summary)


def _request(options: dict[str, Any], settings: Any) -> Any:
    from workbench.planning import Selection
    from workbench.usecases.launch_run import RunRequest, context_of

    context = options["context"]
    case = options["cases"][0] if options["cases"] else ""
    return RunRequest(
        folder=options["suite"],
        selection=Selection(
            options["scenarios"], options["cases"], options["step"], options["tags"], options["priorities"]
        ),
        environment=options["environment"],
        registries=options["registries"],
        url=options["url"],
        overrides=dict(map(_pair, options["overrides"])),
        context=context_of(context, case) if context else {},
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
    """Ctrl-C and SIGTERM stop the run instead of the program; the first asks, the second cuts."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if not control.stopped:
            console.print("stopping: no new step starts; once more cuts off what is under way")
        control.stop()

    signals = (signal.SIGINT, signal.SIGTERM)
    for each in signals:
        loop.add_signal_handler(each, stop)
    try:
        yield
    finally:
        for each in signals:
            loop.remove_signal_handler(each)


def _write_reports(folder: Any, options: dict[str, Any]) -> None:
    if options["report"] is None:
        return
    from workbench.usecases.read_report import write_reports

    write_reports(folder, options["report"], options["formats"] or FORMATS)


def _print_json(folder: Any) -> None:
    from workbench.usecases.read_report import json_report

    click.echo(json_report(folder))


def exit_code(summary: Any) -> int:
    """0 passed, 1 anything else, 3 when no case could start."""
    from workbench.model.result import Verdict

    if summary.verdict in (Verdict.PASSED, Verdict.SKIPPED):
        return 0
    return 3 if summary.blocked else 1
