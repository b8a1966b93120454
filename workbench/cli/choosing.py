"""Options that choose cases, for whatever runs some."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
# As workbench.model.suite has them, whose import the command line puts off.
PRIORITY = click.Choice(["P0", "P1", "P2", "P3", "P4"])
_STATE = click.Choice(["ready", "draft", "quarantined"])
_STATES = "Cases in this state; default: ready ones, and those that --case names."
_OPTIONS = (
    click.option("--scenario", "scenarios", metavar="S", multiple=True, help="Name, id or glob; several: any of them."),
    click.option("--case", "cases", metavar="C", multiple=True, help="Name, id or glob."),
    click.option("--tag", "tags", metavar="T", multiple=True, help="With this tag; !T: without it."),
    click.option("--group", "groups", metavar="G", multiple=True, help="Cases of this group, in its order."),
    click.option("--requirement", "requirements", metavar="R", multiple=True, help="Cases that cover it; id or glob."),
    click.option("--owner", "owners", metavar="NAME", multiple=True, help="Cases of this owner."),
    click.option("--priority", "priorities", metavar="P", multiple=True, type=PRIORITY, help="Cases of it, P0 to P4."),
    click.option("--state", "states", metavar="S", multiple=True, type=_STATE, help=_STATES),
    click.option("--impacted", is_flag=True, help="Cases of SUBSYSTEM@VERSION that new artifacts hit, unsettled."),
    click.option("--failed", is_flag=True, help="Cases of SUBSYSTEM@VERSION that did not pass in its newest run."),
)  # fmt: skip


def with_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Put them above a command, in this order."""

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


case_options = with_options(*_OPTIONS)
