"""`workbench schema`."""

from pathlib import Path

import click

from workbench.cli.output import print_json


@click.command("schema")
@click.argument("name", type=click.Choice(["suite", "scenario", "shared", "manual"]), required=False)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write NAME.schema.json of each there.")
def command(name: str | None, out: Path | None) -> None:
    """Print the JSON Schema of suite.yaml, scenarios/, shared/ or interfaces/*.yaml; without a name, of all by name.

    Editors use it for completion and checks: docs/suite-format.md says how.
    """
    from workbench.files import json_schemas
    from workbench.files.documentation import write_schemas

    schemas = json_schemas()
    if out:
        for path in write_schemas(out, [name] if name else list(schemas)):
            click.echo(path)
    else:
        print_json(schemas[name] if name else schemas)
