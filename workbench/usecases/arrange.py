"""Cases, scenarios and steps found in a suite, taken out of it and put into it: pure functions."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from workbench.errors import UsageError
from workbench.files import new_id
from workbench.model.near import did_you_mean
from workbench.model.suite import AnyStep, Case, DubboStep, Scenario, Suite
from workbench.usecases.edit_suite import add_scenario

PARTS = ("setup", "steps", "teardown")
Item = Scenario | Case | AnyStep


class Found(NamedTuple):
    """`holder`: id of the scenario of a case, or of the case or scenario of a step; `part`: its list there."""

    item: Item
    slug: str
    holder: str = ""
    part: str = ""


def find(suite: Suite, key: str, step: str = "") -> Found:
    """The scenario or case with that id, or a step of it. Raises UsageError with near ids."""
    for slug, scenario in suite.scenarios.items():
        if scenario.id == key:
            return _step(scenario, slug, step) if step else Found(scenario, slug)
        for case in scenario.cases:
            if case.id == key:
                return _step(case, slug, step) if step else Found(case, slug, scenario.id, "cases")
    known = [item.id for item in holders(suite)]
    raise UsageError(f"there is no scenario or case {key}", hint=did_you_mean(key, known))


def holders(suite: Suite) -> Iterator[Scenario | Case]:
    """Every scenario, and behind each its cases."""
    for scenario in suite.scenarios.values():
        yield scenario
        yield from scenario.cases


def ids_of(item: Item) -> set[str]:
    """Its own and those of all in it."""
    found = {item.id}
    for part in (*PARTS, "cases"):
        found |= {id_ for each in getattr(item, part, ()) for id_ in ids_of(each)}
    return found


def _step(holder: Scenario | Case, slug: str, step: str) -> Found:
    for part in PARTS:
        for found in getattr(holder, part, ()):
            if found.id == step:
                return Found(found, slug, holder.id, part)
    known = [each.id for part in PARTS for each in getattr(holder, part, ())]
    raise UsageError(f"{holder.id} has no step {step}", hint=did_you_mean(step, known))


def without(suite: Suite, found: Found) -> Suite:
    """The suite without it."""
    if not found.holder:
        left = {slug: each for slug, each in suite.scenarios.items() if slug != found.slug}
        return replace(suite, scenarios=left)
    return _changed(suite, found.slug, found.holder, found.part, lambda items: tuple(
        each for each in items if each.id != found.item.id
    ))  # fmt: skip


def put(suite: Suite, found: Found, into: str = "", behind: str | None = None) -> Suite:
    """The suite with it. `into`: id of a scenario, for a case; of a case or scenario, for a step. `behind`: the id that
    it stands behind there; "": first; None: last. Raises UsageError for ids that are not there."""
    if not found.holder:
        assert isinstance(found.item, Scenario)
        return add_scenario(suite, found.item, found.slug)
    target = find(suite, into)
    wanted, part = (Scenario, "cases") if isinstance(found.item, Case) else (Scenario | Case, found.part)
    if not isinstance(target.item, wanted):
        raise UsageError(f"{into} is a case, and a case stands in a scenario", hint="name a scenario")
    if part == "steps" and isinstance(target.item, Scenario):
        part = "setup"

    def insert(items: tuple[Any, ...]) -> tuple[Any, ...]:
        place = _place([each.id for each in items], behind)
        return (*items[:place], found.item, *items[place:])

    return _changed(suite, target.slug, into, part, insert)


def _place(ids: list[str], behind: str | None) -> int:
    if behind is None:
        return len(ids)
    if behind and behind not in ids:
        raise UsageError(f"there is no {behind} there to stand behind", hint=did_you_mean(behind, ids))
    return ids.index(behind) + 1 if behind else 0


def _changed(
    suite: Suite, slug: str, holder: str, part: str, change: Callable[[tuple[Any, ...]], tuple[Any, ...]]
) -> Suite:
    """The suite with another list of a scenario or of one of its cases."""
    scenario = suite.scenarios[slug]
    if scenario.id == holder:
        new = replace(scenario, **{part: change(getattr(scenario, part))})
    else:
        cases = tuple(
            replace(each, **{part: change(getattr(each, part))}) if each.id == holder else each
            for each in scenario.cases
        )
        new = replace(scenario, cases=cases)
    return replace(suite, scenarios={**suite.scenarios, slug: new})


def with_new_ids(item: Any) -> Any:
    """A copy that has ids of its own, and so has all in it."""
    lists = {part: tuple(map(with_new_ids, getattr(item, part))) for part in (*PARTS, "cases") if hasattr(item, part)}
    return replace(item, id=new_id(), **lists)


def for_subsystem(item: Any, old: str, new: str, group: str = "") -> Any:
    """As it has to be written in the suite of another subsystem, so that each step calls what it called. `group`: the
    default Dubbo group of the old one."""
    lists = {
        part: tuple(for_subsystem(each, old, new, group) for each in getattr(item, part))
        for part in (*PARTS, "cases")
        if hasattr(item, part)
    }
    if isinstance(item, DubboStep):
        called = item.subsystem or old
        own_group = item.group or ("" if item.subsystem or old == new else group)
        return replace(item, subsystem="" if called == new else called, group=own_group)
    return replace(item, **lists)
