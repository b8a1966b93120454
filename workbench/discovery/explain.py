"""Why is there no provider? An answer out of what the registry holds."""

from collections.abc import Sequence

from workbench.discovery.rules import concerns
from workbench.model.near import did_you_mean
from workbench.model.registry import Provider, RegistryView, Service
from workbench.model.result import Cause, Failure


def explain(view: RegistryView, interface: str, *, group: str = "", version: str = "", tag: str = "") -> Failure | None:
    """The reason why a call cannot reach a provider, or None when one fits.

    `group` and `version` as a consumer gives them: "" = none, `*` = any; groups may be several, `a,b`.
    """
    service = view.service(interface)
    if service is None:
        hint = did_you_mean(interface, (one.interface for one in view.services)) or "has its provider been started?"
        return Failure(Cause.NO_PROVIDER, f"{view.address} knows no interface {interface}", hint)
    if not service.providers:
        hint = "it was registered here before: start a provider, or look at its log for why it left"
        return Failure(Cause.NO_PROVIDER, f"no provider of {interface} is registered at {view.address}", hint)
    groups = (group, *map(str.strip, group.split(",")))
    same = [
        one
        for one in service.providers
        if _fits(version, one.version, one) and any(_fits(each, one.group, one) for each in groups)
    ]
    if not same:
        return _mismatch(view, service, group, version)
    return _unusable(view, interface, same, tag)


def _fits(asked: str, own: str, provider: Provider) -> bool:
    return provider.incomplete or asked in ("*", own) or (asked == "0.0.0" and not own)


def _mismatch(view: RegistryView, service: Service, group: str, version: str) -> Failure:
    there = ", or ".join(dict.fromkeys(_name(one.group, one.version) for one in service.providers))
    message = f"{service.interface} is offered with {there} at {view.address}; asked for: {_name(group, version)}"
    best = next((one for one in service.providers if one.group == group), service.providers[0])
    wrong = [f"--{key} {value}" if value else f"no --{key}" for key, value in _differences(best, group, version)]
    return Failure(Cause.VERSION_MISMATCH, message, f"call it with {' and '.join(wrong)}")


def _differences(provider: Provider, group: str, version: str) -> list[tuple[str, str]]:
    pairs = [("group", group, provider.group), ("version", version, provider.version)]
    return [(key, own) for key, asked, own in pairs if asked not in ("*", own)]


def _unusable(view: RegistryView, interface: str, providers: Sequence[Provider], tag: str) -> Failure | None:
    alive = [one for one in providers if not one.disabled]
    if not alive:
        addresses = ", ".join(one.address for one in providers)
        hint = f"enable one in the governance rules{_rules(view, providers)}"
        return Failure(Cause.NO_PROVIDER, f"all providers of {interface} are disabled: {addresses}", hint)
    if all(one.unmapped and one.level == "application" for one in alive):
        return _unmapped(view, interface, alive)
    # A call without a tag goes to providers without one; a call with a tag falls back to those (Dubbo's tag router).
    if any(one.tag in (tag, "") for one in alive):
        return None
    tags = ", ".join(sorted({one.tag for one in alive}))
    asked = f"tag {tag}" if tag else "no tag"
    message = f"all providers of {interface} have another tag ({tags}), the call has {asked}"
    return Failure(Cause.NO_PROVIDER, message, f"call it with --tag{_rules(view, providers)}")


def _unmapped(view: RegistryView, interface: str, providers: Sequence[Provider]) -> Failure:
    names = ", ".join(sorted({one.application for one in providers}))
    message = f"{names} offers {interface}, but no mapping at {view.address} leads a consumer from one to the other"
    hint = f"call it with --url {providers[0].url}, or let the provider have a metadata centre, which keeps the mapping"
    return Failure(Cause.NO_PROVIDER, message, hint)


def _rules(view: RegistryView, providers: Sequence[Provider]) -> str:
    """The rules that speak of one of them; those that are switched off say nothing."""
    named = [rule.name for rule in view.rules if rule.enabled and any(concerns(rule, one) for one in providers)]
    found = dict.fromkeys((*(name for one in providers for name in one.rules), *named))
    return f" (rules: {', '.join(found)})" if found else ""


def _name(group: str, version: str) -> str:
    """`group blue and version 1.0`, `version 1.0`, `neither group nor version`."""
    named = [f"group {group}" if group else "", f"version {version}" if version else ""]
    return " and ".join(filter(None, named)) or "neither group nor version"
