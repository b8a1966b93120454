"""What hypothesis makes for the laws holds everything that the model can hold: a field that is never there proves
nothing."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from msgspec import Struct
from suite_strategies import SUITE, anything

from workbench.model.contract import Contract
from workbench.model.library import Library
from workbench.model.schedule import Order
from workbench.model.suite import UNREAD, Suite, SuiteFile

MADE: dict[type[Struct], st.SearchStrategy[Any]] = {
    Suite: SUITE, **{kind: anything(kind) for kind in (Contract, Library, Order)}
}  # fmt: skip


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)
def test_every_field_is_filled_at_times(kind: type[Struct]) -> None:
    missing = {(each, name) for each in kinds_of(kind) for name in fields_of(each)}
    for number in range(15):
        if missing:
            missing -= filled_in(kind, number)
    assert missing == set()


def filled_in(kind: type[Struct], number: int) -> set[tuple[type[Struct], str]]:
    """Of ten examples, always the same for a number."""
    filled: set[tuple[type[Struct], str]] = set()

    @seed(number)
    @given(MADE[kind])
    @settings(
        max_examples=10, database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def look(value: Struct) -> None:
        filled.update(filled_of(value))

    look()
    return filled


def filled_of(value: Any) -> Iterator[tuple[type[Struct], str]]:
    """Which fields of the structs in a value have another value than when they are left out."""
    if isinstance(value, Struct):
        for info in msgspec.structs.fields(value):
            given_ = getattr(value, info.name)
            default = info.default if info.default_factory is msgspec.NODEFAULT else info.default_factory()
            if given_ != default:
                yield type(value), info.name
            yield from filled_of(given_)
    elif isinstance(value, dict):
        for each in value.values():
            yield from filled_of(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from filled_of(each)


def fields_of(kind: type[Struct]) -> list[str]:
    unread = ("order",) if kind is SuiteFile else UNREAD.get(str(kind.__struct_config__.tag), ())  # as read, it is ()
    return [info.name for info in msgspec.structs.fields(kind) if info.encode_name not in unread]


def kinds_of(hint: Any, found: set[type[Struct]] | None = None) -> set[type[Struct]]:
    """The structs that a type is made of."""
    found = set() if found is None else found
    if isinstance(hint, type) and issubclass(hint, Struct):
        if hint not in found:
            found.add(hint)
            for each in get_type_hints(hint).values():
                kinds_of(each, found)
    else:
        for each in get_args(hint):
            kinds_of(each, found)
    return found
