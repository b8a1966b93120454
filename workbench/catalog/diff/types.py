"""Two declared types of one place: does what the sender writes arrive at the receiver as it was?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from workbench.catalog.shapes import Shapes
from workbench.catalog.template import FUTURES
from workbench.expr.binding import COLLECTIONS, MAPS
from workbench.model.contract_diff import Flow
from workbench.model.javatype import BOXES, OBJECT, PRIMITIVES, JavaType, parse_type

_WHOLE: Final = {"byte": 1, "short": 2, "int": 4, "long": 8}
_FLOATS: Final = ("float", "double")
_TEXT: Final = "java.lang.String"
_OF_ELEMENTS: Final = {"collection-changed", "type-generalized", "supertype-expected", "subtype-expected"}
_VALUE: Final = ("java.lang.Comparable", "java.io.Serializable")
_NUMBER: Final = ("java.lang.Number", *_VALUE)
_EXTENDS: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: _VALUE if name in ("java.lang.Boolean", "java.lang.Character") else _NUMBER for name in BOXES},
    **dict.fromkeys(("java.math.BigDecimal", "java.math.BigInteger"), _NUMBER),
    _TEXT: ("java.lang.CharSequence", *_VALUE),
    "java.util.Date": _VALUE,
    "java.util.UUID": _VALUE,
    **dict.fromkeys(("java.sql.Timestamp", "java.sql.Date", "java.sql.Time"), ("java.util.Date", *_VALUE)),
}
_ITERABLE: Final = ("java.util.Collection", "java.lang.Iterable")
_OF_LISTS: Final = ("java.util.List", *_ITERABLE)
_OF_SETS: Final = ("java.util.Set", *_ITERABLE)
# what travels in the place of its supertypes and is read as one of them; others than these are rare
_CONTAINERS: Final[Mapping[str, tuple[str, ...]]] = {
    "java.util.Collection": _ITERABLE,
    "java.util.List": _ITERABLE,
    "java.util.Set": _ITERABLE,
    "java.util.ArrayList": _OF_LISTS,
    "java.util.LinkedList": (*_OF_LISTS, "java.util.Queue", "java.util.Deque"),
    "java.util.HashSet": _OF_SETS,
    "java.util.LinkedHashSet": (*_OF_SETS, "java.util.HashSet"),
    "java.util.TreeSet": (*_OF_SETS, "java.util.SortedSet", "java.util.NavigableSet"),
    "java.util.HashMap": ("java.util.Map",),
    "java.util.LinkedHashMap": ("java.util.Map", "java.util.HashMap"),
    "java.util.TreeMap": ("java.util.Map", "java.util.SortedMap", "java.util.NavigableMap"),
}
_QUEUES: Final = ("java.util.Queue", "java.util.Deque")
_NO_QUEUES: Final = {name for name in _CONTAINERS if name not in _ITERABLE and name != "java.util.LinkedList"}
# Where hessian-lite looks at the declared type of elements, unless the writer names a class of its own, as a TreeMap.
_GUIDES: Final = ("java.util.List", "java.util.Set", "java.util.Map")
_NAMED_MAPS: Final = {name for name in MAPS if name not in ("java.util.Map", "java.util.HashMap")}
_BOXED: Final = {primitive: box for box, primitive in BOXES.items()}
Variables = Mapping[str, JavaType]


class Place:
    """A place with an old and a new type. `variables` give type parameters names that both sides share."""

    def __init__(self, old: Shapes, new: Shapes) -> None:
        self._shapes = (old, new)

    def judge(
        self, old: str, new: str, flow: Flow, variables: tuple[Variables, Variables] = ({}, {}), *, field: bool = False
    ) -> list[str]:
        """Ids of the rules that hold; none when the types are the same on the wire.

        `field`: hessian-lite reads elements of a field's collection or map by their declared type, one level deep; of
        parameters and answers it knows only the class.
        """
        one, other = (
            _plain(parse_type(text).substitute(known)) for text, known in zip((old, new), variables, strict=True)
        )
        if one == other:
            return []
        return list(self._outer(one, other, field) if flow == "request" else self._outer(other, one, field))

    def _outer(self, sent: JavaType, wanted: JavaType, guided: bool) -> Iterator[str]:
        """`guided`: the reader knows the declared types of elements."""
        if sent.erased != wanted.erased:
            if _as_one_value(sent) != _as_one_value(wanted) and (sent.dimensions and wanted.dimensions):
                yield "type-changed"
                return
            if sent.dimensions and sent.dimensions == wanted.dimensions:  # read by the class of the elements
                yield from self._outer(sent.element, wanted.element, True)
                return
            yield from _simple(sent, wanted) or [self._classes(sent, wanted)]
        if bool(sent.dimensions) != bool(wanted.dimensions):
            yield from self._list_and_array(sent, wanted, guided)
        elif sent.erased == wanted.erased or len(sent.arguments) == len(wanted.arguments):
            yield from self._arguments(sent.arguments, wanted.arguments, guided and _guides(sent, wanted))

    def _list_and_array(self, sent: JavaType, wanted: JavaType, guided: bool) -> Iterator[str]:
        """The elements, where an array is read as a collection or the other way round."""
        if not (_is_collection(sent) and _is_collection(wanted)):
            return
        pair = [
            one.element if one.dimensions else next(iter(one.arguments), JavaType(OBJECT)) for one in (sent, wanted)
        ]
        one, other = (JavaType(_BOXED.get(each.name, each.name), each.arguments, each.dimensions) for each in pair)
        if one == other or OBJECT in (one.erased, other.erased):
            return
        if wanted.dimensions:  # read by the class of the elements
            yield from self._outer(one, other, True)
        else:
            yield from self._element(one, other, guided and _guides(sent, wanted))

    def _arguments(self, sent: Sequence[JavaType], wanted: Sequence[JavaType], guided: bool) -> Iterator[str]:
        if len(sent) != len(wanted):
            yield "generics-changed"
            return
        for one, other in zip(sent, wanted, strict=True):
            if one != other and OBJECT not in (one.erased, other.erased):
                yield from self._element(one, other, guided)

    def _element(self, sent: JavaType, wanted: JavaType, guided: bool) -> Iterator[str]:
        if sent.erased == wanted.erased:
            yield from self._arguments(sent.arguments, wanted.arguments, False)
            return
        rules = set(self._outer(sent, wanted, False)) - {"type-to-text"}  # elements stay the numbers that they were
        yield from (rules if guided else rules & _OF_ELEMENTS) or {"argument-changed"}

    def _classes(self, sent: JavaType, wanted: JavaType) -> str:
        known = None if sent.dimensions else _EXTENDS.get(_BOXED.get(sent.name, sent.name))
        if known is not None and wanted.erased in (*known, OBJECT):
            return "type-generalized"
        if wanted.erased == OBJECT or self._is_a(sent.name, wanted.name):
            return "supertype-expected"
        narrowed = not wanted.dimensions and sent.erased in _EXTENDS.get(wanted.name, ())
        if sent.erased == OBJECT or narrowed or self._is_a(wanted.name, sent.name):
            return "subtype-expected"
        return "type-changed"

    def _is_a(self, name: str, parent: str) -> bool:
        return any(name in shapes.types and parent in shapes.ancestors(name) for shapes in self._shapes)


def _simple(sent: JavaType, wanted: JavaType) -> list[str]:
    """The rules for numbers, texts and collections; none for other types."""
    if sent.dimensions and wanted.dimensions:  # other numbers of brackets
        return []
    if not sent.dimensions and wanted.erased in _CONTAINERS.get(sent.name, ()):
        return ["type-generalized"]
    if _is_collection(sent) and _is_collection(wanted):
        lists = sent.dimensions or sent.name in _NO_QUEUES
        return ["type-changed" if lists and wanted.erased in _QUEUES else "collection-changed"]
    if sent.dimensions or wanted.dimensions:
        return []
    if sent.name in MAPS and wanted.name in MAPS:
        return ["collection-changed"]
    one, other = (BOXES.get(type_.name, type_.name) for type_ in (sent, wanted))
    unboxed = ["type-unboxed"] if sent.name in BOXES and wanted.name in PRIMITIVES else []
    if one == other:
        return unboxed or ["type-boxed"]
    changed = _numbers(one, other)
    return [*changed, *unboxed] if changed else []


def _numbers(one: str, other: str) -> list[str]:
    if one in _WHOLE and other in _WHOLE:
        return ["type-widened" if _WHOLE[one] < _WHOLE[other] else "type-narrowed"]
    if other in _FLOATS and one in (*_WHOLE, *_FLOATS):
        return ["type-rounded"]
    return ["type-to-text"] if other == _TEXT and one in (*_WHOLE, *_FLOATS) else []


def _guides(sent: JavaType, wanted: JavaType) -> bool:
    """Whether elements are read by the type that the reader's field declares for them."""
    return wanted.erased in _GUIDES and sent.name not in _NAMED_MAPS


def _as_one_value(type_: JavaType) -> str:
    """`byte` and `char` of their arrays, which are written as bytes and as a text, not as a list of elements."""
    return type_.name if type_.dimensions and type_.name in ("byte", "char") else ""


def _is_collection(type_: JavaType) -> bool:
    if _as_one_value(type_):
        return False
    return bool(type_.dimensions) or type_.name in COLLECTIONS


def _plain(type_: JavaType) -> JavaType:
    """As it travels: without futures, wildcards anywhere."""
    if type_.name in FUTURES and not type_.dimensions:
        type_ = type_.arguments[0] if type_.arguments else JavaType(OBJECT)
    if type_.name == "java.lang.Void":
        return JavaType("void")
    return JavaType(type_.name, tuple(map(_plain, type_.arguments)), type_.dimensions)
