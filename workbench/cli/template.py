"""`workbench template`: a request of a method that can be sent as it is."""

import click

from workbench.catalog.template import DEPTH
from workbench.cli.output import artifact_options, json_option, print_json, settings
from workbench.errors import UsageError
from workbench.model.targets import parse_target
from workbench.usecases.make_template import make_template


@click.command(name="template")
@click.argument("target", metavar="INTERFACE#METHOD[(TYPES)]")
@artifact_options
@click.option("--response", is_flag=True, help="Print the skeleton of the declared answer instead.")
@click.option("--depth", type=click.IntRange(1, 64), default=DEPTH, show_default=True, help="Levels of objects.")
@json_option
def command(
    target: str, artifacts: tuple[str, ...], sources: tuple[str, ...], response: bool, depth: int, as_json: bool
) -> None:
    """Make a request of a method that can be sent as it is.

    Parameter types may be left out where the interface has one such method. With --json the whole template
    (interface, method, request, response, notes) is printed.
    """
    if not artifacts:
        raise UsageError("no artifact", where="--artifact", hint="give the API jar, fat jar or war that has the class")
    limits = settings().parse_limits
    made = make_template(parse_target(target), artifacts, sources=sources, limits=limits, depth=depth)
    if as_json:
        print_json(made)
        return
    print_json(made.response if response else made.request)
    for note in made.notes:
        if note.startswith("response") == response:
            click.echo(f"note: {note}", err=True)
