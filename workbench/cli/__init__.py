"""The command `workbench`: names of commands, global options, errors in plain words.

A command is a module that exposes `command`; it is imported only when it runs, so that `workbench --help` is quick.
It parses its options, calls one use case and prints. Commands of installed plug-ins come from the entry-point group
`workbench.commands`.
"""

import errno
import io
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from workbench.errors import ConflictError, ErrorGroup, PluginError, UsageError, WorkbenchError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

INTERRUPTED = 130
DEFECT = 3  # nothing could be judged
# name → (module, one line of help)
COMMANDS = {
    "parse": ("workbench.cli.parse", "Show the interfaces, methods and types of artifacts."),
    "contract": ("workbench.cli.contract", "Show what services look like, and compare two versions."),
    "services": ("workbench.cli.services", "List what a registry holds: interfaces, methods, providers."),
    "invoke": ("workbench.cli.invoke", "Call one Dubbo method and print its answer."),
    "template": ("workbench.cli.template", "Make a request of a method that can be sent as it is."),
    "generate": ("workbench.cli.generate", "Make a suite with a case for each method of an artifact."),
    "run": ("workbench.cli.run", "Run a suite and report."),
    "runs": ("workbench.cli.runs", "List, compare, conclude and remove runs in the database."),
    "stats": ("workbench.cli.stats", "Figures over many runs, and over the growth of cases."),
    "report": ("workbench.cli.report", "Make a report of a run."),
    "fmt": ("workbench.cli.fmt", "Bring suite files into their canonical form."),
    "import": ("workbench.cli.import_suite", "Bring a suite folder into the database."),
    "export": ("workbench.cli.export_suite", "Write a version of the database as a suite folder."),
    "suite": ("workbench.cli.suite", "Make, copy and move whole suites of the database."),
    "case": ("workbench.cli.case", "Show, add, save, copy, move and remove a case of the database."),
    "trash": ("workbench.cli.trash", "List what was removed from a version, and bring it back."),
    "history": ("workbench.cli.history", "Show, compare and restore the revisions of a case."),
    "saves": ("workbench.cli.saves", "List, compare and take back what was saved in a version."),
    "sync": ("workbench.cli.sync", "Bring what changed in one version into another."),
    "artifact": ("workbench.cli.artifact", "Give a version new artifacts; see which cases they hit."),
    "case-groups": ("workbench.cli.case_groups", "List, define and copy groups of cases."),
    "tools": ("workbench.cli.tools", "Keep tool libraries; show what they offer and who uses them."),
    "dataset": ("workbench.cli.dataset", "Import, edit and export datasets of the database."),
    "hosts": ("workbench.cli.hosts", "Say what is deployed where; see whose metadata disagrees."),
    "schedule": ("workbench.cli.schedule", "List, make and pause what a server runs by the clock."),
    "config": ("workbench.cli.config", "Show and change configuration; as a table in and out."),
    "db": ("workbench.cli.db", "List, upgrade, back up and restore the database; make new versions."),
    "users": ("workbench.cli.users", "List and make users, and let them in or not."),
    "groups": ("workbench.cli.groups", "List and make groups, and say who is what in them."),
    "tokens": ("workbench.cli.tokens", "List, make and revoke API tokens."),
    "audit": ("workbench.cli.audit", "Show who did what when."),
    "schema": ("workbench.cli.schema", "Print the JSON Schema of suite files."),
    "keywords": ("workbench.cli.keywords", "Show the keyword library."),
    "samples": ("workbench.cli.samples", "Start and stop the sample registry and providers."),
    "doctor": ("workbench.cli.doctor", "Check that everything needed is there, and say how to mend it."),
}
# commands of our own plug-ins, which the core may not import: name → one line of help
OFFERED = {"serve": "Serve the HTTP API on this machine."}


class Globals(NamedTuple):
    """What the options before the command say; `click.Context.obj`. (msgspec would cost `--help` 30 ms.)"""

    debug: bool = False
    config: str = ""
    settings: Mapping[str, str] = MappingProxyType({})


class LazyGroup(click.Group):
    """Lists commands from the table and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *sorted(_foreign())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            command: click.Command = import_module(COMMANDS[cmd_name][0]).command
            return command
        point = _foreign().get(cmd_name)
        return _load(cmd_name, point) if point else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and args[0] not in _foreign():
            from workbench.model.near import did_you_mean

            raise UsageError(
                f"there is no command {args[0]}",
                hint=did_you_mean(args[0], self.list_commands(ctx)) or "`workbench --help` lists them",
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, text) for name, (_, text) in COMMANDS.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows + [(name, OFFERED.get(name, "(plug-in)")) for name in sorted(_foreign())])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", metavar="FILE", help="Settings file instead of ./workbench.toml.", envvar="WORKBENCH_CONFIG")
@click.option("--data-dir", metavar="DIR", help="Where runs, logs and samples live; default .workbench.")
@click.option("-o", "--option", "options", metavar="KEY=VALUE", multiple=True, help="A setting, for this call.")
@click.option("--debug", is_flag=True, envvar="WORKBENCH_DEBUG", help="Show tracebacks of errors.")
@click.version_option(package_name="dubbo-workbench")
@click.pass_context
def group(ctx: click.Context, config: str | None, data_dir: str | None, options: tuple[str, ...], debug: bool) -> None:
    """Test Dubbo and RPC systems: from a jar to a verdict on live providers.

    Exit codes: 0 passed, 1 failed, 2 usage or input, 3 could not run.
    """
    settings = dict(_pair(option) for option in options)
    if data_dir:
        settings["data_dir"] = data_dir
    ctx.obj = Globals(debug, config or "", settings)
    _tell_progress()


def _tell_progress() -> None:
    """What use cases say while they wait for others (Maven) goes to stderr."""
    import logging

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            click.echo(record.getMessage(), err=True)

    logger = logging.getLogger("workbench.progress")
    logger.handlers, logger.propagate = [Teller()], False
    logger.setLevel(logging.INFO)


def main(args: Sequence[str] | None = None) -> None:
    """The console script."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # not under nohup
            signal.signal(number, _leave)
    sys.unraisablehook = _send_again
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # an encoding that lacks a character (ASCII, GBK) ends no program
            stream.reconfigure(errors="backslashreplace")
    sys.exit(execute(sys.argv[1:] if args is None else list(args)))


