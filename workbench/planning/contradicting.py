"""Where the sources of a contract say different things of what the steps of a plan use.

A jar that says long where the running provider says String is not to be found out by a strange failure. The verdict is
nobody's but the call's: this only tells. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping

from workbench.errors import WorkbenchError
from workbench.model.contract import Contract, Contradiction, Method
from workbench.model.javatype import names_in
from workbench.model.plan import RunPlan
from workbench.model.suite import DubboStep
from workbench.model.targets import find_method, parse_target
from workbench.planning.requests import Finding, PlacedStep
from workbench.planning.trim import closure

_HINT = "calls follow what is named first; `workbench contract show SUITE --registry ADDRESS` lists all"


def contradiction_findings(
    steps: Iterable[PlacedStep], plan: RunPlan, contracts: Mapping[str, Contract]
) -> Iterator[Finding]:
    """Each contradiction once, at the first step whose method it concerns: the method itself, or a type that its
    arguments, its answer or its exceptions may hold. `contracts`: by subsystem, as merged from all sources."""
    told: set[tuple[str, str]] = set()
    uses = _Uses(contracts)
    for placed in steps:
        if not isinstance(placed.step, DubboStep):
            continue
        subsystem = placed.step.subsystem or plan.subsystem
        for found in uses.of(subsystem, placed.step.dubbo):
            if (subsystem, found.place) not in told:
                told.add((subsystem, found.place))
                yield Finding(placed.file, (*placed.path, "dubbo"), _told(found), mistake=False)


class _Uses:
    """What concerns the methods of a plan; many steps call one method."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        self._contracts = contracts
        self._known: dict[tuple[str, str], list[Contradiction]] = {}

    def of(self, subsystem: str, target: str) -> list[Contradiction]:
        contract = self._contracts.get(subsystem)
        if contract is None or not contract.contradictions:
            return []
        key = (subsystem, target)
        if key not in self._known:
            self._known[key] = list(_concerning(contract, target))
        return self._known[key]


def _concerning(contract: Contract, text: str) -> Iterator[Contradiction]:
    target = parse_target(text)
    interface = contract.interface(target.interface)
    if interface is None:
        return
    methods = [one for one in interface.methods if one.name == target.method]
    if len(methods) > 1 and target.erased is not None:
        try:
            methods = [find_method(contract, target)]
        except WorkbenchError:  # told of the step itself
            return
    places = {f"{interface.name}#{target.method}", *(f"{interface.name}#{one.signature}" for one in methods)}
    types = closure([name for one in methods for name in _names(one)], contract.types)
    for found in contract.contradictions:
        owner = found.place if found.place in types else found.place.rpartition(".")[0]
        if _is_overridden_text(found):
            continue
        if found.place in places or ("#" not in found.place and owner in types):
            yield found


def _is_overridden_text(found: Contradiction) -> bool:
    """Metadata has of an enum's constants what toString() gives: where none is the same, it is overridden."""
    if found.what != "constants":
        return False
    mine, *others = ({name.strip() for name in claim.says.split(",")} for claim in found.claims)
    return all(mine.isdisjoint(other) for other in others)


def _names(method: Method) -> list[str]:
    return names_in(" ".join((method.returns, *(one.type for one in method.parameters), *method.throws)))


def _told(found: Contradiction) -> WorkbenchError:
    claims = "; ".join(f"{claim.origin} says {claim.says or 'there is none'}" for claim in found.claims)
    return WorkbenchError(f"the sources differ about {found.place} ({found.what}): {claims}", hint=_HINT)
