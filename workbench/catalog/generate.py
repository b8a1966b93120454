"""Atomic cases from a contract: for each method one case of one step, with a request and first assertions.

The assertions are what the declared answer promises, so that they hold for a right answer and can fail.
"""

import itertools
import re
from collections.abc import Container, Mapping, Sequence
from typing import Final

from msgspec import Struct

from workbench.catalog.template import answer_type, build_template
from workbench.expr.binding import COLLECTIONS, MAPS, Binder
from workbench.model.contract import Contract, Interface, Method, TypeDef
from workbench.model.javatype import JavaType
from workbench.model.json import dumps, pretty
from workbench.model.suite import Case, DubboStep, Scenario

# Fields that tell how a call went, as results are written in practice; they are asserted before all others.
_TELLING: Final = ("success", "code", "status", "data", "result", "total")
_MAX_ASSERTED: Final = 3
_WHOLE: Final = dict.fromkeys(("byte", "short", "int", "long"), "integer")
_KINDS: Final = {**_WHOLE, "float": "number", "double": "number", "boolean": "boolean", "char": "text"}
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Generated(Struct, frozen=True):
    """Scenarios by file slug; ids are still to be given."""

    scenarios: Mapping[str, Scenario]
    cases: int


def generate_cases(contract: Contract, interfaces: Sequence[Interface] | None = None) -> Generated:
    """A scenario for each interface (all of the contract when None), a case for each method."""
    chosen = contract.interfaces if interfaces is None else interfaces
    scenarios: dict[str, Scenario] = {}
    for interface in chosen:
        if interface.methods:
            apart = (interface.group, interface.version)
            scenarios[free_slug(interface.name, apart, scenarios)] = _scenario(contract, interface)
    return Generated(scenarios, sum(len(scenario.cases) for scenario in scenarios.values()))


def slug(name: str) -> str:
    """`BizOrderAiFacade` → `biz-order-ai-facade`."""
    return re.sub(r"[^\w]+", "-", _HUMP.sub("-", name)).strip("-").lower()


def free_slug(name: str, apart: Sequence[str], taken: Container[str]) -> str:
    """By the simple name of an interface, with a package more until it is free, then with group and version, then
    with a number."""
    parts = name.split(".")
    found = [slug("-".join(parts[-count:])) for count in range(1, len(parts) + 1)]
    found.append(slug("-".join([*parts, *filter(None, apart)])))
    numbered = (f"{found[0]}-{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain(found, numbered) if one not in taken)


def _scenario(contract: Contract, interface: Interface) -> Scenario:
    names = [method.name for method in interface.methods]
    cases = []
    for method in interface.methods:
        name = method.name if names.count(method.name) == 1 else _short(method)
        cases.append(Case(case=name, steps=(atomic_step(contract, interface, method),)))
    return Scenario(scenario=interface.name.rpartition(".")[2], description=interface.name, cases=tuple(cases))


def _short(method: Method) -> str:
    return f"{method.name}({', '.join(type_.rpartition('.')[2] for type_ in method.erased)})"


def atomic_step(contract: Contract, interface: Interface, method: Method) -> DubboStep:
    """A call of the method, with a request that can be sent as it is and first assertions."""
    template = build_template(contract, interface.name, method)
    return DubboStep(
        step=method.name,
        description="\n".join(template.notes),
        dubbo=f"{interface.name}#{method.signature}",
        group=_known(interface.group),
        version=_known(interface.version),
        request=pretty(template.request),
        assert_="\n".join(first_assertions(contract.types, method)),
    )


def _known(text: str) -> str:
    """A group or version; a placeholder that the artifact does not resolve tells nothing."""
    return "" if "${" in text else text


def first_assertions(types: Mapping[str, TypeDef], method: Method) -> list[str]:
    """Lines that a right answer of the declared type fulfils: the type of what cannot be null, else its presence."""
    type_ = answer_type(method.returns)
    if type_ is None:
        return ["response is_null"]
    fields = _answer_fields(types, type_)
    if not fields:
        return [_assertion("response", type_, types)]
    telling = [name for name in _TELLING if name in fields]
    rest = [name for name in fields if name not in telling]
    return [_assertion(f"response.{name}", fields[name], types) for name in (*telling, *rest)[:_MAX_ASSERTED]]


def _answer_fields(types: Mapping[str, TypeDef], type_: JavaType) -> Mapping[str, JavaType]:
    definition = types.get(type_.name)
    if type_.dimensions or definition is None or definition.kind not in ("class", "record"):
        return {}
    fields = Binder(types).fields(type_).fields
    return {name: field for name, field in fields.items() if name.isidentifier()}


def _assertion(path: str, type_: JavaType, types: Mapping[str, TypeDef]) -> str:
    if type_.primitive:
        return f"{path} type {dumps(_KINDS[type_.name])}"
    if path == "response" and not type_.dimensions:
        definition = types.get(type_.name)
        if definition is not None and definition.constants:
            return f"{path} in {dumps(list(definition.constants))}"
        if type_.name in COLLECTIONS or type_.name in MAPS:
            return f"{path} type {dumps('list' if type_.name in COLLECTIONS else 'object')}"
    return f"{path} exists"