def _leave(number: int, frame: object) -> None:
    """End as after Ctrl-C: what was begun is taken back, what was started is stopped. Only the first call counts."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _send_again(ignored: "sys.UnraisableHookArgs") -> None:
    """Python only prints a Ctrl-C that falls into a finalizer or an import lock's callback: it is sent again."""
    if issubclass(ignored.exc_type, KeyboardInterrupt):
        from threading import Timer, main_thread

        # not at once: raised in here it would be ignored, too
        again = Timer(0.05, signal.pthread_kill, (main_thread().ident, signal.SIGINT))
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(ignored)


def execute(args: list[str]) -> int:
    """Run one command line and give its exit code; errors are printed, never raised (but for --debug)."""
    state = Globals(debug="--debug" in args)
    try:
        with group.make_context("workbench", args) as context:
            state = context.obj or state
            result = group.invoke(context)
            return result if isinstance(result, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return _tell_usage(error) if "--json" in args else error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("\ninterrupted", err=True)
        if "--json" in args:
            _print_errors([{"code": "INTERRUPTED", "message": "interrupted", "where": "", "hint": ""}])
        return INTERRUPTED
    except BrokenPipeError:  # `workbench … | head`
        sys.stderr.close()
        return 0
    except WorkbenchError as error:
        return _tell(error, as_json="--json" in args, debug=state.debug)
    except Exception as error:  # the last edge: a defect of ours is told in words, with the way to its traceback
        if state.debug:
            raise
        return _tell(_defect(error), as_json="--json" in args, debug=False)


# What the machine refuses is no defect of ours: no access, no space, no such folder, too many open files …
_REFUSALS = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO),
    *(errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EMFILE, errno.ENFILE),
}


def _defect(error: Exception) -> WorkbenchError:
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        hint = "mend it, or choose another place"
        return WorkbenchError(str(error.strerror), where=str(error.filename or ""), hint=hint)
    defect = WorkbenchError(f"{type(error).__name__}: {error}", hint="a defect of the workbench; --debug shows where")
    defect.exit_code = DEFECT
    return defect


def _tell(error: WorkbenchError, *, as_json: bool, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exception(error)
    errors = error.errors if isinstance(error, ErrorGroup) else (error,)
    for one in errors:
        click.echo(f"{click.style('error', fg='red')}: {_printable(str(one))}", err=True)
    if as_json:
        _print_errors([_fields(one) for one in errors])
    return max(one.exit_code for one in errors) if errors else error.exit_code


def _tell_usage(error: click.ClickException) -> int:
    """What click found wrong, as JSON on stdout too; an option's name is where."""
    context = getattr(error, "ctx", None)
    hint = f"`{context.command_path} --help` shows what it takes" if context else ""
    _print_errors([_fields(UsageError(error.format_message(), hint=hint))])
    return error.exit_code


def _print_errors(errors: list[dict[str, Any]]) -> None:
    from workbench.cli.output import print_json

    print_json({"errors": errors})


def _printable(text: str) -> str:
    """Bytes of a file name that are no text are shown as `\\udcff`."""
    return text.encode(errors="backslashreplace").decode()


def _fields(error: WorkbenchError) -> dict[str, Any]:
    texts = {"code": error.code, "message": error.message, "where": error.where, "hint": error.hint}
    fields: dict[str, Any] = {name: _printable(text) for name, text in texts.items()}
    if isinstance(error, ConflictError):
        fields |= {"base": error.base, "mine": error.mine, "theirs": error.theirs, "places": list(error.places)}
    return fields


def _foreign() -> dict[str, "EntryPoint"]:
    """Commands of installed plug-ins; one cannot take the place of ours.

    Looked up here and not in workbench.plugins, whose imports would cost `--help` more than all the rest.
    """
    from importlib.metadata import entry_points  # 15 ms, that our own commands do without

    return {point.name: point for point in entry_points(group="workbench.commands") if point.name not in COMMANDS}


def _load(name: str, point: "EntryPoint") -> click.Command:
    try:
        command = point.load()
    except (ImportError, AttributeError) as error:
        raise PluginError(f"the command {name} cannot be loaded: {error}", where=point.value) from error
    if not isinstance(command, click.Command):
        raise PluginError(f"the command {name} is no click command", where=point.value)
    return command


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is not KEY=VALUE", where="--option")
    return key.strip(), value
