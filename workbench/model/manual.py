"""Interfaces that a person writes by hand, where no jar and no registry knows them: interfaces/manual.yaml."""

from collections.abc import Mapping

from msgspec import Struct, field


class ManualInterface(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """`methods`: each as in Java, `Result<Order> pay(com.x.Req request, long id) throws com.x.Refused`."""

    description: str = ""
    group: str = ""
    version: str = ""
    methods: tuple[str, ...] = ()


class ManualType(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A class with fields (name → type), or an enum with constants."""

    description: str = ""
    extends: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    constants: tuple[str, ...] = ()


class ManualFile(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Interfaces and types by full name, nested ones with `$`."""

    interfaces: Mapping[str, ManualInterface] = field(default_factory=dict)
    types: Mapping[str, ManualType] = field(default_factory=dict)
