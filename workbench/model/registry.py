"""What a registry holds: services, their providers, the rules that steer calls."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from workbench.model.contract import Contract, Interface, Method, TypeDef, Warning

Level = Literal["interface", "application", "both"]


class Provider(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One address that offers one interface, under one group and version ("" = none; Dubbo's 0.0.0 is none)."""

    address: str  # host:port, IPv6 as [::1]:20881
    protocol: str = "dubbo"
    interface: str
    group: str = ""
    version: str = ""
    tag: str = ""
    weight: int = 100
    release: str = ""  # of Dubbo
    application: str = ""
    level: Level = "interface"
    methods: tuple[str, ...] = ()  # names only
    serialization: str = ""  # what it prefers: hessian2,fastjson2
    timeout_ms: int | None = None
    disabled: bool = False  # by itself or by a rule
    incomplete: bool = False  # registered by application with local metadata: group and version not known
    unmapped: bool = False  # registered by application, and no mapping leads consumers from the interface to it
    parameters: Mapping[str, str] = field(default_factory=dict)  # all that was registered
    rules: tuple[str, ...] = ()  # those that changed weight, tag or disabled: com.x.A.configurators

    @property
    def url(self) -> str:
        return f"{self.protocol}://{self.address}"


class Service(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`methods` have types when the registry holds metadata of the interface; names alone stand in the providers."""

    interface: str
    methods: tuple[Method, ...] = ()
    origin: str = ""  # who told of the methods where it is not the registry: metadata service of dubbo://HOST:PORT
    providers: tuple[Provider, ...] = ()

    @property
    def offered_as(self) -> tuple[str, str]:
        """Group and version where all providers have the same; else both empty."""
        offered = {(provider.group, provider.version) for provider in self.providers}
        return offered.pop() if len(offered) == 1 else ("", "")

    @property
    def method_names(self) -> tuple[str, ...]:
        names = {method.name for method in self.methods}
        return tuple(sorted(names.union(*(provider.methods for provider in self.providers)) - {"*"}))


class Rule(Struct, frozen=True, omit_defaults=True):
    """A governance rule of the registry; `text` as stored (YAML or an override URL)."""

    key: str  # com.example.Facade[:VERSION:GROUP] or an application
    kind: str  # configurators, tag-router, condition-router …
    text: str = ""
    enabled: bool = True
    force: bool = False  # a route that leaves nobody fails the call; else it is passed over
    says: tuple[str, ...] = ()  # its content, a line each; none for an override URL

    @property
    def name(self) -> str:
        return f"{self.key}.{self.kind}"


class RegistryView(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One reading of a registry; services by name."""

    address: str
    services: tuple[Service, ...] = ()
    types: Mapping[str, TypeDef] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    warnings: tuple[Warning, ...] = ()

    def service(self, interface: str) -> Service | None:
        return next((service for service in self.services if service.interface == interface), None)

    def contract(self) -> Contract:
        """What the metadata tells about methods and types; interfaces without metadata are left out."""
        known = [service for service in self.services if service.methods]
        interfaces = tuple(
            Interface(
                service.interface, service.methods, "registry", service.origin or self.address, *service.offered_as
            )
            for service in known
        )
        types = {name: replace(type_, origin=type_.origin or self.address) for name, type_ in self.types.items()}
        return Contract(interfaces, types)
