"""`workbench samples up | down | status`: a registry and providers on this machine, to try the workbench on."""

from typing import TYPE_CHECKING

import click

from workbench.cli.output import json_option, print_json, print_table, settings

if TYPE_CHECKING:
    from workbench.usecases.samples import SampleWorld, WorldState


@click.group(name="samples")
def command() -> None:
    """Start and stop the sample registry and providers.

    A ZooKeeper and the subsystems order, trade and notify, real Dubbo providers, on free loopback ports; with
    `up --with zoo` also a provider that has a method for every kind of Java type.
    """


@command.command()
@click.option("--registry-port", type=click.IntRange(0, 65535), default=0, help="Port of ZooKeeper; 0: a free one.")
@click.option("--max-hours", type=click.IntRange(1, 720), default=8, show_default=True, help="They end by themselves.")
@click.option("--with", "extra", type=click.Choice(["zoo"]), multiple=True, help="Start this provider, too.")
@json_option
def up(registry_port: int, max_hours: int, extra: tuple[str, ...], as_json: bool) -> None:
    """Start what is not running and wait until it is registered."""
    from workbench.usecases.samples import SERVICES, Lifetime

    lifetime = Lifetime(max_minutes=max_hours * 60)
    state = _world().up(registry_port=registry_port, services=(*SERVICES, *extra), lifetime=lifetime)
    _show(state, as_json)


@command.command()
@json_option
def down(as_json: bool) -> None:
    """Stop everything and leave nothing behind."""
    stopped = _world().down()
    if as_json:
        print_json({"stopped": stopped})
    else:
        click.echo(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")


@command.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Show what runs; exit code 1 unless everything does."""
    state = _world().status()
    if state is not None:
        _show(state, as_json)
    elif as_json:
        print_json({"registry": None, "processes": []})
    else:
        click.echo("the samples are not up; start them with `workbench samples up`")
    if state is None or not state.alive:
        context.exit(1)


def _world() -> "SampleWorld":
    from workbench.usecases.samples import SampleWorld

    return SampleWorld(settings().data_dir)


def _show(state: "WorldState", as_json: bool) -> None:
    rows = [
        {"name": each.name, "address": each.address, "pid": each.pid, "alive": each.alive, "log": each.process.log}
        for each in state.processes
    ]
    if as_json:
        print_json({"registry": state.registry, "ready": state.ready, "processes": rows})
        return
    words = {True: "up" if state.ready else "starting", False: "gone"}
    print_table(
        ("name", "address", "pid", "state", "log"),
        [(str(r["name"]), str(r["address"]), str(r["pid"]), words[bool(r["alive"])], str(r["log"])) for r in rows],
    )
