"""Governance rules of a registry: what they say, and what they do to the providers they speak of.

Dubbo keeps them as YAML below `/dubbo/config/dubbo/<key>.<kind>`, 2.x also as override URLs. The key is an interface
(`com.x.A`, `com.x.A:1.0.0:blue`, with empty parts where there is none) or an application. Configurators and tags are
applied to the providers here; whether a condition holds depends on the call, so it is shown as it stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

import yaml
from msgspec.structs import replace

from workbench.model.registry import Provider, Rule

_ANY = ("0.0.0.0", "0.0.0.0:0", "*", "")


def understand(rule: Rule) -> Rule:
    """With what its text says, a line each. Raises ValueError when that is no rule."""
    if rule.text.startswith(("override://", "absent://")):
        return rule  # its effect stands at the providers
    document = _document(rule.text)
    return replace(
        rule,
        enabled=document.get("enabled") is not False,
        force=document.get("force") is True,
        says=tuple(_says(rule.kind, document)),
    )


def govern(providers: Iterable[Provider], rules: Sequence[Rule]) -> Iterable[Provider]:
    """Providers as configurators and dynamic tags leave them; each names the rules that changed it."""
    by_name: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.enabled and rule.says:
            by_name[rule.key.partition(":")[0]].append(rule)
    for provider in providers:
        for rule in (*by_name.get(provider.application, ()), *by_name.get(provider.interface, ())):
            if concerns(rule, provider):
                provider = _changed(provider, rule)
        yield provider


def concerns(rule: Rule, provider: Provider) -> bool:
    """Is the rule about this provider's interface, or its application?"""
    if rule.key == provider.application:
        return True
    interface, _, rest = rule.key.partition(":")
    version, _, group = rest.partition(":")
    if interface != provider.interface or ":" not in rule.key:
        return interface == provider.interface
    return version in ("*", provider.version) and group in ("*", provider.group)


def _changed(provider: Provider, rule: Rule) -> Provider:
    if rule.kind == "configurators":
        for config in _dicts(_document(rule.text).get("configs")):
            provider = _configured(provider, rule, config)
    if rule.kind == "tag-router":
        for tag in _dicts(_document(rule.text).get("tags")):
            if any(matches(address, provider.address) for address in _texts(tag.get("addresses"))):
                provider = _noted(replace(provider, tag=str(tag.get("name", ""))), rule)
    return provider


def _configured(provider: Provider, rule: Rule, config: Mapping[str, Any]) -> Provider:
    parameters = config.get("parameters")
    if (
        not isinstance(parameters, dict)
        or config.get("enabled") is False
        or config.get("side", "provider") != "provider"
    ):
        return provider
    addresses = _texts(config.get("addresses")) or ["*"]
    services = [_simple(one) for one in _texts(config.get("services"))] or ["*"]
    meant = any(one in (provider.interface, "*") for one in services)
    if "match" in config or not meant or not any(matches(one, provider.address) for one in addresses):
        return provider  # `match` has conditions of its own: shown, not guessed
    return _noted(_with(provider, {str(key): _text(value) for key, value in parameters.items()}), rule)


def _with(provider: Provider, parameters: Mapping[str, str]) -> Provider:
    disabled = {"true": True, "false": False}.get(parameters.get("disabled", ""), provider.disabled)
    if "enabled" in parameters and "disabled" not in parameters:
        disabled = parameters["enabled"] == "false"
    weight = parameters.get("weight", "")
    tag = parameters.get("dubbo.tag", provider.tag)
    return replace(provider, disabled=disabled, weight=int(weight) if weight.isdigit() else provider.weight, tag=tag)


def _noted(provider: Provider, rule: Rule) -> Provider:
    return replace(provider, rules=tuple(dict.fromkeys((*provider.rules, rule.name))))


def matches(pattern: str, address: str) -> bool:
    """Dubbo's address patterns: a host or host:port, `*` for any part, 0.0.0.0 for all."""
    if pattern in _ANY:
        return True
    host, _, port = address.rpartition(":")
    bare = host.strip("[]")
    own_host, own_port = _split(pattern)
    return fnmatchcase(bare, own_host) and own_port in ("", "*", "0", port)


def _split(pattern: str) -> tuple[str, str]:
    if pattern.startswith("["):
        host, _, port = pattern[1:].partition("]")
        return host, port.lstrip(":")
    if pattern.count(":") > 1:  # IPv6 without a port
        return pattern, ""
    host, _, port = pattern.partition(":")
    return host, port


def _says(kind: str, document: Mapping[str, Any]) -> Iterable[str]:
    if kind == "configurators":
        for config in _dicts(document.get("configs")):
            yield _config_line(config)
    elif kind == "tag-router":
        for tag in _dicts(document.get("tags")):
            where = ", ".join(_texts(tag.get("addresses"))) or f"where {_text(tag.get('match'))}"
            yield f"tag {tag.get('name', '')}: {where}"
    elif kind == "condition-router":
        conditions = document.get("conditions")
        yield from (_text(one) for one in conditions if one) if isinstance(conditions, list) else ()
    elif kind == "script-router":
        yield f"a script in {document.get('type', 'javascript')}"
    elif kind == "migration":
        keys = ("step", "force", "threshold", "proportion", "delay")
        yield from (f"{key}: {_text(document[key])}" for key in keys if document.get(key))
        for one in (*_dicts(document.get("interfaces")), *_dicts(document.get("applications"))):
            more = ", ".join(f"{key}={_text(value)}" for key, value in one.items() if key not in ("serviceKey", "step"))
            yield f"{one.get('serviceKey', '')}: {one.get('step', 'no step')}{f' ({more})' if more else ''}"


def _config_line(config: Mapping[str, Any]) -> str:
    side = str(config.get("side", "provider"))
    places = ", ".join(_texts(config.get("addresses"))) or (
        f"where {_text(config['match'])}" if "match" in config else ""
    )
    parameters = config.get("parameters")
    values = (
        ", ".join(f"{key}={_text(value)}" for key, value in parameters.items()) if isinstance(parameters, dict) else ""
    )
    off = "" if config.get("enabled") is not False else " (disabled)"
    return f"{side}{f' {places}' if places else ''}: {values or 'nothing'}{off}"


@lru_cache(maxsize=256)
def _document(text: str) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"no YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(document, dict):
        raise ValueError("no rule: a mapping was expected")
    return document


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _simple(service: str) -> str:
    """`group/com.x.A:1.0.0` → `com.x.A`."""
    return service.rpartition("/")[2].partition(":")[0]
