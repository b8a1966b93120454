"""`workbench users`: who may come in at the server, changed in the database itself."""

import click

from workbench.cli.output import by, json_option, local_time, print_json, print_table, settings, storage, user_name
from workbench.model.words import plural


@click.group(name="users")
def command() -> None:
    """List and make users, and let them in or not.

    Whoever can write the database may do so; the server need not run.
    """


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Users by name, with their roles."""
    with storage() as opened:
        found = opened.people.users()
    if as_json:
        print_json(found)
        return
    rows = []
    for each in found:
        state = "disabled" if each.disabled else "" if each.ready else "no password yet"
        roles = ", ".join(f"{role} in {group}" for group, role in each.roles.items())
        kind = "administrator" if each.administrator else ""
        rows.append((each.name, kind, roles, state, local_time(each.created_us)))
    print_table(("user", "", "roles", "state", "made"), rows)


@command.command()
@click.argument("name")
@click.option("--administrator", is_flag=True, help="Of everything.")
@click.option("--password", is_flag=True, help="Ask for the password here, instead of making a link.")
def add(name: str, administrator: bool, password: bool) -> None:
    """Make a user, and print the one-time link with which they set a password."""
    from workbench.usecases import enter
    from workbench.usecases.passwords import hash_password

    hashed = hash_password(_asked(), name) if password else ""
    with storage() as opened:
        made = opened.people.add(name, by(user_name()), administrator=administrator, password=hashed)
        code = "" if password else opened.access.invite(name, enter.LINK_S, by(user_name()))
    _tell(f"{'administrator' if made.administrator else 'user'} {name}", code)


@command.command()
@click.argument("name")
def link(name: str) -> None:
    """Print a new one-time link, for who has lost the password; earlier ones are void."""
    from workbench.usecases import enter

    with storage() as opened:
        code = opened.access.invite(name, enter.LINK_S, by(user_name()))
    _tell(name, code)


@command.command()
@click.argument("name")
@click.option("--administrator/--no-administrator", default=None, help="Of everything, or not.")
@click.option("--enable/--disable", "enabled", default=None, help="Let them in, or not: their sessions and tokens end.")
def change(name: str, administrator: bool | None, enabled: bool | None) -> None:
    """Make a user an administrator or not, let them in or not."""
    disabled = None if enabled is None else not enabled
    with storage() as opened:
        opened.people.change(name, by(user_name()), administrator=administrator, disabled=disabled)
    click.echo(f"{name} is changed")


def _asked() -> str:
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _tell(name: str, code: str) -> None:
    click.echo(name)
    if code:
        from workbench.usecases.enter import LINK_S

        serve = settings().serve
        address = serve.url.rstrip("/") or f"http://{serve.host}:{serve.port}"
        click.echo(f"a password is set at, within {plural(LINK_S // 86400, 'day')}: {address}/setup?code={code}")
