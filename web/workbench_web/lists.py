"""Lists, all asked for in the same words: `q`, filters by the name of a field, `sort`, `offset`, `limit`.

A query says its `sort` as names of fields, `-name` for the other way round; its default is the order in which the list
comes, and needs no key.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Protocol, TypeVar

from msgspec import Meta, Struct

from workbench.usecases.browse_suites import Page, page_of

T = TypeVar("T")
Text = Annotated[str, Meta(max_length=200)]
Needle = Annotated[str, Meta(max_length=200, description="What stands in it, in upper or lower case.")]
Offset = Annotated[int, Meta(ge=0, le=2**31 - 1, description="How many to pass over.")]
Limit = Annotated[int, Meta(ge=1, le=1000, description="How many to give at most.")]


class Paging(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    offset: Offset = 0
    limit: Limit = 100


class Listing(Paging, frozen=True, forbid_unknown_fields=True, kw_only=True):
    q: Needle = ""


class Sorted(Protocol):
    @property
    def q(self) -> str: ...
    @property
    def sort(self) -> str: ...
    @property
    def offset(self) -> int: ...
    @property
    def limit(self) -> int: ...


def listed(found: Iterable[T], query: Sorted, text: Callable[[T], str], /, **keys: Callable[[T], Any]) -> Page[T]:
    """A page of what is found, of that whose `text` holds `q`. `keys`: by what it is sorted, but for the order in which
    it comes."""
    wanted = query.q.casefold()
    rows = [each for each in found if not wanted or wanted in text(each).casefold()]
    natural: str = type(query)().sort
    name = query.sort.removeprefix("-")
    if name != natural.removeprefix("-"):
        rows.sort(key=keys[name], reverse=query.sort != name)
    elif query.sort != natural:
        rows.reverse()
    return page_of(rows, query.offset, query.limit)
