"""Conflicts on the command line: what each side changed, and the options that choose."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from workbench.errors import ConflictError, ErrorGroup, UsageError

if TYPE_CHECKING:
    from workbench.storage import Choices, Difference, Side

F = TypeVar("F", bound=Callable[..., Any])


def choice_options(mine: str, theirs: str) -> Callable[[F], F]:
    """`--take` and `--choose`, with the names that the two sides have in a command."""

    def decorate(command: F) -> F:
        names = f"{mine}|{theirs}"
        text = f"Where both changed the value at PATH: {mine}, {theirs} or base; any number of times."
        choose = click.option("--choose", "chosen", metavar=f"PATH={names}|base", multiple=True, help=text)
        sides = click.Choice([mine, theirs])
        return click.option("--take", type=sides, help="For all that both changed.")(choose(command))

    return decorate


def choices_of(take: str | None, chosen: Sequence[str], sides: "Mapping[str, Side]") -> "Choices":
    """Raises UsageError for one that is no PATH=SIDE."""
    from workbench.storage import Choices, read_path

    by_path: dict[tuple[str, ...], Side] = {(): sides[take]} if take else {}
    for text in chosen:
        path, sign, side = text.rpartition("=")
        if not sign or side not in sides:
            raise UsageError(f"{text!r} chooses nothing", where="--choose", hint=f"PATH={'|'.join(sides)}")
        by_path[read_path(path)] = sides[side]
    return Choices(by_path)


@contextmanager
def told(mine: str, theirs: str) -> Iterator[None]:
    """Show what each side changed before a conflict ends the command."""
    try:
        yield
    except ConflictError as conflict:
        _show(conflict, {theirs: "theirs", mine: "mine"})
        raise
    except ErrorGroup as group:
        for each in group.errors:
            if isinstance(each, ConflictError):
                click.echo(f"{each.where}", err=True)
                _show(each, {theirs: "theirs", mine: "mine"})
        raise


def _show(conflict: ConflictError, names: Mapping[str, str]) -> None:
    from workbench.usecases.revise import sides

    found = sides(conflict)
    for name, side in names.items():
        click.echo(f"{name}:", err=True)
        for each in found[side]:
            click.echo("\n".join(f"  {line}" for line in difference_lines(each)), err=True)


def difference_lines(difference: "Difference") -> list[str]:
    """The place, then what stood there, then what stands there."""
    return [
        " › ".join(difference.place) or "(all of it)",
        *_marked("-", difference.before),
        *_marked("+", difference.after),
    ]


def _marked(sign: str, value: Any) -> list[str]:
    from msgspec import UNSET

    from workbench.model.json import pretty

    if value is UNSET:
        return []
    text = value if isinstance(value, str) else pretty(value)
    return [f"  {sign} {line}" for line in text.split("\n")]
