"""`workbench hosts`: which hosts run a subsystem, and what is deployed there."""

from pathlib import Path

import click

from workbench.cli.output import (
    address_argument,
    asking,
    author_options,
    by,
    json_option,
    local_time,
    print_json,
    print_table,
    registry_option,
    settings,
    storage,
)  # fmt: skip

_environment = click.option("--environment", metavar="NAME", default="", help="Of the suite.")


@click.group(name="hosts")
def command() -> None:
    """Say what is deployed on a host, and see whether the providers that run there agree with it."""


@command.command()
@address_argument
@click.argument("host", metavar="HOST[:PORT]")
@_environment
@click.option("--artifact", metavar="NAME", default="", help="Of the version's artifacts; default: its only one.")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What was deployed: its hash."
)
@author_options
@json_option
def deployed(
    address: str,
    host: str,
    environment: str,
    artifact: str,
    file: Path | None,
    author: str,
    message: str,
    as_json: bool,
) -> None:
    """Say that a version is deployed on HOST now, as it is registered; without PORT: on all of its ports."""
    from workbench.usecases.hosts import deployed as work

    with storage() as opened:
        said = by(author, message)
        made = work(address, host, opened, said, environment=environment, artifact=artifact, file=file)
    if as_json:
        print_json(made)
    else:
        click.echo(f"{made.host}: {made.subsystem}@{made.version} {made.artifact} {made.sha256[:12]}".rstrip())


@command.command("list")
@click.argument("subsystem")
@_environment
@registry_option
@json_option
def list_(subsystem: str, environment: str, registry: str | None, as_json: bool) -> None:
    """Hosts with version, artifact, hash and time; with a registry also who runs, and whose metadata disagrees."""
    from workbench.usecases.hosts import hosts

    with storage() as opened, asking() as ask:
        found = hosts(subsystem, opened, settings(), environment=environment, registry=registry or "", ask=ask)
    if as_json:
        print_json(found)
        return
    words = {True: "runs", False: "absent", None: ""}
    rows = [
        (each.host, each.environment, each.version, each.artifact, each.sha256[:12],
         local_time(each.deployed_us) if each.deployed_us else "", words[each.running])
        for each in found
    ]  # fmt: skip
    print_table(("host", "environment", "version", "artifact", "sha256", "deployed", ""), rows)
    for each in found:
        for problem in each.disagrees:
            click.secho(f"{each.host}: {problem}", fg="red")
