"""What differs between two contracts, judged for a consumer that knows the old one and meets the new one."""

from typing import Literal

from msgspec import Struct

Severity = Literal["breaking", "risky", "compatible"]
Action = Literal["added", "removed", "changed"]
Flow = Literal["request", "response", "exception"]
Element = Literal["interface", "method", "parameter", "return", "exception", "type", "field", "constant"]
SEVERITIES: tuple[Severity, ...] = ("breaking", "risky", "compatible")


class Change(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One difference. `place` is `com.x.Facade#pay(com.x.Req)` of methods, `com.x.Order.amount` of fields."""

    rule: str  # id in the table of docs/contracts.md
    severity: Severity
    action: Action
    element: Element
    place: str
    old: str = ""
    new: str = ""
    flows: tuple[Flow, ...] = ()  # which ways a type travels
    why: str
    hint: str = ""
    methods: tuple[str, ...] = ()  # that carry the type: Interface#signature


class ContractDiff(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`old` and `new` name the two sides; changes: the gravest first, then by place."""

    old: str
    new: str
    changes: tuple[Change, ...] = ()

    @property
    def worst(self) -> Severity | None:
        found = {change.severity for change in self.changes}
        return next((severity for severity in SEVERITIES if severity in found), None)

    def count(self, severity: Severity) -> int:
        return sum(change.severity == severity for change in self.changes)
