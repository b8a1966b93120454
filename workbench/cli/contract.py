"""`workbench contract show | diff`: what services look like, from every source, and what changed between two."""

from typing import TYPE_CHECKING

import click

from workbench.cli.output import asking, json_option, print_json, registry_option, settings

if TYPE_CHECKING:
    from workbench.model.contract_diff import ContractDiff

FAILED = 1
_INTERFACES = click.option(
    "--interface", "interfaces", metavar="GLOB", multiple=True, help="Only these: com.example.*, *Facade."
)


@click.group(name="contract")
def command() -> None:
    """Show what services look like, and compare two versions.

    A SOURCE is an artifact (a jar, war or ear, samples://NAME), a registry (zookeeper://HOST:PORT, samples://, a file
    of URLs), a suite folder, or a contract that `show --json` printed.
    """


@command.command()
@click.argument("names", metavar="SOURCE...", nargs=-1)
@registry_option
@click.option("--sources", metavar="JAR", multiple=True, help="Sources jar, for parameter names and Javadoc.")
@_INTERFACES
@click.option("--types/--no-types", default=True, help="Classes and enums as well; on by default.")
@json_option
def show(
    names: tuple[str, ...],
    registry: str | None,
    sources: tuple[str, ...],
    interfaces: tuple[str, ...],
    types: bool,
    as_json: bool,
) -> None:
    """Show the contract of all sources together, and where each part of it comes from.

    Where two sources contradict each other, both are shown. --json prints the contract, which every command that takes
    a SOURCE reads again.
    """
    from workbench.cli.contract_view import show_contract
    from workbench.usecases.read_contract import read_contract

    every = (*names, *((registry,) if registry else ()))
    with asking() as ask:
        contract = read_contract(every, settings(), sources=sources, interfaces=interfaces, ask=ask)
    if as_json:
        print_json(contract)
    else:
        show_contract(contract, types=types)


@command.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_INTERFACES
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "compatible", "never"]),
    default="never",
    show_default=True,
    help="Exit code 1 when there are such changes or graver ones.",
)
@json_option
def diff(old: str, new: str, interfaces: tuple[str, ...], fail_on: str, as_json: bool) -> int:
    """Compare two contracts, each of any SOURCE, by what goes over the wire.

    Each change is breaking, risky or compatible for a consumer, or a suite, made for OLD that calls providers of NEW.
    docs/contracts.md has the rules.
    """
    from workbench.cli.contract_view import show_diff
    from workbench.usecases.diff_contracts import diff_contracts

    with asking() as ask:
        found = diff_contracts(old, new, settings(), interfaces=interfaces, ask=ask)
    if as_json:
        print_json(found)
    else:
        show_diff(found)
    return FAILED if _is_too_grave(found, fail_on) else 0


def _is_too_grave(found: "ContractDiff", fail_on: str) -> bool:
    from workbench.model.contract_diff import SEVERITIES

    graver = SEVERITIES[: [*SEVERITIES, "never"].index(fail_on) + 1] if fail_on != "never" else ()
    return found.worst in graver
