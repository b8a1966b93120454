"""The methods of one interface, before and after."""

from collections import defaultdict
from collections.abc import Iterable

from workbench.catalog.diff.report import Report
from workbench.catalog.diff.types import Place
from workbench.catalog.template import FUTURES
from workbench.model.contract import Interface, Method, Parameter
from workbench.model.contract_diff import Flow
from workbench.model.javatype import JavaType, parse_type, parse_variable

_VOID = ("void", "java.lang.Void")


class Methods:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._types = Place(report.old, report.new)

    def compare(self, old: Interface, new: Interface) -> None:
        before = {method.signature: method for method in old.methods}
        after = {method.signature: method for method in new.methods}
        poor = "registry" in (old.recognised_by, new.recognised_by)
        for signature in sorted(before.keys() & after.keys()):
            self._same(f"{old.name}#{signature}", before[signature], after[signature], poor=poor)
        gone = [before[signature] for signature in sorted(before.keys() - after.keys())]
        fresh = [after[signature] for signature in sorted(after.keys() - before.keys())]
        self._unlike(old.name, gone, fresh, {method.name for method in old.methods})

    def _unlike(self, interface: str, gone: list[Method], fresh: list[Method], known: set[str]) -> None:
        """A method gone and one new of the same name, one of each: its parameters changed."""
        old, new = _by_name(gone), _by_name(fresh)
        for name in sorted(old.keys() | new.keys()):
            lost, found = old.get(name, []), new.get(name, [])
            if len(lost) == len(found) == 1:
                place = f"{interface}#{lost[0].signature}"
                types = (_types(lost[0].takes), _types(found[0].takes))
                if types[0] == types[1]:  # only what the signature says of them is different
                    types = (_types(lost[0].erased), _types(found[0].erased))
                self._report.add("parameters-changed", "changed", "method", place, *types)
                continue
            for method in lost:
                self._report.add("method-removed", "removed", "method", f"{interface}#{method.signature}")
            for method in found:
                rule = "overload-added" if name in known else "method-added"
                self._report.add(rule, "added", "method", f"{interface}#{method.signature}")

    def _same(self, place: str, old: Method, new: Method, *, poor: bool) -> None:
        variables = (_variables(old), _variables(new))
        for before, after in zip(old.parameters, new.parameters, strict=True):
            self._typed(place, before, after, variables, poor=poor)
            if before.name != after.name and not (before.made_up or after.made_up):
                self._report.add("parameter-renamed", "changed", "parameter", place, before.name, after.name)
        self._answer(place, old, new, variables, poor=poor)
        if not poor:
            self._exceptions(place, old, new)

    def _typed(self, place: str, old: Parameter, new: Parameter, variables: "_Both", *, poor: bool) -> None:
        rules = self._judged(old.type, new.type, "request", variables, poor=poor)
        if rules:
            name = new.name if old.made_up else old.name
            self._report.add(rules, "changed", "parameter", f"{place} {name}", old.type, new.type)

    def _answer(self, place: str, old: Method, new: Method, variables: "_Both", *, poor: bool) -> None:
        if (old.returns in _VOID) != (new.returns in _VOID):
            rule = "answer-added" if old.returns in _VOID else "answer-removed"
            self._report.add(rule, "changed", "return", place, old.returns, new.returns)
            return
        if _is_future(old) != _is_future(new):
            self._report.add("async-changed", "changed", "return", place, old.returns, new.returns)
        rules = self._judged(old.returns, new.returns, "response", variables, poor=poor)
        if rules:
            self._report.add(rules, "changed", "return", place, old.returns, new.returns)

    def _judged(self, old: str, new: str, flow: Flow, variables: "_Both", *, poor: bool) -> list[str]:
        rules = self._types.judge(old, new, flow, variables)
        return [rule for rule in rules if not poor or rule != "generics-changed"]

    def _exceptions(self, place: str, old: Method, new: Method) -> None:
        for thrown in sorted(set(new.throws) - set(old.throws)):
            self._report.add("exception-added", "added", "exception", place, new=thrown)
        for thrown in sorted(set(old.throws) - set(new.throws)):
            self._report.add("exception-removed", "removed", "exception", place, old=thrown)


_Both = tuple[dict[str, JavaType], dict[str, JavaType]]


def _by_name(methods: Iterable[Method]) -> dict[str, list[Method]]:
    found: dict[str, list[Method]] = defaultdict(list)
    for method in methods:
        found[method.name].append(method)
    return found


def _variables(method: Method) -> dict[str, JavaType]:
    """A method's type parameters by place: their names do not matter."""
    names = [parse_variable(text).name for text in method.type_parameters]
    return {name: JavaType(f"#{index}") for index, name in enumerate(names)}


def _types(names: Iterable[str]) -> str:
    return f"({', '.join(names)})"


def _is_future(method: Method) -> bool:
    return parse_type(method.returns).name in FUTURES
