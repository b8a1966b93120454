"""Which cases of a suite are to run."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from msgspec import Struct, structs

from workbench.errors import PlanError
from workbench.model.near import did_you_mean
from workbench.model.suite import AnyStep, Case, CaseGroup, Scenario, Suite, state_on
from workbench.model.words import plural


class Selection(Struct, frozen=True):
    """Patterns are names, ids or globs (`*`, `?`), letter case ignored; several of one kind: any of them.
    `tags`: `smoke` wants the tag, `!slow` forbids it. `states`: cases in one of them; empty: those that are ready, and
    those that `cases` names without a glob. `only`: ids, of which a case has to have one. `today`: the day by which
    quarantines are judged; empty: none is over. `groups`: names of suite.yaml's `case_groups`.
    """

    scenarios: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    step: str = ""
    tags: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    today: str = ""
    groups: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


Chosen = tuple[str, Scenario, Case]


def select(suite: Suite, selection: Selection) -> Iterator[Chosen]:
    """(slug, scenario, case) of all that is enabled and selected. Raises PlanError when a pattern meets nothing.

    Groups give their order; else it is that of the suite.
    """
    if not selection.groups:
        return _select(suite, selection)
    place = {key: number for number, key in enumerate(members(suite, selection.groups))}
    return iter(sorted(_select(suite, _grouped(suite, selection)), key=lambda each: place[each[2].id]))


def members(suite: Suite, names: Iterable[str]) -> list[str]:
    """Ids of the cases of groups, in order, each once; also of those that are disabled. Raises PlanError."""
    found: dict[str, None] = {}
    for name in names:
        group = suite.file.case_groups.get(name)
        if group is None:
            known = suite.file.case_groups
            hint = did_you_mean(name, known) or f"there is {', '.join(known) or 'none'}"
            raise PlanError(f"the suite has no group of cases {name!r}", hint=hint)
        found.update(dict.fromkeys(_members(suite, name, group)))
    return list(found)


def _members(suite: Suite, name: str, group: CaseGroup) -> Iterator[str]:
    all_ = [(slug, scenario, case) for slug, scenario in suite.scenarios.items() for case in scenario.cases]
    for pattern in group.cases:
        named = [case.id for _, _, case in all_ if _any((pattern,), case.id, case.case)]
        if not named:
            hint = did_you_mean(pattern, [text for _, _, case in all_ for text in (case.case, case.id) if text])
            raise PlanError(f"the group {name} names {pattern!r}, and there is no such case", hint=hint)
        yield from named
    filters = {field: getattr(group, field) for field in _FILTERS}
    if any(filters.values()):
        chosen = Selection(**filters)
        for slug, scenario, case in all_:
            within = _any(chosen.scenarios, scenario.id, slug, scenario.scenario)
            if within and _selected(case, scenario, chosen, suite.file.owner, any_state=True):
                yield case.id


_FILTERS = ("scenarios", "tags", "priorities", "requirements", "owners")


def _grouped(suite: Suite, selection: Selection) -> Selection:
    """Groups as the ids of their cases."""
    if not selection.groups:
        return selection
    ids = members(suite, selection.groups)
    only = ids if selection.only is None else [key for key in ids if key in set(selection.only)]
    return structs.replace(selection, groups=(), only=tuple(only))


def _select(suite: Suite, selection: Selection) -> Iterator[Chosen]:
    if not any(scenario.cases for scenario in suite.scenarios.values()):
        raise PlanError(
            "the suite has no case", hint="write scenarios/NAME.yaml, or let `workbench generate` make some"
        )
    _check(suite, selection)
    found = False
    for slug, scenario in suite.scenarios.items():
        if scenario.disabled or not _any(selection.scenarios, scenario.id, slug, scenario.scenario):
            continue
        for case in (*scenario.cases, *_around(scenario, selection)):
            if not case.disabled and _selected(case, scenario, selection, suite.file.owner):
                found = True
                yield slug, scenario, case
    if not found:
        others = sum(1 for _ in left_out(suite, selection))
        hint = f"{plural(others, 'case')} in another state: --state draft or --state quarantined runs them"
        everyone = "all of them are disabled, or no case meets every option at once"
        raise PlanError("no case is selected", hint=hint if others else everyone)


def left_out(suite: Suite, selection: Selection) -> Iterator[Case]:
    """Cases that are selected but for their state."""
    selection = _grouped(suite, selection)
    for slug, scenario in suite.scenarios.items():
        if scenario.disabled or not _any(selection.scenarios, scenario.id, slug, scenario.scenario):
            continue
        for case in scenario.cases:
            chosen = not case.disabled and _selected(case, scenario, selection, suite.file.owner, any_state=True)
            if chosen and not _in_state(case, selection):
                yield case


def _in_state(case: Case, selection: Selection) -> bool:
    state = state_on(case, selection.today)
    if selection.states:
        return state in selection.states
    named = {name.casefold() for name in selection.cases}
    return state == "ready" or bool(named & {case.id.casefold(), case.case.casefold()})


def _selected(case: Case, scenario: Scenario, selection: Selection, owner: str, *, any_state: bool = False) -> bool:
    """`owner`: the suite's, whose the cases are that name none."""
    tags = {tag.casefold() for tag in (*scenario.tags, *case.tags)}
    wanted = [tag.casefold() for tag in selection.tags if not tag.startswith("!")]
    forbidden = [tag[1:].casefold() for tag in selection.tags if tag.startswith("!")]
    return (
        _any(selection.cases, case.id, case.case)
        and (selection.only is None or case.id in selection.only)
        and (any_state or _in_state(case, selection))
        and (not wanted or any(tag in tags for tag in wanted))
        and not any(tag in tags for tag in forbidden)
        and (not selection.priorities or case.priority in selection.priorities)
        and (not selection.owners or (case.owner or owner) in selection.owners)
        and (not selection.requirements or _any(selection.requirements, *case.requirements))
        and (not selection.step or bool(steps_named(case, selection.step)))
    )


