"""Services declared in Spring XML: `<dubbo:service interface="…" ref="…"/>`."""

from collections.abc import Iterator
from posixpath import join, normpath

from workbench.errors import ArtifactError
from workbench_parsers.archives.archive import Archive
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.problems import Problems
from workbench_parsers.recognise.properties import Placeholders, read_placeholders
from workbench_parsers.recognise.service import Service
from workbench_parsers.recognise.xml_events import Element, elements_of, read_elements

NAMESPACES = frozenset({"http://dubbo.apache.org/schema/dubbo", "http://code.alibabatech.com/schema/dubbo"})
_WORDS = (b"dubbo.apache.org/schema/dubbo", b"code.alibabatech.com/schema/dubbo")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_FILES = 500


class Document:
    """One XML file of an archive, parsed."""

    def __init__(self, archive: Archive, entry: str, elements: list[Element]) -> None:
        self.archive, self.entry, self.elements = archive, entry, elements

    @property
    def where(self) -> str:
        return self.archive.where(self.entry)


class SpringXml:
    """All Spring XML of a class path that has to do with Dubbo, and the properties files that it names."""

    def __init__(self, path: ClassPath, problems: Problems) -> None:
        self._path, self._problems = path, problems
        self._documents: dict[tuple[str, str], Document | None] = {}
        for archive in path.archives:
            for entry in archive.entries:
                if entry.endswith((".xml", ".XML")) and not entry.startswith("META-INF/maven/"):
                    self._read(archive, entry, only_dubbo=True)

    def placeholders(self) -> Placeholders:
        """Values for `${…}` from the files that the XML names and the well-known ones."""
        named = {name for document in self._parsed() for name in _property_files(document.elements)}
        return read_placeholders(self._path, frozenset(named), self._problems)

    def services(self, placeholders: Placeholders) -> Iterator[Service]:
        beans = {name: class_ for document in self._parsed() for name, class_ in _beans(document.elements)}
        defaults = _Defaults(list(self._parsed()), placeholders)
        for document in self._parsed():
            for element in elements_of(document.elements, "service"):
                if element.namespace in NAMESPACES:
                    yield self._service(document, element, beans, defaults, placeholders)

    def _service(
        self,
        document: Document,
        element: Element,
        beans: dict[str, str],
        defaults: "_Defaults",
        placeholders: Placeholders,
    ) -> Service:
        def value(name: str) -> str:
            return placeholders.fill(element.attributes.get(name, ""), document.where)

        return Service(
            interface=value("interface"),
            recognised_by="spring-xml",
            origin=document.archive.origin,
            group=value("group") or defaults.of(document, element, "group"),
            version=value("version") or defaults.of(document, element, "version"),
            implementation=beans.get(value("ref")) or value("class") or _inner_bean(document.elements, element),
        )

    def _parsed(self) -> Iterator[Document]:
        return (document for document in self._documents.values() if document)

    def _read(self, archive: Archive, entry: str, *, only_dubbo: bool) -> None:
        key = (archive.origin, entry)
        if key in self._documents:
            return
        if len(self._documents) >= _MAX_FILES:
            self._problems.add(archive.where(entry), f"not read: more than {_MAX_FILES} Spring XML files")
            return
        try:
            data = archive.read(entry)
            if only_dubbo and not _speaks_dubbo(data):
                return
            self._documents[key] = document = Document(archive, entry, read_elements(data, archive.where(entry)))
        except ArtifactError as error:
            self._documents[key] = None
            self._problems.caught(error, archive.where(entry))
            return
        for resource in _imports(document.elements):
            self._import(document, resource)

    def _import(self, document: Document, resource: str) -> None:
        """`classpath:a/b.xml` is looked for in all class folders, `b.xml` next to the importing file."""
        kind, colon, name = resource.rpartition(":")
        if "*" in name or "${" in name:
            return  # every .xml that speaks of Dubbo has been read without being named
        if colon and kind.startswith("classpath"):
            for root in self._path.roots:
                if root.folder + name.lstrip("/") in root.archive.entries:
                    self._read(root.archive, root.folder + name.lstrip("/"), only_dubbo=False)
            return
        entry = normpath(join(document.entry.rpartition("/")[0], name))
        if entry in document.archive.entries:
            self._read(document.archive, entry, only_dubbo=False)


class _Defaults:
    """group and version of `<dubbo:provider>`: the enclosing one, the one named, else the only nameless one."""

    def __init__(self, documents: list[Document], placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._by_id: dict[str, Element] = {}
        self._general: Element | None = None
        for document in documents:
            for element in elements_of(document.elements, "provider"):
                if element.namespace in NAMESPACES:
                    self._add(element)

    def of(self, document: Document, service: Element, name: str) -> str:
        providers = [document.elements[index] for index in reversed(service.path)]
        enclosing = next((element for element in providers if element.name == "provider"), None)
        named = self._by_id.get(service.attributes.get("provider", ""))
        chosen = enclosing or named or self._general
        written = chosen.attributes.get(name, "") if chosen else ""
        return self._placeholders.fill(written, document.where) or self._placeholders.get(f"dubbo.provider.{name}")

    def _add(self, element: Element) -> None:
        if "id" in element.attributes:
            self._by_id[element.attributes["id"]] = element
        if element.attributes.get("default") == "true" or "id" not in element.attributes:
            self._general = self._general or element


def _speaks_dubbo(data: bytes) -> bool:
    return any(words in data for words in _WORDS) or data.startswith(_UTF16)


def _imports(elements: list[Element]) -> Iterator[str]:
    return (element.attributes.get("resource", "") for element in elements_of(elements, "import"))


def _beans(elements: list[Element]) -> Iterator[tuple[str, str]]:
    """Names of beans with their classes."""
    for element in elements_of(elements, "bean"):
        attributes = element.attributes
        for name in (attributes.get("id", ""), *attributes.get("name", "").replace(";", ",").split(",")):
            if name.strip() and "class" in attributes:
                yield name.strip(), attributes["class"]


def _inner_bean(elements: list[Element], service: Element) -> str:
    """The class of a bean written inside the service element."""
    index = elements.index(service)
    inner = (e for e in elements_of(elements, "bean") if e.path[-1:] == (index,))
    return next((element.attributes.get("class", "") for element in inner), "")


def _property_files(elements: list[Element]) -> Iterator[str]:
    """`classpath:dubbo.properties` wherever it is written: placeholder elements and configurer beans differ much."""
    for element in elements:
        for value in element.attributes.values():
            for name in value.replace(";", ",").split(","):
                if name.strip().endswith(".properties"):
                    yield name.strip().rpartition(":")[2].lstrip("/")
