"""`workbench parse ARTIFACT…`: what services artifacts offer."""

from typing import TYPE_CHECKING

import click

from workbench.cli.output import console, json_option, print_record, settings
from workbench.model.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text
    from rich.tree import Tree

    from workbench.model.contract import Contract, Interface, Method, Warning

_RECOGNISED = {
    "annotation": "by its annotation",
    "spring-xml": "in Spring XML",
    "api-jar": "as an interface of an API jar",
    "named": "because it was named",
    "registry": "in a registry",
    "manual": "written by hand",
}


@click.command()
@click.argument("artifacts", metavar="ARTIFACT...", nargs=-1, required=True)
@click.option("--sources", metavar="JAR", multiple=True, help="For parameter names.")
@click.option(
    "--interface",
    "interfaces",
    metavar="GLOB",
    multiple=True,
    help="Only these, as `com.example.*Facade` or `OrderFacade`; also names interfaces that no rule recognises.",
)
@json_option
def parse(artifacts: tuple[str, ...], sources: tuple[str, ...], interfaces: tuple[str, ...], as_json: bool) -> None:
    """Show the interfaces, methods and types of artifacts.

    An ARTIFACT is an API jar, a Spring Boot jar, a war or an ear, or samples://NAME. Several are read as one class
    path, so that an implementation and its API jar complete each other. --json prints the contract.
    """
    from workbench.usecases.import_artifact import import_artifact
    from workbench.usecases.maven import fetcher
    from workbench.usecases.resolve import artifact_paths, source_paths

    given = settings()
    paths = artifact_paths(artifacts, fetcher(given))
    named = source_paths(sources, artifacts, given)
    contract = import_artifact(paths, sources=named, interfaces=interfaces, limits=settings().parse_limits)
    if as_json:
        print_record(contract, "interfaces", "types")
    else:
        _show(contract, hint=not interfaces)


command = parse


def _show(contract: "Contract", *, hint: bool) -> None:
    show_warnings(contract.warnings)  # first: what comes last is what is read first
    out = console()
    for interface in contract.interfaces:
        out.print(interface_tree(interface))
        out.print()
    methods = sum(len(interface.methods) for interface in contract.interfaces)
    out.print(
        f"{plural(len(contract.interfaces), 'interface')}, {plural(methods, 'method')},"
        f" {plural(len(contract.types), 'type')}"
    )
    if hint and not contract.interfaces:
        out.print("no service found: name interfaces with --interface 'com.example.*Facade'")


def show_warnings(warnings: "Iterable[Warning]") -> None:
    """On stderr."""
    for warning in warnings:
        where = f"{warning.where}: " if warning.where else ""
        click.echo(f"{click.style('warning', fg='yellow')}: {where}{warning.message}", err=True)


def interface_tree(interface: "Interface") -> "Tree":
    """An interface with its methods."""
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(interface.name, style="bold"), guide_style="dim")
    tree.add(Text(_how(interface), style="dim"))
    for method in interface.methods:
        tree.add(_method(method))
    return tree


def _how(interface: "Interface") -> str:
    """`found by its annotation, in order-boot.jar!…, implemented by com.example.OrderImpl, version 1.0.0`"""
    how = _RECOGNISED.get(interface.recognised_by, interface.recognised_by)
    by = f", implemented by {interface.implementation}" if interface.implementation else ""
    group = f", group {interface.group}" if interface.group else ""
    version = f", version {interface.version}" if interface.version else ""
    return f"found {how}, in {interface.origin}{by}{group}{version}"


def _method(method: "Method") -> "Text":
    """As in Java source, so that it can be read at once; packages of java.lang and java.util left out."""
    from rich.text import Text

    generics = f"<{', '.join(map(short, method.type_parameters))}> " if method.type_parameters else ""
    parameters = ", ".join(f"{short(parameter.type)} {parameter.name}" for parameter in method.parameters)
    text = Text(f"{generics}{short(method.returns)} ")
    text.append(method.name, style="bold cyan")
    text.append(f"({parameters})")
    if method.throws:
        text.append(f" throws {', '.join(map(short, method.throws))}")
    remarks = ["default"] * method.default + [f"from {method.declared_by}"] * bool(method.declared_by)
    remarks += [f"by {method.origin}"] * bool(method.origin)
    if remarks:
        text.append(f"  [{', '.join(remarks)}]", style="dim")
    return text


def short(type_: str) -> str:
    """Without the packages that everybody knows."""
    import re

    return re.sub(r"\bjava\.(?:lang|util|math|time)\.(?=[A-Z])", "", type_)
