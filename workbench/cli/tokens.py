"""`workbench tokens`: what programs come in with."""

import click

from workbench.cli.output import by, json_option, local_time, print_json, print_table, storage, user_name


@click.group(name="tokens")
def command() -> None:
    """List, make and revoke API tokens, which `workbench run --server` and other programs send."""


@command.command("list")
@click.option("--user", metavar="NAME", default="", help="Only of this user.")
@json_option
def list_(user: str, as_json: bool) -> None:
    """Tokens that hold, oldest first; their secrets are not kept."""
    with storage() as opened:
        found = opened.access.tokens(user)
    if as_json:
        print_json(found)
        return
    rows = [
        (each.id, each.user, each.name, each.scope, local_time(each.expires_us),
         local_time(each.used_us) if each.used_us else "never")
        for each in found
    ]  # fmt: skip
    print_table(("id", "user", "name", "scope", "until", "used"), rows)


@command.command()
@click.argument("user")
@click.argument("name")
@click.option("--scope", type=click.Choice(["view", "run", "edit", "administer"]), default="run",
              help="What it may at most, whatever USER may; default: run.")  # fmt: skip
@click.option("--days", type=click.IntRange(1, 366), default=90, help="How long it holds; default: 90.")
def add(user: str, name: str, scope: str, days: int) -> None:
    """Make a token of USER and print its secret, this once."""
    from workbench.model.rights import RIGHTS

    (wanted,) = (each for each in RIGHTS if each == scope)
    with storage() as opened:
        secret, _ = opened.access.make_token(user, name, wanted, days * 86400, by(user_name()))
    click.echo(secret)


@command.command()
@click.argument("token", metavar="ID")
def revoke(token: str) -> None:
    """End a token."""
    with storage() as opened:
        opened.access.revoke(token, by(user_name()))
    click.echo(f"{token} is revoked")
