"""`workbench template`: a request of a method that can be sent as it is."""

import click

from workbench.catalog.template import DEPTH
from workbench.cli.output import artifact_options, asking, json_option, print_json, registry_option, settings
from workbench.model.targets import parse_target
from workbench.usecases.make_template import make_template


@click.command(name="template")
@click.argument("target", metavar="INTERFACE#METHOD[(TYPES)]")
@artifact_options
@registry_option
@click.option("--response", is_flag=True, help="Print the skeleton of the declared answer instead.")
@click.option("--depth", type=click.IntRange(1, 64), default=DEPTH, show_default=True, help="Levels of objects.")
@json_option
def command(
    target: str,
    artifacts: tuple[str, ...],
    sources: tuple[str, ...],
    registry: str | None,
    response: bool,
    depth: int,
    as_json: bool,
) -> None:
    """Make a request of a method that can be sent as it is.

    Without --artifact it is made from what the registry knows of the running providers. Parameter types may be left
    out where the interface has one such method. With --json the whole template (interface, method, request, response,
    notes) is printed.
    """
    named, given = parse_target(target), settings()
    with asking() as ask:
        made = make_template(named, artifacts, given, sources=sources, registry=registry or "", depth=depth, ask=ask)
    if as_json:
        print_json(made)
        return
    print_json(made.response if response else made.request)
    for note in made.notes:
        if note.startswith("response") == response:
            click.echo(f"note: {note}", err=True)
