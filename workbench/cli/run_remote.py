"""`workbench run --server URL`: the run goes on at the server, its reports come here."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.errors import UsageError, WorkbenchError
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.model.plan import Remark
    from workbench.usecases.browse_runs import RunInfo
    from workbench.usecases.remote_run import RemoteRuns

_PAUSE_S = 0.5
_WAIT_S = 20  # for the end of one case, in one request


def run_there(options: dict[str, Any], overrides: dict[str, Any]) -> "RunInfo":
    """Start it, wait for its end, write the reports. Ctrl-C stops it; a second one leaves it alone."""
    from workbench.usecases.remote_run import RemoteRuns

    _refuse_own(options)
    with RemoteRuns(options["server"], options["token"]) as server:
        info = _started(server, options, overrides)
        click.echo(f"run {info.id} at {options['server']}: {plural(info.items, 'case')}", err=True)
        _tell(info.remarks)
        try:
            info = _ended(server, info)
        except KeyboardInterrupt:
            click.echo("stopping: no new step starts; once more leaves it alone", err=True)
            server.stop(info.id)
            info = _ended(server, info)
        _write(server, info, options)
    return info


def plan_there(options: dict[str, Any], overrides: dict[str, Any]) -> int:
    """A dry run at the server; gives the exit code."""
    from workbench.cli.output import echo_json
    from workbench.model.json import pretty
    from workbench.usecases.remote_run import RemoteRuns, body_of

    _refuse_own(options)
    with RemoteRuns(options["server"], options["token"]) as server:
        told = server.plan(body_of(options, overrides))
    _tell(told.remarks)
    if options["as_json"]:
        echo_json(pretty(told))
    click.echo(f"{plural(told.items, 'case')} to run", err=options["as_json"])
    return 0 if told.right else 2


def _refuse_own(options: dict[str, Any]) -> None:
    for name in ("context", "store"):
        if options[name]:
            hint = "leave it out with --server"
            raise UsageError("is for runs of this machine", where=f"--{name}", hint=hint)


def _tell(remarks: Iterable["Remark"]) -> None:
    for each in remarks:
        hint = f"\n  → {each.hint}" if each.hint else ""
        click.echo(f"{'mistake' if each.mistake else 'warning'}: {each.where}: {each.message}{hint}", err=True)


def _started(server: "RemoteRuns", options: dict[str, Any], overrides: dict[str, Any]) -> "RunInfo":
    """One case by its address, which CI may call itself; anything else by what is selected."""
    from workbench.usecases.remote_run import body_of, case_of

    refused: UsageError | None = None
    if wanted := case_of(options, overrides):
        try:
            return server.start_case(wanted, _WAIT_S)
        except UsageError as error:
            if error.code != "NOT_FOUND":
                raise
            refused = error  # a name, or a subsystem, that looks like an id
    try:
        return server.start(body_of(options, overrides))
    except UsageError as error:
        raise refused if refused and error.code == "NOT_FOUND" else error from None


def _ended(server: "RemoteRuns", info: "RunInfo") -> "RunInfo":
    while info.state in ("queued", "running"):
        time.sleep(_PAUSE_S)
        info = server.read(info.id)
    if info.state == "lost":
        lost = WorkbenchError("the run has no end: the server was stopped, or its log tells why", where=info.id)
        lost.exit_code = 3
        raise lost
    return info


def _write(server: "RemoteRuns", info: "RunInfo", options: dict[str, Any]) -> None:
    from workbench.reporting import FILES

    folder: Path | None = options["report"]
    if folder is not None:
        for form in options["formats"]:
            server.report(info.id, form, folder / FILES[form])
    if options["as_json"]:
        click.echo(server.text(info.id, "json"))
        return
    counts = ", ".join(f"{count} {name}" for name, count in _counts(info) if count)
    click.echo(f"{info.suite}: {info.verdict}, {plural(info.cases.total, 'case')}: {counts}")
    if folder:
        click.echo(f"report:  {folder}")


def _counts(info: "RunInfo") -> list[tuple[str, int]]:
    names = ("passed", "failed", "error", "timeout", "skipped", "stopped")
    return [(name, getattr(info.cases, name)) for name in names]
