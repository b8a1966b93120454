"""Safe XML: expat with every entity declaration refused, so neither files are opened nor laughs multiplied."""

import re
from collections.abc import Iterator
from xml.parsers import expat

from msgspec import Struct

from workbench.errors import ArtifactError

_MAX_BYTES = 8 * 1024 * 1024
_MAX_DEPTH = 200
_ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")


class Element(Struct, frozen=True):
    """`path` holds the indices of its ancestors in the document's list of elements."""

    namespace: str
    name: str
    attributes: dict[str, str]
    path: tuple[int, ...]


def read_elements(data: bytes, where: str) -> list[Element]:
    """All elements in document order. Raises ArtifactError with the line for what is not well-formed or not safe."""
    if len(data) > _MAX_BYTES:
        raise ArtifactError(f"an XML file of {len(data)} bytes; at most {_MAX_BYTES} are read", where=where)
    return _Reader(where).read(data)


class _Reader:
    def __init__(self, where: str) -> None:
        self._where = where
        self._found: list[Element] = []
        self._path: tuple[int, ...] = ()

    def read(self, data: bytes) -> list[Element]:
        text, encoding = _decoded(data, self._where)
        parser = expat.ParserCreate(encoding, namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(text, True)
        except expat.ExpatError as error:
            where = f"{self._where}:{error.lineno}:{error.offset + 1}"
            raise ArtifactError(f"is not well-formed XML: {expat.ErrorString(error.code)}", where=where) from error
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _MAX_DEPTH:
            raise ArtifactError(f"elements nested deeper than {_MAX_DEPTH}", where=self._where)
        namespace, _, local = name.rpartition(" ")
        self._found.append(Element(namespace, local, attributes, self._path))
        self._path = (*self._path, len(self._found) - 1)

    def _end(self, _: str) -> None:
        self._path = self._path[:-1]

    def _entity(self, name: str, *_: object) -> None:
        raise ArtifactError(f"declares the entity {name!r}, which is not read for safety", where=self._where)


def _decoded(data: bytes, where: str) -> tuple[bytes, str | None]:
    """expat knows Unicode and Latin-1 only; GBK and the like are decoded here."""
    declared = _ENCODING.match(data[:200])
    name = declared[1].decode().lower() if declared else "utf-8"
    if name in ("utf-8", "utf-16", "us-ascii", "iso-8859-1"):
        return data, None
    try:
        return data.decode(name).encode(), "utf-8"
    except (LookupError, UnicodeError) as error:
        raise ArtifactError(f"cannot be decoded as {name}: {error}", where=where) from error


def elements_of(found: list[Element], *names: str) -> Iterator[Element]:
    """Those with one of the local names, in any namespace."""
    return (element for element in found if element.name in names)
