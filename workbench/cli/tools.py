"""`workbench tools`: tool libraries of the database, what they offer, and who uses them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli.output import (
    author_options,
    by,
    console,
    json_option,
    local_time,
    print_json,
    print_table,
    settings,
    storage,
    user_name,
)
from workbench.model.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.model.library import Library
    from workbench.usecases.tool_libraries import ShownClass


@click.group(name="tools")
def command() -> None:
    """Keep jars whose methods steps and scripts call; see what they offer, and who uses them."""


@command.command()
@click.argument("name")
@click.argument("version")
@click.argument("jars", metavar="JAR...", nargs=-1, required=True)
@click.option("--sources", metavar="JAR", multiple=True, help="Sources jar, for parameter names and Javadoc.")
@click.option("--replace", is_flag=True, help="Other files under a version that is there, as for a snapshot.")
@author_options
@json_option
def add(
    name: str,
    version: str,
    jars: tuple[str, ...],
    sources: tuple[str, ...],
    replace: bool,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Upload a version of a tool library: its jar, and jars that it needs.

    A suite uses it by `dependencies: { NAME: { tool: [tools://NAME], version: VERSION } }`.
    """
    from workbench.usecases.resolve import artifact_paths
    from workbench.usecases.tool_libraries import add_library

    with storage() as opened:
        added = add_library(
            *(name, version, artifact_paths(jars), opened, by(author, message)),
            sources=artifact_paths(sources),
            limits=settings().parse_limits,
            replace_it=replace,
        )
    if as_json:
        print_json(added)
        return
    what = f"{plural(added.classes, 'class')} with {plural(added.methods, 'method')}"
    click.echo(f"{name}@{version} {'is new' if added.new else 'was there'}: {what}")
    for file in added.info.files:
        click.echo(f"  {file.sha256[:12]}  {file.name}")


@command.command("list")
@click.argument("name", default="")
@json_option
def list_(name: str, as_json: bool) -> None:
    """All libraries, or the versions of NAME, newest first."""
    with storage() as opened:
        found = opened.libraries.all(name)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each.name,
            each.version,
            ", ".join(f"{file.name} {file.sha256[:12]}" for file in each.files if not file.sources),
            local_time(each.created_us),
            each.author,
            each.group,
            each.message,
        )
        for each in found
    ]
    print_table(("name", "version", "jars", "added", "by", "group", "message"), rows)


@command.command()
@click.argument("library", metavar="NAME[@VERSION]|JAR")
@click.argument("pattern", default="")
@click.option("--sources", metavar="JAR", multiple=True, help="Of a JAR: for parameter names and Javadoc.")
@json_option
def show(library: str, pattern: str, sources: tuple[str, ...], as_json: bool) -> None:
    """Classes and methods, each with the line that calls it; PATTERN: a glob, as `SignUtil` or `*Util#sign`."""
    from workbench.usecases.tool_libraries import show_library

    name, offer = _offer(library, sources)
    found = show_library(name, offer, pattern)
    if as_json:
        print_json(found)
    else:
        _print(found)
    for warning in offer.warnings:
        click.echo(f"warning: {warning.where}: {warning.message}", err=True)


def _offer(library: str, sources: "Sequence[str]") -> "tuple[str, Library]":
    from workbench.usecases.resolve import SAMPLES, artifact_paths
    from workbench.usecases.tool_libraries import address_of, read_library

    if library.startswith(SAMPLES) or library.endswith(".jar"):
        paths = artifact_paths([library])
        return Path(paths[0]).stem, read_library(paths, artifact_paths(sources), settings().parse_limits)
    with storage() as opened:
        info = opened.libraries.get(*address_of(library))
        return info.name, opened.libraries.offer(info)


def _print(found: "Sequence[ShownClass]") -> None:
    from rich.text import Text
    from rich.tree import Tree

    from workbench.cli.parse import short

    out = console()
    for each in found:
        tree = Tree(Text(each.owner.name, style="bold"), guide_style="dim")
        if each.owner.doc:
            tree.add(Text(each.owner.doc.split("\n")[0], style="dim"))
        for one, lines in zip(each.owner.methods, each.lines, strict=True):
            method = one.method
            parameters = ", ".join(f"{short(parameter.type)} {parameter.name}" for parameter in method.parameters)
            head = Text(f"{'static ' if one.static else ''}{short(method.returns)} ")
            head.append(method.name, style="bold cyan").append(f"({parameters})")
            head.append(f" throws {', '.join(map(short, method.throws))}" if method.throws else "")
            branch = tree.add(head)
            for doc in (method.doc, *(f"{each.name}: {each.doc}" for each in method.parameters if each.doc)):
                if doc:
                    branch.add(Text(doc, style="dim"))
            branch.add(Text(f"tool: {lines.step}"))
            branch.add(Text(lines.script))
        out.print(tree)
        out.print()
    if not found:
        click.echo("nothing fits", err=True)


@command.command("used-by")
@click.argument("library", metavar="NAME[@VERSION]")
@json_option
def used_by_(library: str, as_json: bool) -> None:
    """Suites, cases, scenarios and shared steps of all versions that use it."""
    from workbench.usecases.tool_libraries import address_of, used_by

    name, version = address_of(library)
    with storage() as opened:
        found = used_by(name, opened, version)
    if as_json:
        print_json(found)
        return
    rows = [(f"{use.subsystem}@{use.version}", use.kind, use.key, use.name, use.place, use.target) for use in found]
    print_table(("in", "kind", "id", "name", "place", "uses"), rows)


@command.command()
@click.argument("library", metavar="NAME")
@click.argument("group", default="")
def give(library: str, group: str) -> None:
    """Let a library belong to GROUP, whose editors may change it; without one to none."""
    with storage() as opened:
        opened.libraries.give(library, group, by(user_name()))
    click.echo(f"{library} belongs to {group or 'no group'}")


@command.command()
@click.argument("library", metavar="NAME@VERSION")
def remove(library: str) -> None:
    """Remove a version that no suite uses."""
    from workbench.usecases.tool_libraries import address_of, remove_library

    with storage() as opened:
        remove_library(*address_of(library), opened, by(user_name()))
    click.echo(f"{library} is removed")
