"""Laws of putting two states together, and what they mean for scenarios, cases and their places."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.model import json
from workbench.model.suite import Case, Scenario, ScriptStep
from workbench.storage.content import Document
from workbench.storage.merge import ORDER
from workbench.storage.state import State, piece_of
from workbench.storage.threeway import SCENARIO, Choices, Joined, join

MANY = settings(deadline=None, max_examples=200)
CASES, SCENARIOS = "abcdef", "xyz"


def state(*scenarios: tuple[str, str] | tuple[str, str, str], **scripts: str) -> State:
    """(id, cases) or (id, cases, slug) of scenarios; scripts of cases that are not the usual."""
    found = {}
    for place, (key, cases, *slug) in enumerate(scenarios):
        body = json.dumps(Scenario(id=key, scenario=scripts.get(key, key)))
        found["scenario", key] = Document(
            kind="scenario", key=key, body=body, position=place, name=slug[0] if slug else key
        )
        for number, each in enumerate(cases):
            step = ScriptStep(id=f"{each}1", step="one", script=scripts.get(each, "pass"))
            body = json.dumps(Case(id=each, case=each, steps=(step,)))
            found["case", each] = Document(kind="case", key=each, body=body, scenario=key, position=number)
    return {name: piece_of(document) for name, document in found.items()}


def joined(base: State, mine: State, theirs: State, choices: Any = None) -> Joined:
    return join(base, mine, theirs, Choices(choices or {}), lambda revisions: {})


def outline(found: Joined) -> list[tuple[str, str]]:
    """As `state` is given it."""
    pieces = sorted(found.pieces, key=lambda each: each.position)
    cases = [each for each in pieces if each.kind == "case"]
    return [
        (each.key, "".join(case.key for case in cases if case.scenario == each.key))
        for each in pieces
        if each.kind == "scenario"
    ]


@st.composite
def states(draw: st.DrawFn) -> State:
    keys = draw(st.permutations(SCENARIOS).map(lambda order: order[: draw(st.integers(1, 3))]))
    cases = draw(st.lists(st.sampled_from(CASES), unique=True))
    homes = [draw(st.sampled_from(keys)) for _ in cases]
    inside = [(key, "".join(each for each, home in zip(cases, homes, strict=True) if home == key)) for key in keys]
    scripts = draw(st.dictionaries(st.sampled_from([*cases, *keys]), st.sampled_from(["1", "2"]), max_size=3))
    return state(*inside, **scripts)


def as_list(pieces: Any) -> list[tuple[Any, ...]]:
    return sorted((each.kind, each.key, each.hash, each.scenario, each.position, each.name) for each in pieces)


@given(states(), states())
@MANY
def test_one_side_changed_is_taken(base: State, changed: State) -> None:
    for mine, theirs in ((changed, base), (base, changed), (changed, changed)):
        found = joined(base, mine, theirs)
        assert found.clashes == []
        assert as_list(found.pieces) == as_list(changed.values())


@given(states(), states(), states())
@MANY
def test_what_is_put_together_is_whole_and_nothing_that_was_added_is_lost(
    base: State, mine: State, theirs: State
) -> None:
    for choices in ({}, {(): "mine"}, {(): "theirs"}):
        found = joined(base, mine, theirs, choices)
        assert not (choices and found.clashes)
        names = {(each.kind, each.key) for each in found.pieces}
        assert len(names) == len(found.pieces)
        assert all(("scenario", each.scenario) in names for each in found.pieces if each.kind == "case")
        assert {name for name in mine if name not in base} | {name for name in theirs if name not in base} <= names
        for group in {(each.kind, each.scenario) for each in found.pieces}:
            places = sorted(each.position for each in found.pieces if (each.kind, each.scenario) == group)
            assert places == list(range(len(places)))
        slugs = [each.name for each in found.pieces if each.kind == "scenario"]
        assert len(set(slugs)) == len(slugs)


@given(states(), states(), states())
@MANY
def test_the_side_that_is_chosen_has_its_way(base: State, mine: State, theirs: State) -> None:
    clashes = joined(base, mine, theirs).clashes
    taken = {(each.kind, each.key): each for each in joined(base, mine, theirs, {(): "mine"}).pieces}
    for clash in clashes:
        name = (clash.kind, clash.key)
        if clash.conflict.place == ():
            assert name not in mine or taken[name].hash == mine[name].hash
        if clash.conflict.place == (SCENARIO,):
            assert taken[name].scenario == mine[name].scenario


@pytest.mark.parametrize(
    ("mine", "theirs", "wanted"),
    [
        ([("x", "ab"), ("y", "c")], [("x", "abd"), ("y", "c")], [("x", "abd"), ("y", "c")]),
        ([("x", "b"), ("y", "ac")], [("x", "ab"), ("y", "cd")], [("x", "b"), ("y", "acd")]),  # one moves, one adds
        ([("x", "ab")], [("x", "ab"), ("y", "cd")], [("x", "ab"), ("y", "d")]),  # removed there, filled here: it stays
        ([("y", "c"), ("x", "ab")], [("x", "ba"), ("y", "c")], [("y", "c"), ("x", "ba")]),
        ([("z", "d"), ("x", "ab"), ("y", "c")], [("x", "ab"), ("y", "c"), ("w", "e")],
         [("z", "d"), ("x", "ab"), ("y", "c"), ("w", "e")]),
    ],
)  # fmt: skip
def test_places_of_both_sides(mine: Any, theirs: Any, wanted: Any) -> None:
    base = state(("x", "ab"), ("y", "c"))
    found = joined(base, state(*mine), state(*theirs))
    assert found.clashes == []
    assert outline(found) == wanted


def test_a_case_that_both_moved_is_a_conflict_and_goes_where_it_is_told() -> None:
    base, mine, theirs = (state(*((key, "a" if key == at else "") for key in "xyz")) for at in "xyz")
    (clash,) = joined(base, mine, theirs).clashes
    assert clash.path == ("case", "a", SCENARIO)
    assert outline(joined(base, mine, theirs, {clash.path: "mine"}))[1] == ("y", "a")
    assert outline(joined(base, mine, theirs, {("case", "a"): "theirs"}))[2] == ("z", "a")


def test_two_orders_are_a_conflict_of_the_scenario() -> None:
    found = joined(state(("x", "abc")), state(("x", "bac")), state(("x", "acb")))
    assert [each.path for each in found.clashes] == [("scenario", "x", ORDER)]
    (clash,) = joined(state(("x", ""), ("y", ""), ("z", "")), state(("y", ""), ("x", ""), ("z", "")),
                      state(("x", ""), ("z", ""), ("y", ""))).clashes  # fmt: skip
    assert clash.path == ("suite", "", "scenario", ORDER)


def test_two_new_scenarios_of_one_file_name_get_two() -> None:
    found = joined(state(), state(("x", "", "pay")), state(("y", "", "pay")))
    assert {each.key: each.name for each in found.pieces} == {"y": "pay", "x": "pay-2"}


def test_a_step_of_another_kind_is_no_mixture() -> None:
    http = '{"id":"a","case":"a","steps":[{"kind":"http","id":"a1","step":"one","http":"GET x"}]}'
    base, theirs = state(("x", "a")), state(("x", "a"), a="theirs")
    mine = {**base, ("case", "a"): piece_of(Document(kind="case", key="a", body=http, scenario="x"))}
    (clash,) = joined(base, mine, theirs).clashes
    assert clash.path == ("case", "a", "steps", "a1")
    found = joined(base, mine, theirs, {(): "mine"})
    assert found.pieces[-1].hash == mine["case", "a"].hash
