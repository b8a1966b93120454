"""`workbench services`: interfaces, methods and providers of a registry."""

import click

from workbench.cli.output import align, asking, json_option, print_record, registry_option, settings
from workbench.errors import UsageError
from workbench.model.registry import Provider, RegistryView, Rule, Service
from workbench.model.words import plural
from workbench.usecases.list_services import list_services

_COLUMNS = ("address", "protocol", "group", "version", "tag", "weight", "release", "application", "level", "")


@click.command(name="services")
@registry_option
@click.option("--interface", "interfaces", metavar="GLOB", multiple=True, help="Only these: com.example.*, *Facade.")
@json_option
def command(registry: str | None, interfaces: tuple[str, ...], as_json: bool) -> None:
    """List what a registry holds: interfaces, methods, providers.

    Both levels of registration are read, by interface and by application; applications that keep their metadata to
    themselves are asked for it (`-o ask_providers=false`: they are not). Credentials for ZooKeeper (user:password) come
    from the environment variable WORKBENCH_ZK_AUTH.
    """
    if not registry:
        raise UsageError("no registry", where="--registry", hint="give zookeeper://HOST:PORT, or samples://")
    with asking() as ask:
        view = list_services(settings(), registry, interfaces=interfaces, ask=ask)
    if as_json:
        print_record(view, "services")
    else:
        click.echo("\n".join(_lines(view)))


def _lines(view: RegistryView) -> list[str]:
    providers = sum(len(service.providers) for service in view.services)
    lines = [line for service in view.services for line in _service(service)]
    lines += [line for rule in view.rules for line in _rule(rule)]
    lines += [f"{click.style('warning', fg='yellow')}: {one.where}: {one.message}" for one in view.warnings]
    return [*lines, f"{plural(len(view.services), 'interface')}, {plural(providers, 'provider')} at {view.address}"]


def _rule(rule: Rule) -> list[str]:
    marks = [word for word, holds in (("off", not rule.enabled), ("force", rule.force)) if holds]
    head = f"rule {rule.name}" + (f" ({', '.join(marks)})" if marks else "")
    return [head, *(f"  {line}" for line in rule.says or (rule.text,))]


def _service(service: Service) -> list[str]:
    methods = [f"  {method.signature} → {method.returns}" for method in service.methods]
    typed = {method.name for method in service.methods}
    methods += [f"  {name}(…)" for name in service.method_names if name not in typed]
    methods += [click.style(f"  told by the {service.origin}", dim=True)] if service.origin else []
    rows = align([_COLUMNS, *map(_row, service.providers)]) if service.providers else ["no provider"]
    return [click.style(service.interface, bold=True), *methods, *(f"    {row}" for row in rows), ""]


def _row(one: Provider) -> tuple[str, ...]:
    unknown = "?" if one.incomplete else "-"
    by = f"by {', '.join(one.rules)}" if one.rules else ""
    state = f"disabled {by}".strip() if one.disabled else by
    names = (one.group or unknown, one.version or unknown, one.tag or "-", str(one.weight), one.release or "-")
    return (one.address, one.protocol, *names, one.application or "-", one.level, state)
