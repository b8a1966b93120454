"""One interface as two sources describe it."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from workbench.catalog.contradictions import differ
from workbench.model.contract import Claim, Contradiction, Interface, Method, Parameter


def merged_interface(known: Interface, other: Interface, *, add: bool) -> tuple[Interface, list[Contradiction]]:
    """The better known one, completed: names of parameters, texts, the implementation. `add`: methods, too."""
    if not known.methods and other.methods:  # only its name is known: its class is in none of the artifacts
        methods = tuple(_marked(method, other) for method in other.methods)
        return replace(known, methods=methods, seen_in=_seen(known, other)), []
    theirs = {method.signature: method for method in other.methods}
    mine = {method.signature for method in known.methods}
    methods = tuple(_completed(method, theirs.get(method.signature), other) for method in known.methods)
    if add:
        methods += tuple(_marked(method, other) for method in other.methods if method.signature not in mine)
    whole = replace(
        known,
        methods=methods,
        # A bare API jar does not name the implementation; the provider's jar may.
        implementation=known.implementation or other.implementation,
        doc=known.doc or other.doc,
        seen_in=_seen(known, other),
    )
    return whole, list(_contradictions(known, other, partial=add))


def _seen(known: Interface, other: Interface) -> tuple[str, ...]:
    others = [origin for origin in (other.origin, *other.seen_in) if origin and origin != known.origin]
    return tuple(dict.fromkeys((*known.seen_in, *others)))


def _marked(method: Method, source: Interface) -> Method:
    return replace(method, origin=method.origin or source.origin)


def _completed(method: Method, other: Method | None, source: Interface) -> Method:
    if other is None:
        return method
    parameters = tuple(
        _named(mine, theirs, source) for mine, theirs in zip(method.parameters, other.parameters, strict=True)
    )
    return replace(
        method,
        parameters=parameters,
        doc=method.doc or other.doc,
        returns_doc=method.returns_doc or other.returns_doc,
    )


def _named(mine: Parameter, theirs: Parameter, source: Interface) -> Parameter:
    doc = mine.doc or theirs.doc
    if mine.made_up and not theirs.made_up:
        return replace(mine, name=theirs.name, origin=theirs.origin or source.origin, doc=doc)
    return replace(mine, doc=doc) if doc != mine.doc else mine


def _contradictions(known: Interface, other: Interface, *, partial: bool) -> Iterator[Contradiction]:
    """`partial`: the other may leave methods out."""
    mine, theirs = ({method.signature: method for method in one.methods} for one in (known, other))
    origins = (known.origin or known.name, other.origin or other.name)
    for signature in sorted(mine.keys() & theirs.keys()):
        if differ(mine[signature].returns, theirs[signature].returns):
            says = (mine[signature].returns, theirs[signature].returns)
            yield _contradiction(f"{known.name}#{signature}", "answer", origins, says)
    if not other.methods:
        return
    gone = [mine[signature] for signature in sorted(mine.keys() - theirs.keys())]
    fresh = [theirs[signature] for signature in sorted(theirs.keys() - mine.keys())]
    for method in gone:
        alike = [one for one in fresh if one.name == method.name and len(one.erased) == len(method.erased)]
        if len(alike) == 1 and _names(gone).count(method.name) == 1:
            fresh.remove(alike[0])
            says = (_types(method), _types(alike[0]))
            yield _contradiction(f"{known.name}#{method.name}", "parameter types", origins, says)
        elif not partial:
            yield _contradiction(f"{known.name}#{method.signature}", "method", origins, (method.signature, ""))
    if not partial:
        for method in fresh:
            yield _contradiction(f"{known.name}#{method.signature}", "method", origins, ("", method.signature))


def _contradiction(place: str, what: str, origins: tuple[str, str], says: tuple[str, str]) -> Contradiction:
    return Contradiction(place, what, tuple(Claim(*pair) for pair in zip(origins, says, strict=True)))


def _names(methods: Sequence[Method]) -> list[str]:
    return [method.name for method in methods]


def _types(method: Method) -> str:
    return f"({', '.join(method.erased)})"
