"""Raw texts of a registry → one RegistryView: providers of both levels merged, rules applied, metadata read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase

from msgspec.structs import replace

from workbench.discovery.asking import TOLD
from workbench.discovery.instances import application_providers
from workbench.discovery.metadata import read_definition, read_parameters
from workbench.discovery.raw import RawRegistry
from workbench.discovery.rules import govern, understand
from workbench.discovery.urls import DubboUrl, parse_url, provider_of
from workbench.model.contract import Method, TypeDef
from workbench.model.registry import Provider, RegistryView, Rule, Service

_OVERRIDE = "override URL"
# Interfaces that Dubbo registers for itself.
_OWN = ("org.apache.dubbo.metadata.", "org.apache.dubbo.monitor.", "com.alibaba.dubbo.monitor.")


def assemble(raw: RawRegistry, globs: Sequence[str] = ()) -> RegistryView:
    """Understand everything that can be; what cannot becomes a warning. `raw` stays as it is.

    `globs`: interfaces that are wanted; an application's metadata tells of all that it offers.
    """
    raw = replace(raw, rules=list(raw.rules), warnings=list(raw.warnings))
    providers: dict[str, list[Provider]] = defaultdict(list)
    by_application = _completed(raw, application_providers(raw))
    merged = merge_levels([*_interface_providers(raw), *by_application])
    rules = _understood(raw)
    for provider in govern(merged, rules):
        providers[provider.interface].append(provider)
    methods, types, tellers = _definitions(raw)
    # A consumer that asks for an interface leaves a node behind; one that nobody ever offered is no service.
    offered = {name for name, texts in raw.providers.items() if texts}
    names = sorted(offered | providers.keys() | raw.mapping.keys() | methods.keys())
    services = [
        Service(
            interface=name,
            methods=methods.get(name, ()),
            origin=tellers.get(name, ""),
            providers=tuple(
                sorted(providers[name], key=lambda one: (one.group, one.version, one.address, one.protocol))
            ),
        )
        for name in names
        if not name.startswith(_OWN) and wanted(name, globs)
    ]
    warnings = tuple(dict.fromkeys(raw.warnings))
    return RegistryView(address=raw.address, services=tuple(services), types=types, rules=rules, warnings=warnings)


def _understood(raw: RawRegistry) -> tuple[Rule, ...]:
    rules = []
    for rule in sorted(raw.rules, key=lambda rule: (rule.key, rule.kind)):
        try:
            rules.append(understand(rule))
        except ValueError as error:
            raw.warn(rule.name, f"a rule that cannot be read: {error}")
            rules.append(rule)
    return tuple(rules)


def wanted(name: str, globs: Sequence[str]) -> bool:
    """Does an interface match one of the globs (none: all do)? A glob without a dot means the simple name."""
    simple = name.rpartition(".")[2]
    return not globs or any(fnmatchcase(name if "." in glob else simple, glob) for glob in globs)


def merge_levels(providers: Iterable[Provider]) -> list[Provider]:
    """A provider that registers at both levels is one; an incomplete one gives way to the others at its address."""
    merged: dict[tuple[str, ...], Provider] = {}
    incomplete: list[Provider] = []
    for provider in providers:
        if provider.incomplete:
            incomplete.append(provider)
            continue
        known = merged.get(_key(provider))
        if known is None or known.level == provider.level:
            merged[_key(provider)] = provider
        else:
            merged[_key(provider)] = replace(known if known.level == "interface" else provider, level="both")
    for provider in incomplete:
        _merge_incomplete(merged, provider)
    return list(merged.values())


def _key(provider: Provider) -> tuple[str, ...]:
    return (provider.interface, provider.group, provider.version, provider.address, provider.protocol)


def _merge_incomplete(merged: dict[tuple[str, ...], Provider], provider: Provider) -> None:
    place = (provider.interface, provider.address, provider.protocol)
    same = [key for key, one in merged.items() if (one.interface, one.address, one.protocol) == place]
    for key in same:
        if merged[key].level == "interface":
            merged[key] = replace(merged[key], level="both")
    if not same:
        merged[_key(provider)] = provider


def _completed(raw: RawRegistry, providers: Iterable[Provider]) -> Iterable[Provider]:
    """Group, version and the rest of incomplete ones, as the definitions of their application tell them.

    Where there are several (two versions, or an old one that nobody removed), what differs stays unknown.
    """
    told: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for text in raw.definitions.values():
        with suppress(ValueError):  # told where its methods are read
            interface, parameters = read_parameters(text)
            told[interface, parameters.get("application", "")].append(parameters)
    for provider in providers:
        known = told.get((provider.interface, provider.application), ())
        if provider.incomplete and known:
            common = dict(set.intersection(*(set(parameters.items()) for parameters in known)))
            url = DubboUrl(provider.protocol, provider.address, provider.interface, common)
            told_by_all = replace(provider_of(url), level="application", disabled=provider.disabled)
            provider = replace(told_by_all, incomplete=len(known) > 1)
        yield provider


def _interface_providers(raw: RawRegistry) -> Iterable[Provider]:
    for interface, texts in raw.providers.items():
        overrides = list(_overrides(raw, interface))
        for text in texts:
            try:
                url = parse_url(text)
            except ValueError as error:
                raw.warn(f"{interface}/providers", f"{text[:200]!r} cannot be read: {error}")
                continue
            if url.protocol not in ("empty", "consumer"):
                yield _overridden(provider_of(url, interface=interface), overrides)


def _overrides(raw: RawRegistry, interface: str) -> Iterable[DubboUrl]:
    for text in raw.overrides.get(interface, ()):
        try:
            url = parse_url(text, port="0")
        except ValueError:
            raw.warn(f"{interface}/configurators", f"{text[:200]!r} cannot be read")
            continue
        if url.protocol in ("override", "absent"):
            raw.rules.append(Rule(interface, "configurators", text))
            yield url


def _overridden(provider: Provider, overrides: Sequence[DubboUrl]) -> Provider:
    """With what override rules say of weight and disabling, when they speak of this provider."""
    for url in overrides:
        if url.address in (provider.address, f"{provider.address.rpartition(':')[0]}:0", "0.0.0.0:0"):
            parameters = url.parameters
            if parameters.get("enabled") == "false" or not _same_service(provider, parameters):
                continue
            if "disabled" in parameters:
                provider = replace(provider, disabled=parameters["disabled"] == "true", rules=(_OVERRIDE,))
            if parameters.get("weight", "").isdigit():
                provider = replace(provider, weight=int(parameters["weight"]), rules=(_OVERRIDE,))
    return provider


def _same_service(provider: Provider, parameters: dict[str, str]) -> bool:
    return all(
        key not in parameters or parameters[key] in ("*", own)
        for key, own in (("group", provider.group), ("version", provider.version))
    )


def _definitions(raw: RawRegistry) -> tuple[dict[str, tuple[Method, ...]], dict[str, TypeDef], dict[str, str]]:
    """Methods by interface, types by name, and of what is not the registry's who told it."""
    methods: dict[str, tuple[Method, ...]] = {}
    types: dict[str, TypeDef] = {}
    tellers: dict[str, str] = {}
    for where, text in sorted(raw.definitions.items()):
        try:
            name, found, known = read_definition(text)
        except ValueError as error:
            raw.warn(where, f"metadata that cannot be read: {error}")
            continue
        if name in methods and methods[name] != found:
            raw.warn(where, "another provider's metadata of this interface differs; methods of both are shown")
        together = dict.fromkeys((*methods.get(name, ()), *found))
        methods[name] = tuple(sorted(together, key=lambda method: (method.name, method.erased)))
        if where.startswith(TOLD):
            tellers[name] = where.rpartition(" ")[0]
            known = {key: replace(type_, origin=tellers[name]) for key, type_ in known.items() if key not in types}
        types |= known
    return methods, types, tellers
