"""`workbench doctor`: is everything there, and how is it mended?"""

import asyncio

import click

from workbench.cli.output import json_option, print_json, registry_option, settings
from workbench.usecases.check_health import Check, Health, check_health

MISSING = 3


@click.command(name="doctor")
@registry_option
@json_option
def command(registry: str | None, as_json: bool) -> int:
    """Check that everything needed is there, and say how to mend it.

    Python, Java, the bridge, the data directory, the registry; the time from a cold start of the bridge to the first
    answer of a provider is measured. Without --registry it is the sample world's, when that is up. Exit code 3 when
    something needed is missing.
    """
    health = asyncio.run(_check(registry or ""))
    if as_json:
        print_json({"ok": health.ok, "checks": health.checks})
    else:
        for check in health.checks:
            click.echo(_line(check))
    return 0 if health.ok else MISSING


async def _check(registry: str) -> Health:
    from workbench.app import Application

    given = settings()
    async with Application(given, brief=True) as app:
        return await check_health(given, app.bridge("calls"), registry)


def _line(check: Check) -> str:
    mark = click.style("ok  ", fg="green") if check.ok else click.style("FAIL" if check.needed else "warn", fg="red")
    mend = f"\n       → {check.mend}" if check.mend else ""
    return f"{mark} {check.name}: {check.found}{mend}"