def _around(scenario: Scenario, selection: Selection) -> Iterator[Case]:
    """With `--step`, the steps of a scenario's setup and teardown are there to be picked too, as cases of their own."""
    if selection.step and (scenario.setup or scenario.teardown):
        case_id = f"{scenario.id or 'scenario'}-around"
        yield Case(id=case_id, case=f"around {scenario.scenario}", setup=scenario.setup, teardown=scenario.teardown)


def steps_named(case: Case, pattern: str) -> list[AnyStep]:
    """Those that would run, also of setup and teardown: a disabled one is never picked."""
    steps = (*case.setup, *case.steps, *case.teardown)
    return [step for step in steps if not step.disabled and _any((pattern,), step.id, step.step)]


def _any(patterns: tuple[str, ...], *names: str) -> bool:
    if not patterns:
        return True
    folded = [name.casefold() for name in names]
    return any(name == each.casefold() or fnmatchcase(name, each.casefold()) for each in patterns for name in folded)


def _check(suite: Suite, selection: Selection) -> None:
    scenarios = [(name,) for slug, each in suite.scenarios.items() for name in (each.id, slug, each.scenario)]
    cases = [case for scenario in suite.scenarios.values() for case in scenario.cases]
    _must_meet("scenario", selection.scenarios, [name for (name,) in scenarios])
    _must_meet("case", selection.cases, [name for case in cases for name in (case.id, case.case)])
    around = [case for scenario in suite.scenarios.values() for case in _around(scenario, selection)]
    steps = [
        name
        for case in (*cases, *around)
        for step in (*case.setup, *case.steps, *case.teardown)
        for name in (step.id, step.step)
    ]
    _must_meet("step", (selection.step,) if selection.step else (), steps)
    if selection.step and not any(steps_named(case, selection.step) for case in (*cases, *around)):
        raise PlanError(f"step {selection.step!r} is disabled", hint="take `disabled: true` out to run it")
    tags = {tag for scenario in suite.scenarios.values() for tag in scenario.tags} | {t for c in cases for t in c.tags}
    _must_meet("tag", tuple(tag for tag in selection.tags if not tag.startswith("!")), sorted(tags))


def _must_meet(kind: str, patterns: tuple[str, ...], names: list[str]) -> None:
    for pattern in patterns:
        if not any(_any((pattern,), name) for name in names):
            hint = did_you_mean(pattern, [name for name in names if name])
            raise PlanError(f"the suite has no {kind} {pattern!r}", hint=hint)
