"""Laws of merging and comparing, and what they mean for the steps of a case."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace
from suite_strategies import CASE

from workbench.model import json
from workbench.storage.merge import ORDER, Conflict, Merged, compare, merge

LEAF = st.sampled_from([None, True, 1, "a", "b", "c"])
IDS = st.sampled_from(["p", "q", "r", "s"])
STEP = st.fixed_dictionaries({"id": IDS}, optional={"x": LEAF, "y": LEAF})
STEPS = st.lists(STEP, max_size=4, unique_by=lambda step: step["id"])
TREE = st.fixed_dictionaries(
    {}, optional={"name": LEAF, "steps": STEPS, "tags": st.lists(LEAF, max_size=2), "deep": st.dictionaries(IDS, STEPS)}
)
MANY = settings(max_examples=300)


def swapped(merged: Merged) -> Merged:
    return replace(
        merged, conflicts=tuple(replace(each, mine=each.theirs, theirs=each.mine) for each in merged.conflicts)
    )


@given(TREE, TREE)
@MANY
def test_one_side_changed_is_taken(base: Any, changed: Any) -> None:
    assert json.dumps(merge(base, changed, base).value) == json.dumps(changed)
    assert json.dumps(merge(base, base, changed).value) == json.dumps(changed)
    assert merge(base, changed, base).conflicts == merge(base, base, changed).conflicts == ()


@given(TREE, TREE)
@MANY
def test_both_the_same_is_the_same(base: Any, changed: Any) -> None:
    assert merge(base, changed, changed) == Merged(changed)


@given(TREE, TREE, TREE)
@MANY
def test_swapping_the_sides_swaps_the_conflicts_and_nothing_else(base: Any, mine: Any, theirs: Any) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert swapped(other) == one
    assert json.dumps(one.value) == json.dumps(other.value)


@given(TREE, TREE, TREE)
@MANY
def test_nothing_that_one_side_added_is_lost(base: Any, mine: Any, theirs: Any) -> None:
    merged = merge(base, mine, theirs)
    if merged.conflicts:
        return
    kept = {step["id"] for step in merged.value.get("steps", ())}
    before = {step["id"] for step in base.get("steps", ())}
    for side in (mine, theirs):
        assert {step["id"] for step in side.get("steps", ())} - before <= kept or "steps" not in merged.value


@given(TREE, TREE)
@MANY
def test_no_difference_means_the_same(before: Any, after: Any) -> None:
    assert (compare(before, after) == []) is (json.dumps(before) == json.dumps(after))
    assert [each.place for each in compare(after, before)] != [] or json.dumps(before) == json.dumps(after)


@given(CASE)
@settings(max_examples=20)
def test_cases_without_ids_merge_too(case: Any) -> None:
    value = json.loads(json.dumps(case))
    changed = {**value, "case": "another"}
    assert merge(value, changed, {**value, "owner": "li"}).value == {**changed, "owner": "li"}


def case(*steps: str, **fields: Any) -> dict[str, Any]:
    return {"case": "c", "steps": [{"id": step[0], "script": step} for step in steps], **fields}


@pytest.mark.parametrize(
    ("mine", "theirs", "steps"),
    [
        (("a", "b", "x", "c"), ("a", "b", "c", "y"), "abxcy"),  # each added one, at other places
        (("a", "b", "x", "c"), ("a", "b", "y", "c"), "abxyc"),  # at the same place
        (("b", "a", "c"), ("a", "b", "x", "c"), "bxac"),  # one moved, the other added behind b
        (("a", "c"), ("a", "b", "c", "d"), "acd"),  # one removed, the other added
        (("a",), ("b", "c"), ""),  # each removed what the other kept
        (("c", "b", "a"), ("c", "b", "a", "d"), "cbad"),
    ],
)
def test_steps_of_both_sides(mine: tuple[str, ...], theirs: tuple[str, ...], steps: str) -> None:
    merged = merge(case("a", "b", "c"), case(*mine), case(*theirs))
    assert merged.conflicts == ()
    assert "".join(step["id"] for step in merged.value["steps"]) == steps


def test_two_fields_of_one_step_go_together_and_one_field_is_a_conflict() -> None:
    base = case("a", "b")
    mine, theirs = case("a changed", "b"), case("a", "b")
    theirs["steps"][0] = {**theirs["steps"][0], "timeout": "3s"}
    assert merge(base, mine, theirs).value["steps"][0] == {"id": "a", "script": "a changed", "timeout": "3s"}
    theirs["steps"][0]["script"] = "a otherwise"
    assert merge(base, mine, theirs).conflicts == (Conflict(("steps", "a", "script"), "a", "a changed", "a otherwise"),)


def test_changed_here_and_removed_there_is_a_conflict() -> None:
    (conflict,) = merge(case("a", "b"), case("a"), case("a", "b changed")).conflicts
    assert conflict.place == ("steps", "b")
    assert (conflict.mine, conflict.theirs) == (UNSET, {"id": "b", "script": "b changed"})


def test_two_orders_are_a_conflict() -> None:
    merged = merge(case("a", "b", "c"), case("b", "a", "c"), case("a", "c", "b"))
    assert [each.place for each in merged.conflicts] == [("steps", ORDER)]


def test_numbers_are_told_apart_by_their_digits() -> None:
    before, after = json.loads('{"n": 1.0, "t": true}'), json.loads('{"n": 1.00, "t": 1}')
    assert [each.place for each in compare(before, after)] == [("n",), ("t",)]
    assert len(merge(json.loads('{"n": 1}'), before, after).conflicts) == 2


def test_differences_name_step_and_field() -> None:
    before, after = case("a", "b"), case("b", "a changed", "c", priority="P0")
    assert [(each.place, each.before, each.after) for each in compare(before, after)] == [
        (("steps", "a", "script"), "a", "a changed"),
        (("steps", "c"), UNSET, {"id": "c", "script": "c"}),
        (("steps", ORDER), ["a", "b"], ["b", "a", "c"]),
        (("priority",), UNSET, "P0"),
    ]
