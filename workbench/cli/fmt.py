"""`workbench fmt`."""

from pathlib import Path

import click


@click.command("fmt")
@click.argument("suite", type=click.Path(path_type=Path), default=".")
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; tell all that is wrong, and exit 1 when a file is not in canonical form.",
)
def command(suite: Path, check: bool) -> int:
    """Bring the YAML files of SUITE (a folder) into canonical form.

    Adds missing ids, writes requests, scripts, statements and assertions as blocks, and keeps comments with the
    scenario, case or step that they belong to.
    """
    from workbench.cli.output import script_check
    from workbench.files import format_suite

    with script_check() as scripts:
        changed = format_suite(suite, check=check, scripts=scripts)
    for path in changed:
        click.echo(f"{'not in canonical form' if check else 'formatted'}: {path}")
    if not changed:
        click.echo("every file is in canonical form")
    return int(check and bool(changed))
