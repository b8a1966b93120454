"""Collects changes: looks up how they are judged and which methods carry them."""

from collections.abc import Sequence

from workbench.catalog.diff.rules import gravest
from workbench.catalog.shapes import Shapes
from workbench.model.contract_diff import Action, Change, Element, Flow

FLOWS: tuple[Flow, ...] = ("request", "response", "exception")


class Report:
    """`old` and `new` answer questions about the two contracts."""

    def __init__(self, old: Shapes, new: Shapes) -> None:
        self.old, self.new = old, new
        self.changes: list[Change] = []

    def add(
        self,
        rules: str | Sequence[str],
        action: Action,
        element: Element,
        place: str,
        old: str = "",
        new: str = "",
        *,
        type_: str = "",
        hint: str = "",
    ) -> None:
        """One change, judged by the gravest of its rules. `type_`: the class it is in; its methods are looked up."""
        rule = gravest([rules] if isinstance(rules, str) else list(rules))
        carried = self._carried(type_) if type_ else set()
        self.changes.append(
            Change(
                rule=rule.id,
                severity=rule.severity,
                action=action,
                element=element,
                place=place,
                old=old,
                new=new,
                flows=tuple(flow for flow in FLOWS if any(way == flow for _, way in carried)),
                why=rule.why,
                hint=hint,
                methods=tuple(sorted({method for method, _ in carried})),
            )
        )

    def flows(self, type_: str) -> tuple[Flow, ...]:
        """The ways that a class travels; both when no method of either contract tells."""
        ways = {flow for _, flow in self._carried(type_)}
        return tuple(flow for flow in FLOWS if flow in ways) or ("request", "response")

    def _carried(self, type_: str) -> set[tuple[str, Flow]]:
        return self.old.carriers(type_) | self.new.carriers(type_)
