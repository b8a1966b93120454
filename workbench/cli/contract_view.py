"""Contracts and their differences, for people."""

from collections.abc import Iterator

import click
from rich.text import Text
from rich.tree import Tree

from workbench.cli.output import console
from workbench.cli.parse import interface_tree, short, show_warnings
from workbench.model.contract import Contract, Contradiction, Interface, TypeDef
from workbench.model.contract_diff import SEVERITIES, Change, ContractDiff
from workbench.model.words import plural

_COLOURS = {"breaking": "red", "risky": "yellow", "compatible": "green"}
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_SHOWN = 3  # methods of a change


def show_contract(contract: Contract, *, types: bool) -> None:
    """Interfaces as trees, then the types that they need."""
    out = console()
    for interface in contract.interfaces:
        tree = interface_tree(interface)
        for text in _sources(interface):
            tree.add(Text(text, style="dim"))
        out.print(tree)
        out.print()
    if types:
        for name, definition in contract.types.items():
            out.print(_type(name, definition))
            out.print()
    methods = sum(len(interface.methods) for interface in contract.interfaces)
    numbers = (plural(len(contract.interfaces), "interface"), plural(methods, "method"))
    out.print(f"{', '.join(numbers)}, {plural(len(contract.types), 'type')}")
    show_warnings(contract.warnings)
    for contradiction in contract.contradictions:
        click.echo("\n".join(_contradiction(contradiction)))


def _sources(interface: Interface) -> Iterator[str]:
    """Where else it is described, and where names of parameters come from."""
    if interface.seen_in:
        yield f"also in {', '.join(interface.seen_in)}"
    names = dict.fromkeys(one.origin for method in interface.methods for one in method.parameters if one.origin)
    if names:
        yield f"names of parameters out of {', '.join(names)}"


def _contradiction(found: Contradiction) -> Iterator[str]:
    yield f"{click.style('contradiction', fg='red')}: {found.what} {found.place}"
    for claim in found.claims:
        yield f"    {(claim.says and short(claim.says)) or 'not there'}  in {claim.origin}"


def _type(name: str, definition: TypeDef) -> Tree:
    generics = f"<{', '.join(map(short, definition.parameters))}>" if definition.parameters else ""
    head = Text(f"{'abstract ' * definition.abstract}{definition.kind} ", style="dim")
    head.append(f"{name}{generics}", style="bold not dim")
    tree = Tree(head, guide_style="dim")
    for word, parents in (("extends", _superclass(definition)), ("implements", definition.interfaces)):
        if parents:
            tree.add(Text(f"{word} {', '.join(map(short, parents))}", style="dim"))
    if definition.doc:
        tree.add(Text(definition.doc, style="italic"))
    if definition.origin:
        also = f", also in {', '.join(definition.seen_in)}" if definition.seen_in else ""
        tree.add(Text(f"in {definition.origin}{also}", style="dim"))
    if definition.constants:
        tree.add(Text(", ".join(definition.constants)))
    for field in definition.fields:
        text = Text(f"{short(field.type)} {field.name}{' (transient)' * field.transient}")
        text.append(f"  {field.doc.partition(chr(10))[0]}" if field.doc else "", style="dim")
        tree.add(text)
    return tree


def _superclass(definition: TypeDef) -> tuple[str, ...]:
    usual = ("", "java.lang.Object", "java.lang.Record") if definition.kind != "enum" else (definition.super,)
    return () if definition.super in usual else (definition.super,)


def show_diff(found: ContractDiff) -> None:
    """By severity; the sum at the end."""
    for severity in SEVERITIES:
        changes = [change for change in found.changes if change.severity == severity]
        if changes:
            click.secho(severity, fg=_COLOURS[severity], bold=True)
            for line in (line for change in changes for line in _change(change)):
                click.echo(line)
            click.echo()
    sums = ", ".join(f"{found.count(severity)} {severity}" for severity in SEVERITIES)
    origin = f"from {found.old} to {found.new}" if found.old else f"in {found.new}"  # of a version's first artifact
    click.echo(f"{sums if found.changes else 'no difference'}: {origin}")


def _change(change: Change) -> Iterator[str]:
    arrow = " → ".join(map(short, filter(None, (change.old, change.new))))
    what = f": {arrow}" if arrow and change.element != "constant" else ""
    flows = f"  [{', '.join(change.flows)}]" if change.flows else ""
    yield f"  {_SIGNS[change.action]} {change.element} {change.place}{what}{click.style(flows, dim=True)}"
    hint = f"; {change.hint}" if change.hint else ""
    yield click.style(f"      {change.rule}: {change.why}{hint}", dim=True)
    if change.methods:
        names = list(dict.fromkeys(map(_called, change.methods)))
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield click.style(f"      in {', '.join(names[:_SHOWN])}{more}", dim=True)


def _called(method: str) -> str:
    """`com.x.Facade#pay(com.x.Req)` → Facade#pay"""
    return method.partition("(")[0].rpartition(".")[2]
