"""What every command shares: the settings of this call, common options, JSON and tables on stdout."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from workbench.errors import UsageError
from workbench.model.json import pretty

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.app import Application
    from workbench.discovery.asking import Ask
    from workbench.files import ScriptCheck
    from workbench.settings import Settings
    from workbench.storage import Author, Storage

F = TypeVar("F", bound=Callable[..., Any])


def settings() -> "Settings":
    """The settings as this command line, the environment and the file say."""
    return settings_of(click.get_current_context(silent=True))


def settings_of(context: click.Context | None) -> "Settings":
    """The settings of a command's context."""
    from workbench.cli import Globals
    from workbench.settings import load_settings

    given = context.obj if context and isinstance(context.obj, Globals) else Globals()
    return load_settings(given.settings, config=given.config)


def storage() -> "Storage":
    """The database of these settings; a context manager."""
    from workbench.app import Application

    return Application(settings()).storage()


@contextmanager
def asking() -> "Iterator[Ask]":
    """How providers are asked what no registry tells; the JVM for it starts with the first question."""
    with _application() as app:
        yield app.ask()


@contextmanager
def script_check() -> "Iterator[ScriptCheck]":
    """Says what is wrong with a script of a suite; the sandbox for it starts with the first one."""
    with _application() as app:
        yield app.script_errors


@contextmanager
def _application() -> "Iterator[Application]":
    import asyncio

    from workbench.app import Application

    app = Application(settings(), brief=True)
    try:
        yield app
    finally:
        asyncio.run(app.__aexit__())


def author_options(command: F) -> F:
    """`--author` and `--message` of what is saved."""
    message = click.option("-m", "--message", metavar="TEXT", default="", help="What the change is for.")
    author = click.option("--author", metavar="NAME", default=user_name, help="Default: your name here.")
    return author(message(command))


def by(author: str, message: str = "") -> "Author":
    """Who these options say does it."""
    from workbench.storage import Author

    return Author(author, message, "command line")


def user_name() -> str:
    """Under which somebody works here."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"


def json_option(command: F) -> F:
    """`--json`: nothing but JSON on stdout; the parameter is `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON only.")(command)


def address_argument(command: F) -> F:
    """SUBSYSTEM[@VERSION] of the database; the parameter is `address`."""
    return click.argument("address", metavar="SUBSYSTEM[@VERSION]")(command)


def registry_option(command: F) -> F:
    """`--registry`, or WORKBENCH_REGISTRY of the environment."""
    text = "zookeeper://HOST:PORT[,HOST:PORT][/ROOT], a file of URLs, or samples://"
    return click.option("--registry", metavar="ADDRESS", multiple=True, callback=_one_registry, help=text)(command)


def _one_registry(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> str | None:
    """The one that is asked. A second one is refused: click's own way is to take the last without a word."""
    if len(given) > 1:
        hint = "name several in an environment of the suite, or at `workbench run`"
        raise UsageError(f"one is asked, not {len(given)}", where="--registry", hint=hint)
    return given[0] if given else os.environ.get("WORKBENCH_REGISTRY") or None


def artifact_options(command: F) -> F:
    """`--artifact` and `--sources`, each any number of times."""
    sources = click.option("--sources", metavar="JAR", multiple=True, help="Sources jar, for parameter names.")
    return click.option("--artifact", "artifacts", metavar="JAR", multiple=True, help="API jar, fat jar or war.")(
        sources(command)
    )


def report_formats(given: Sequence[str]) -> list[str]:
    """`--format html,junit --format json` → the three, each once; none given: all. Raises UsageError."""
    from workbench.reporting import FORMATS

    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise UsageError(f"there is no report format {unknown[0]!r}", hint=f"formats: {', '.join(FORMATS)}")
    return list(dict.fromkeys(names or FORMATS))


def local_time(us: int) -> str:
    """Microseconds since 1970, to the second in the machine's time zone."""
    from datetime import datetime

    return datetime.fromtimestamp(us // 1_000_000).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def print_json(value: Any) -> None:
    """Exact JSON of plain values and model types, indented."""
    echo_json(pretty(value))


def print_record(value: msgspec.Struct, *always: str) -> None:
    """JSON of a record that leaves defaults out; the fields `always` stand there also when they are empty."""
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    print_json({name: field for name, field in fields.items() if field or name in always})


def print_json_text(text: str) -> None:
    """JSON text as it is, indented; no digit changes."""
    echo_json(msgspec.json.format(text, indent=2))


def echo_json(text: str) -> None:
    """To stdout in UTF-8, whatever the locale: that is what JSON is written in."""
    click.echo(text.encode())


def console() -> "Console":
    """Rich on stdout: colours on a terminal, plain text in a pipe; long names are never cut there."""
    from rich.console import Console

    out = Console(highlight=False, soft_wrap=False)
    return out if out.is_terminal else Console(highlight=False, width=1000, no_color=True)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns aligned by blanks, so that it can be read, copied and cut."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)


def align(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Rows of cells as lines whose columns stand below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
