"""Names of methods as suites and the command line write them.

A Dubbo method: `com.x.Facade#pay(com.x.Req)`; a tool's: `tool-util com.x.SignUtil#sign(java.lang.String)`.
Parameter types may be left out where there is one such method. They are erased (no `<…>`): that is what goes
over the wire, and a provider refuses `java.util.List<X>`.
"""

import re

from msgspec import Struct

from workbench.errors import MethodError, UsageError
from workbench.model.contract import Contract, Interface, Method
from workbench.model.near import did_you_mean

_NAME = r"[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)*"
_TARGET = re.compile(rf"(?P<owner>{_NAME})\s*#\s*(?P<method>[^\W\d][\w$]*)\s*(?:\((?P<types>.*)\))?", re.DOTALL)
_TYPE = re.compile(rf"{_NAME}(?:\[\])*")
_EXAMPLE = "com.example.trade.TransAiFacade#payOrder(com.example.trade.PayOrderRequest)"
_TOOL_EXAMPLE = "tool-util com.example.util.SignUtil#sign(java.lang.String)"


class MethodTarget(Struct, frozen=True):
    """`erased` is None when the parameter types were left out; () means a method without parameters."""

    interface: str
    method: str
    erased: tuple[str, ...] | None = None

    @property
    def signature(self) -> str:
        return self.method if self.erased is None else f"{self.method}({','.join(self.erased)})"

    def may_be(self, full: "MethodTarget") -> bool:
        """Whether this, as a person wrote it, can mean that method: types may be left out, or be without packages."""
        if (self.interface, self.method) != (full.interface, full.method):
            return False
        simple = tuple(map(_simple, full.erased or ()))
        return self.erased is None or self.erased in (full.erased, simple)

    def __str__(self) -> str:
        return f"{self.interface}#{self.signature}"


class ToolTarget(Struct, frozen=True):
    library: str
    class_name: str
    method: str
    erased: tuple[str, ...] | None = None

    def __str__(self) -> str:
        types = "" if self.erased is None else f"({','.join(self.erased)})"
        return f"{self.library} {self.class_name}#{self.method}{types}"


def parse_target(text: str, *, where: str = "") -> MethodTarget:
    """`Interface#method` or `Interface#method(types)`. Raises UsageError."""
    owner, method, erased = _parse(text, where, _EXAMPLE)
    return MethodTarget(owner, method, erased)


def parse_tool_target(text: str, *, where: str = "") -> ToolTarget:
    """`library Class#method` or `library Class#method(types)`. Raises UsageError."""
    library, _, rest = text.strip().partition(" ")
    if not rest.strip() or "#" in library:
        raise UsageError(f"{text!r} names no tool library", where=where, hint=f"write {_TOOL_EXAMPLE}")
    owner, method, erased = _parse(rest, where, _TOOL_EXAMPLE)
    return ToolTarget(library, owner, method, erased)


def find_interface(contract: Contract, name: str, *, where: str = "") -> Interface:
    """The interface of that full name, or of that simple name where it is the only one. Raises UsageError."""
    exact = contract.interface(name)
    if exact:
        return exact
    names = [interface.name for interface in contract.interfaces]
    short = [full for full in names if _simple(full) == name]
    if len(short) == 1:
        return next(interface for interface in contract.interfaces if interface.name == short[0])
    if short:
        raise UsageError(f"{name} is ambiguous", where=where, hint=f"write one of {', '.join(short)}")
    raise UsageError(f"the contract has no interface {name}", where=where, hint=did_you_mean(name, names))


def find_method(contract: Contract, target: MethodTarget, *, where: str = "") -> Method:
    """The one method that the target names. Raises UsageError for the interface; MethodError with near names, or with
    the overloads."""
    interface = find_interface(contract, target.interface, where=where)
    named = [method for method in interface.methods if method.name == target.method]
    if not named:
        hint = did_you_mean(target.method, {method.name for method in interface.methods})
        raise MethodError(f"{interface.name} has no method {target.method}", where=where, hint=hint)
    found = named if target.erased is None else _matching(named, target.erased)
    if len(found) == 1:
        return found[0]
    candidates = ", ".join(f"{interface.name}#{method.signature}" for method in (found or named))
    if found:
        message = f"{interface.name} has {len(found)} methods {target.signature}"
        raise MethodError(message, where=where, hint=f"name the parameter types: {candidates}")
    raise MethodError(f"{interface.name} has no method {target.signature}", where=where, hint=f"there is {candidates}")


def declared_method(contract: Contract, target: MethodTarget, *, where: str = "") -> Method | None:
    """The same for a step, which names its interface in full; None where the contract does not hold the interface, or
    only its name, so that the provider alone can tell. Raises MethodError."""
    interface = contract.interface(target.interface)
    return find_method(contract, target, where=where) if interface and interface.methods else None


def _matching(methods: list[Method], erased: tuple[str, ...]) -> list[Method]:
    exact = [method for method in methods if method.erased == erased]
    simple = tuple(map(_simple, erased))
    return exact or [
        method
        for method in methods
        if erased == simple and tuple(map(_simple, method.erased)) == simple  # every type without its package
    ]


def _parse(text: str, where: str, example: str) -> tuple[str, str, tuple[str, ...] | None]:
    match = _TARGET.fullmatch(text.strip())
    if not match:
        raise UsageError(f"{text!r} names no method", where=where, hint=f"write {example}")
    types = match["types"]
    return match["owner"], match["method"], None if types is None else _types(types, text, where)


def _types(text: str, whole: str, where: str) -> tuple[str, ...]:
    raw = _without_generics(text, whole, where)
    if not raw.strip():
        return ()
    names = tuple(re.sub(r"\s+", "", part).replace("...", "[]") for part in raw.split(","))
    for name in names:
        if not _TYPE.fullmatch(name):
            raise UsageError(f"{name!r} is not a type, in {whole!r}", where=where, hint="write types as java.util.List")
    return names


def _without_generics(text: str, whole: str, where: str) -> str:
    depth, kept = 0, []
    for char in text:
        depth += (char == "<") - (char == ">")
        if depth < 0:
            break
        if depth == 0 and char != ">":
            kept.append(char)
    if depth:
        raise UsageError(f"'<' and '>' do not match in {whole!r}", where=where)
    return "".join(kept)


def _simple(name: str) -> str:
    return name.rpartition(".")[2]
