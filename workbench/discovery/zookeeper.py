"""Reads a Dubbo registry in ZooKeeper, at interface and at application level.

Interface level: `/dubbo/<interface>/{providers,configurators}/<encoded URL>`, rules `/dubbo/config/<group>/<key>`.
Application level: `/services/<application>/<host:port>`, `/dubbo/mapping/<interface>` = its applications.
A root of its own takes the place of both `/dubbo` and `/services`.
Metadata: `/dubbo/metadata/<interface>/[version/][group/]provider/<application>` and `/dubbo/metadata/<app>/<revision>`.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import quote, unquote

from workbench.discovery.asking import Ask, ask_providers
from workbench.discovery.assemble import assemble, wanted
from workbench.discovery.instances import read_instance
from workbench.discovery.raw import RawRegistry
from workbench.discovery.session import AUTH_HINT, Session, session
from workbench.discovery.urls import parse_url, provider_of
from workbench.errors import RegistryError
from workbench.model.addresses import DEFAULT_ROOT, ZookeeperAddress, parse_zookeeper
from workbench.model.near import near_names
from workbench.model.registry import RegistryView, Rule

SERVICES = "/services"
_NOT_INTERFACES = {"config", "mapping", "metadata", "service-discovery"}
_RULES, _MIGRATION = "dubbo", "DUBBO_SERVICEDISCOVERY_MIGRATION"  # groups of the configuration centre
_RULE_KINDS = ("configurators", "tag-router", "condition-router", "script-router", "migration")
_METADATA_DEPTH = 4  # [version/][group/]provider/<application>


def read_services(
    address: str,
    *,
    timeout_s: float = 5.0,
    credentials: str = "",
    interfaces: Sequence[str] = (),
    ask: Ask | None = None,
) -> RegistryView:
    """One reading of the registry. `interfaces`: globs that narrow it. Raises UsageError, RegistryError."""
    place = parse_zookeeper(address)
    with session(place, timeout_s=timeout_s, credentials=credentials) as reading:
        raw = _Reader(reading, place, interfaces).read()
    if ask is not None:
        ask_providers(raw, ask, lambda name: wanted(name, interfaces))
    return assemble(raw, interfaces)


class _Reader:
    def __init__(self, reading: Session, place: ZookeeperAddress, globs: Sequence[str]) -> None:
        self.reading = reading
        self.root = place.root
        self.globs = globs
        self.raw = RawRegistry(str(place))

    def read(self) -> RawRegistry:
        top = self.reading.children([self.root, SERVICES])
        if top[self.root] is None and (top[SERVICES] is None or self.root != DEFAULT_ROOT):
            raise self._no_root()
        names = [name for name in top[self.root] or () if name not in _NOT_INTERFACES]
        others = self._interface_level(names)
        self._mapping()
        applications = [f"{SERVICES}/{name}" for name in top[SERVICES] or () if self.root == DEFAULT_ROOT]
        self._application_level([*applications, *(f"{self.root}/{name}" for name in others)])
        self._definitions()
        self._rules()
        for path in sorted(self.reading.refused):
            self.raw.warn(path, f"not allowed to read it: {AUTH_HINT}")
        return self.raw

    def _no_root(self) -> RegistryError:
        if self.root in self.reading.refused:
            return RegistryError("not allowed to read the registry", where=self.raw.address, hint=AUTH_HINT)
        roots = [f"/{name}" for name in self.reading.children(["/"])["/"] or () if name != "zookeeper"]
        near = near_names(self.root, roots) or sorted(roots)[:8]
        hint = f"there is {', '.join(near)}" if near else "it is empty: has any provider registered here?"
        return RegistryError(f"the registry has no root {self.root}", where=self.raw.address, hint=hint)

    def _interface_level(self, names: Sequence[str]) -> list[str]:
        """Reads the interfaces among the names and gives the others: they may be applications."""
        interfaces = {name: unquote(name) for name in names if wanted(unquote(name), self.globs)}
        others = set(names) - interfaces.keys()
        for kind, into in (("providers", self.raw.providers), ("configurators", self.raw.overrides)):
            paths = {f"{self.root}/{name}/{kind}": interface for name, interface in interfaces.items()}
            for path, urls in self.reading.children(paths).items():
                if urls or (urls is not None and kind == "providers"):
                    into[paths[path]] = [unquote(url) for url in urls]
                elif urls is None and kind == "providers":
                    others.add(path.split("/")[-2])
        return sorted(others)

    def _mapping(self) -> None:
        """Written below the metadata centre's root, which is /dubbo unless it was told otherwise."""
        for root in self._roots():
            base = f"{root}/mapping"
            names = [name for name in self.reading.children([base])[base] or () if wanted(unquote(name), self.globs)]
            for path, text in self.reading.texts(f"{base}/{name}" for name in names).items():
                applications = [name.strip() for name in (text or "").split(",") if name.strip()]
                self.raw.mapping.setdefault(unquote(path.rpartition("/")[2]), []).extend(applications)
            self._old_mapping(f"{root}/config/mapping")

    def _old_mapping(self, base: str) -> None:
        """2.7 keeps it in the configuration centre: a node for each interface, below it one for each application."""
        names = [name for name in self.reading.children([base])[base] or () if wanted(unquote(name), self.globs)]
        for path, applications in self.reading.children(f"{base}/{name}" for name in names).items():
            self.raw.old_mapping.setdefault(unquote(path.rpartition("/")[2]), []).extend(
                map(unquote, applications or ())
            )

    def _roots(self) -> list[str]:
        return list(dict.fromkeys((self.root, DEFAULT_ROOT)))

    def _application_level(self, nodes: Sequence[str]) -> None:
        """Without globs all applications; with them those of a wanted interface, all where nothing tells who."""
        mappings = (*self.raw.mapping.values(), *self.raw.old_mapping.values())
        named = {name for names in mappings for name in names}
        every = not self.globs or not (named or any(self.raw.providers.values()))
        asked = [node for node in nodes if every or _application(node) in named]
        found = self.reading.children(asked)
        paths = [f"{node}/{child}" for node, children in found.items() for child in children or () if ":" in child]
        for path, text in self.reading.texts(paths).items():
            if text is not None:  # else gone between the two reads
                self.raw.instances.setdefault(_application(path.rpartition("/")[0]), []).append(text)
        self._revisions()

    def _revisions(self) -> None:
        keys = set()
        for application, texts in self.raw.instances.items():
            for text in texts:
                try:
                    instance = read_instance(application, text)
                except ValueError:
                    continue  # told when the view is assembled
                if instance.revision not in ("", "0"):
                    keys.add((application, instance.revision))
        for root in self._roots():
            paths = {f"{root}/metadata/{quote(app)}/{revision}": (app, revision) for app, revision in keys}
            for path, found in self.reading.texts(paths).items():
                if found:
                    self.raw.revisions[paths[path]] = found

    def _definitions(self) -> None:
        """First where the providers that are there must have put them, by name; the others are searched for."""
        named = {path: name for name in self.raw.providers for path in self._definition_paths(name)}
        found = {path: text for path, text in self.reading.texts(named).items() if text}
        known = {named[path] for path in found}
        self.raw.definitions.update(found)
        self._search_definitions(
            sorted((self.raw.providers.keys() | self.raw.mapping.keys() | self.raw.old_mapping.keys()) - known)
        )

    def _definition_paths(self, interface: str) -> Iterator[str]:
        for text in self.raw.providers[interface]:
            with suppress(ValueError):  # told when the view is assembled
                one = provider_of(parse_url(text), interface=interface)
                parts = [quote(interface), one.version, one.group, "provider", one.application]
                for root in self._roots():
                    yield "/".join((root, "metadata", *(part for part in parts if part)))

    def _search_definitions(self, interfaces: Sequence[str]) -> None:
        nodes = [f"{root}/metadata/{quote(name)}" for root in self._roots() for name in interfaces]
        leaves: list[str] = []
        for _ in range(_METADATA_DEPTH):
            below = self.reading.children(nodes)
            nodes = [f"{path}/{child}" for path, children in below.items() for child in children or ()]
            leaves += [node for node in nodes if node.split("/")[-2] == "provider"]
            nodes = [node for node in nodes if node.split("/")[-2] != "provider" and not node.endswith("/consumer")]
        texts = self.reading.texts(leaves)
        self.raw.definitions.update({path: text for path, text in texts.items() if text})

    def _rules(self) -> None:
        for group in (_RULES, _MIGRATION):
            base = f"{self.root}/config/{group}"
            keys = self.reading.children([base])[base] or []
            for path, text in self.reading.texts(f"{base}/{key}" for key in keys).items():
                key, _, kind = unquote(path.rpartition("/")[2]).rpartition(".")
                if text and kind in _RULE_KINDS:
                    self.raw.rules.append(Rule(key, kind, text))


def _application(node: str) -> str:
    return unquote(node.rpartition("/")[2])
