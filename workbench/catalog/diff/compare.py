"""Two contracts → what changed, each change judged by its rule, the gravest first."""

from collections.abc import Iterable, Iterator

from workbench.catalog.diff.classes import Classes
from workbench.catalog.diff.methods import Methods
from workbench.catalog.diff.report import Report
from workbench.catalog.shapes import Shapes
from workbench.model.contract import Contract, Interface
from workbench.model.contract_diff import SEVERITIES, Change, ContractDiff

_DECLARED = ("annotation", "spring-xml")  # tell group and version; an API jar alone does not
Pair = tuple[Interface, Interface]


def compare(old: Contract, new: Contract, *, names: tuple[str, str] = ("old", "new")) -> ContractDiff:
    """Everything that differs. What one side does not know is not compared: a registry's metadata has no superclasses,
    exceptions and names of parameters, and holds only the types of its methods."""
    report = Report(Shapes(old), Shapes(new))
    pairs, gone, fresh = _paired(old.interfaces, new.interfaces)
    for interface in gone:
        report.add("interface-removed", "removed", "interface", interface.name)
    for interface in fresh:
        report.add("interface-added", "added", "interface", interface.name)
    for one, other in pairs:
        _services(one, other, report)
        Methods(report).compare(one, other)
    partial = any(_is_poor(contract) for contract in (old, new))
    Classes(report, partial=partial).compare(old.types, new.types)
    return ContractDiff(old=names[0], new=names[1], changes=tuple(sorted(_distinct(report.changes), key=_order)))


def _is_poor(contract: Contract) -> bool:
    return any(interface.recognised_by == "registry" for interface in contract.interfaces)


def _paired(old: Iterable[Interface], new: Iterable[Interface]) -> tuple[list[Pair], list[Interface], list[Interface]]:
    """By name, group and version; what is left of one name together, as a version that was raised."""
    left = {(one.name, one.group, one.version): one for one in old}
    right = {(one.name, one.group, one.version): one for one in new}
    pairs = [(left.pop(key), right.pop(key)) for key in sorted(left.keys() & right.keys())]
    for key in sorted(left):
        same = next((other for other in sorted(right) if other[0] == key[0]), None)
        if same is not None:
            pairs.append((left.pop(key), right.pop(same)))
    return pairs, list(left.values()), list(right.values())


def _services(old: Interface, new: Interface, report: Report) -> None:
    if old.recognised_by in _DECLARED and new.recognised_by in _DECLARED:
        before, after = _service(old), _service(new)
        if before != after:
            report.add("service-renamed", "changed", "interface", old.name, before, after)


def _service(interface: Interface) -> str:
    return f"group {interface.group or '-'}, version {interface.version or '-'}"


def _distinct(changes: Iterable[Change]) -> Iterator[Change]:
    """An interface offered under two versions tells of its types twice."""
    seen: set[tuple[str, str, str, str]] = set()
    for change in changes:
        key = (change.rule, change.place, change.old, change.new)
        if key not in seen:
            seen.add(key)
            yield change


def _order(change: Change) -> tuple[int, str, str]:
    return SEVERITIES.index(change.severity), change.place, change.rule
