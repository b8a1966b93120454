"""`workbench groups`: who is what in which group, and what belongs to it."""

import click

from workbench.cli.output import by, json_option, print_json, print_table, storage, user_name


@click.group(name="groups")
def command() -> None:
    """List and make groups, and say who is what in them.

    A subsystem belongs to a group; its members may view, run, edit or administer it, as their role says.
    """


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Groups with their members and subsystems."""
    with storage() as opened:
        found = opened.people.groups()
    if as_json:
        print_json(found)
        return
    rows = [
        (each.name, ", ".join(f"{user}: {role}" for user, role in each.members.items()), ", ".join(each.subsystems))
        for each in found
    ]
    print_table(("group", "members", "subsystems"), rows)


@command.command()
@click.argument("name")
def add(name: str) -> None:
    """Make a group."""
    with storage() as opened:
        opened.people.add_group(name, by(user_name()))
    click.echo(f"group {name}")


@command.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove a group that no subsystem belongs to."""
    with storage() as opened:
        opened.people.remove_group(name, by(user_name()))
    click.echo(f"{name} is removed")


@command.command()
@click.argument("group")
@click.argument("user")
@click.argument("role", type=click.Choice(["view", "run", "edit", "administer", "none"]))
def role(group: str, user: str, role: str) -> None:
    """Make USER what they are in GROUP; each role holds those before it, `none` takes them out."""
    from workbench.model.rights import RIGHTS

    wanted = next((each for each in RIGHTS if each == role), None)
    with storage() as opened:
        opened.people.set_role(group, user, wanted, by(user_name()))
    click.echo(f"{user}: {role} in {group}")


@command.command()
@click.argument("subsystem")
@click.argument("group", default="")
def give(subsystem: str, group: str) -> None:
    """Let SUBSYSTEM belong to GROUP, or without one to none."""
    with storage() as opened:
        opened.people.give(subsystem, group, by(user_name()))
    click.echo(f"{subsystem} belongs to {group or 'no group'}")
