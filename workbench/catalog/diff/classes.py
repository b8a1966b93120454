"""The types of two contracts: fields, constants, supertypes."""

from collections.abc import Iterable, Mapping

from workbench.catalog.diff.report import Report
from workbench.catalog.diff.types import Place
from workbench.catalog.shapes import SERIALIZABLE, Placed, Shapes
from workbench.model.contract import TypeDef
from workbench.model.javatype import PRIMITIVES, JavaType, parse_type, parse_variable

_OBJECTS = ("class", "record")
_PLAIN = {"java.lang.Object", "java.lang.Record", "java.lang.Enum", SERIALIZABLE, "java.lang.Cloneable"}


class Classes:
    """`partial`: one side holds only what a registry's metadata tells, so that a type it lacks says nothing."""

    def __init__(self, report: Report, *, partial: bool) -> None:
        self._report, self._partial = report, partial
        self._old, self._new = report.old, report.new
        self._types = Place(report.old, report.new)

    def compare(self, old: Mapping[str, TypeDef], new: Mapping[str, TypeDef]) -> None:
        if not self._partial:
            for name in sorted(old.keys() - new.keys()):
                self._report.add("type-removed", "removed", "type", name, type_=name)
            for name in sorted(new.keys() - old.keys()):
                rule = "response-subclass-added" if self._may_come(name) else "type-added"
                self._report.add(rule, "added", "type", name, type_=name)
        for name in sorted(old.keys() & new.keys()):
            self._type(name, old[name], new[name])

    def _type(self, name: str, old: TypeDef, new: TypeDef) -> None:
        if old.kind != new.kind:
            rule = "record-changed" if old.kind in _OBJECTS and new.kind in _OBJECTS else "kind-changed"
            self._report.add(rule, "changed", "type", name, old.kind, new.kind, type_=name)
            if rule == "kind-changed":
                return
        described = self._old.is_described(name) and self._new.is_described(name)
        if described:
            self._declaration(name, old, new)
            self._supertypes(name)
        if old.kind == "enum":
            self._constants(name, old.constants, new.constants)
        elif old.kind in _OBJECTS:
            self._fields(name, described=described)

    def _may_come(self, name: str) -> bool:
        """Whether an answer may hold the new class in a place that was there before."""
        above = [parent for parent in self._new.ancestors(name) if parent in self._old.types]
        return any(flow != "request" for parent in above for _, flow in self._old.places(parent))

    # declaration and supertypes

    def _declaration(self, name: str, old: TypeDef, new: TypeDef) -> None:
        if old.abstract != new.abstract:
            sent = new.abstract and "request" in self._report.flows(name)
            rule = "became-abstract" if sent else "abstract-changed"
            states = [" abstract" if one.abstract else "" for one in (old, new)]
            self._report.add(rule, "changed", "type", name, *(f"{state} class".strip() for state in states), type_=name)
        if len(old.parameters) != len(new.parameters):
            texts = [f"<{', '.join(one.parameters)}>" for one in (old, new)]
            self._report.add("type-parameters-changed", "changed", "type", name, *texts, type_=name)
        if old.super != new.super and parse_type(old.super).name == parse_type(new.super).name:
            self._inherited_arguments(name, old, new)

    def _inherited_arguments(self, name: str, old: TypeDef, new: TypeDef) -> None:
        """`extends Page<Integer>` is `extends Page<Long>` now: what it inherits is declared by a type parameter, or is
        an element of the JDK's list or map that it extends, so that no field here tells of it."""
        variables = (self._variables(self._old, name), self._variables(self._new, name))
        rules = [
            rule
            for flow in self._report.flows(name)
            for rule in self._types.judge(old.super, new.super, flow, variables)
        ]
        if rules:
            self._report.add(rules, "changed", "type", name, old.super, new.super, type_=name)

    def _supertypes(self, name: str) -> None:
        before, after = (set(shapes.ancestors(name)) - _PLAIN for shapes in (self._old, self._new))
        could, can = self._old.is_serializable(name), self._new.is_serializable(name)
        if could != can:
            rule = "not-serializable" if could else "now-serializable"
            texts = (SERIALIZABLE, "") if could else ("", SERIALIZABLE)
            self._report.add(rule, "changed", "type", name, *texts, type_=name)
        # What a superclass lost or gained is told there.
        inherited = [self._lost_and_gained(parent) for parent in before & after if parent in self._old.types]
        lost = before - after - set().union(*(each[0] for each in inherited))
        gained = after - before - set().union(*(each[1] for each in inherited))
        if lost:
            self._report.add("supertype-lost", "changed", "type", name, old=", ".join(sorted(lost)), type_=name)
        if gained:
            self._report.add("supertype-added", "changed", "type", name, new=", ".join(sorted(gained)), type_=name)

    def _lost_and_gained(self, name: str) -> tuple[set[str], set[str]]:
        before, after = set(self._old.ancestors(name)), set(self._new.ancestors(name))
        return before - after, after - before

    # fields

    def _fields(self, name: str, *, described: bool) -> None:
        before, after = self._old.fields(name), self._new.fields(name)
        gone = [field for key, field in before.items() if key not in after and self._told_here(field, name, self._new)]
        fresh = [field for key, field in after.items() if key not in before and self._told_here(field, name, self._old)]
        for placed in gone:
            self._removed(name, placed, [one for one in fresh if one.field.type == placed.field.type], len(gone))
        for placed in fresh:
            self._added(name, placed)
        for key in before.keys() & after.keys():
            self._kept(name, before[key], after[key])
        if described:
            for key in sorted(self._new.shadowed(name) - self._old.shadowed(name)):
                self._report.add("field-shadows", "changed", "field", f"{name}.{key}", type_=name)

    def _told_here(self, placed: Placed, name: str, other: Shapes) -> bool:
        """A field of a superclass is told there, unless the class no longer (or not yet) has that superclass."""
        if placed.owner == name:
            return True
        if not other.is_described(name):  # it has all fields in one place
            return placed.owner not in other.types
        return placed.owner not in other.ancestors(name)

    def _removed(self, name: str, placed: Placed, alike: list[Placed], gone: int) -> None:
        rules = [f"{_way(flow)}-field-removed" for flow in self._report.flows(name)]
        hint = f"renamed to {alike[0].field.name}?" if len(alike) == 1 and gone == 1 else ""
        field = placed.field
        self._report.add(rules, "removed", "field", f"{name}.{field.name}", old=field.type, type_=name, hint=hint)

    def _added(self, name: str, placed: Placed) -> None:
        field = placed.field
        request = "request-primitive-added" if field.type in PRIMITIVES else "request-field-added"
        rules = [request if flow == "request" else "response-field-added" for flow in self._report.flows(name)]
        self._report.add(rules, "added", "field", f"{name}.{field.name}", new=field.type, type_=name)

    def _kept(self, name: str, old: Placed, new: Placed) -> None:
        place = f"{name}.{new.field.name}"
        if old.owner != new.owner and name in (old.owner, new.owner) and self._old.is_described(name):
            if self._new.is_described(name):
                self._report.add("field-moved", "changed", "field", place, old.owner, new.owner, type_=name)
        elif name not in (old.owner, new.owner):
            return  # told where it is declared
        variables = (self._variables(self._old, old.owner), self._variables(self._new, new.owner))
        if old.field.type == new.field.type and variables[0] == variables[1]:
            return  # before anything is asked about methods, which takes a while for thousands of types
        rules = [
            rule
            for flow in self._report.flows(name)
            for rule in self._types.judge(old.field.type, new.field.type, flow, variables, field=True)
            if not (self._partial and rule == "generics-changed")
        ]
        if rules:
            self._report.add(rules, "changed", "field", place, old.field.type, new.field.type, type_=name)

    @staticmethod
    def _variables(shapes: Shapes, owner: str) -> dict[str, JavaType]:
        """Type parameters stand for their bound; of unlike names they are the same."""
        texts = shapes.types[owner].parameters
        return {variable.name: variable.bounds[0] for variable in map(parse_variable, texts)}

    # enums

    def _constants(self, name: str, old: Iterable[str], new: Iterable[str]) -> None:
        before, after = list(old), list(new)
        if before == after:
            return
        ways = [_way(flow) for flow in self._report.flows(name)]
        for constant in sorted(set(before) - set(after)):
            rules = [f"{way}-constant-removed" for way in ways]
            self._report.add(rules, "removed", "constant", f"{name}.{constant}", old=constant, type_=name)
        for constant in sorted(set(after) - set(before)):
            rules = [f"{way}-constant-added" for way in ways]
            self._report.add(rules, "added", "constant", f"{name}.{constant}", new=constant, type_=name)
        kept = [constant for constant in before if constant in after]
        if kept != [constant for constant in after if constant in before]:
            texts = (", ".join(before), ", ".join(after))
            self._report.add("constants-reordered", "changed", "type", name, *texts, type_=name)


def _way(flow: str) -> str:
    """An exception travels as an answer does."""
    return "request" if flow == "request" else "response"
