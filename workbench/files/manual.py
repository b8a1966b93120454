"""interfaces/manual.yaml (of the suite's own subsystem) and interfaces/<dependency>.yaml → contracts."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from workbench.errors import ErrorGroup, UsageError, WorkbenchError
from workbench.files.exact_yaml import Document
from workbench.files.layout import INTERFACES, Place
from workbench.files.names import coded, decoded
from workbench.files.reader import read_file
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef
from workbench.model.javatype import PRIMITIVES, parse_type
from workbench.model.manual import ManualFile, ManualInterface, ManualType

OWN: Final = "manual"
# Dependency → stem, where another one would be taken: "manual" is a dependency's name like any other.
_STEMS: Final = {"": OWN, OWN: "%6Danual", "%6Danual": "%256Danual"}
_DEPENDENCIES: Final = {stem: name for name, stem in _STEMS.items()}
_METHOD: Final = re.compile(
    r"(?P<returns>[^()]+?)\s+(?P<name>[^\W\d][\w$]*)\s*\((?P<parameters>[^()]*)\)\s*(?:throws\s+(?P<throws>[^()]+))?;?"
)
_EXAMPLE: Final = "write it as in Java: com.example.Order pay(com.example.PayRequest request, long id)"
_NAME: Final = re.compile(r"[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)*")
_WORDS: Final = {*PRIMITIVES, "void", "extends", "super"}
# Short names that everybody means the same by.
_KNOWN: Final = {
    name: f"{package}.{name}"
    for package, names in (
        ("java.lang", "Object String Boolean Byte Short Integer Long Float Double Character Number Void Exception"),
        ("java.util", "List Set Map Collection Date UUID Optional ArrayList HashMap HashSet LinkedHashMap"),
        ("java.math", "BigDecimal BigInteger"),
        ("java.time", "Instant LocalDate LocalDateTime LocalTime Duration OffsetDateTime ZonedDateTime"),
        ("java.util.concurrent", "CompletableFuture"),
    )
    for name in names.split()
}


def read_manual(folder: Path) -> dict[str, Contract]:
    """What a person wrote, by dependency; "" is the suite's own. Raises ErrorGroup of SuiteError, all at once."""
    contracts: dict[str, Contract] = {}
    errors: list[WorkbenchError] = []
    for name, path in manual_files(folder).items():
        document, model = read_file("manual", path)
        if model is not None:
            contracts[name] = _Reader(document, model, f"{INTERFACES}/{path.name}").contract()
        errors += document.errors
    if errors:
        raise ErrorGroup(errors)
    return contracts


def manual_files(folder: Path) -> dict[str, Path]:
    """The files that are there, by the same names."""
    paths = sorted((folder / INTERFACES).glob("*.yaml"))
    shown = [path for path in paths if not path.name.startswith(".")]
    return {_DEPENDENCIES.get(path.stem, decoded(path.stem)): path for path in shown}


def manual_path(dependency: str = "") -> str:
    """Where what a person wrote of it stands in a suite's folder. Raises SuiteError for a name too long for a file."""
    return f"{INTERFACES}/{_STEMS.get(dependency) or coded(dependency)}.yaml"


class _Text(NamedTuple):
    """A text of the file and where it stands."""

    text: str
    place: Place


class _Reader:
    """Errors go to the document, at their lines."""

    def __init__(self, document: Document, model: ManualFile, origin: str) -> None:
        self._document, self._model, self._origin = document, model, origin
        self._short: Mapping[str, str] = _KNOWN | {re.split(r"[.$]", name)[-1]: name for name in model.types}

    def contract(self) -> Contract:
        interfaces = [self._interface(name, one) for name, one in sorted(self._model.interfaces.items())]
        types = {name: self._type(name, one) for name, one in sorted(self._model.types.items())}
        return Contract(tuple(interfaces), types)

    def _interface(self, name: str, written: ManualInterface) -> Interface:
        texts = (_Text(text, ("interfaces", name, "methods", at)) for at, text in enumerate(written.methods))
        methods = tuple(method for text in texts for method in self._method(text))
        return Interface(name, methods, "manual", self._origin, written.group, written.version, doc=written.description)

    def _type(self, name: str, written: ManualType) -> TypeDef:
        fields = tuple(
            Field(key, self._resolved(_Text(text, ("types", name, "fields", key))))
            for key, text in written.fields.items()
        )
        if written.constants:
            if fields:
                self._document.add(
                    f"{name} has fields and constants", ("types", name), hint="an enum has constants only"
                )
            return TypeDef("enum", constants=written.constants, origin=self._origin, doc=written.description)
        above = self._resolved(_Text(written.extends, ("types", name, "extends"))) if written.extends else ""
        return TypeDef("class", super=above, fields=fields, origin=self._origin, doc=written.description)

    def _method(self, written: _Text) -> Iterator[Method]:
        found = _METHOD.fullmatch(written.text.strip())
        if not found:
            self._document.add(f"{written.text!r} is no method", written.place, hint=_EXAMPLE)
            return
        parameters = tuple(self._parameters(written._replace(text=found["parameters"])))
        yield Method(
            found["name"],
            parameters,
            tuple(parse_type(parameter.type).erased for parameter in parameters if parameter.type),
            self._resolved(written._replace(text=found["returns"])),
            tuple(self._resolved(written._replace(text=text)) for text in (found["throws"] or "").split(",") if text),
        )

    def _parameters(self, written: _Text) -> Iterator[Parameter]:
        """`long id, Map<String, Long> prices`; names may be left out."""
        for index, text in enumerate(_split(written.text)):
            named = re.fullmatch(r"(.*[\s>\]])([^\W\d][\w$]*)", text, re.DOTALL)
            type_, name = (named[1], named[2]) if named else (text, f"arg{index}")
            yield Parameter(name, self._resolved(written._replace(text=type_)))

    def _resolved(self, written: _Text) -> str:
        """The type with full names; "java.lang.Object" where it is wrong, which is then an error of the document."""
        unknown: list[str] = []

        def full(match: re.Match[str]) -> str:
            name = match[0]
            if "." in name or name in _WORDS:
                return name
            if name not in self._short:
                unknown.append(name)
            return self._short.get(name, name)

        text = _NAME.sub(full, written.text.strip())
        try:
            type_ = str(parse_type(text))
        except UsageError as error:
            self._document.add(error.message, written.place, hint=error.hint)
            return "java.lang.Object"
        if unknown:
            hint = f"write its full name, as in com.example.{unknown[0]}"
            self._document.add(f"the class {unknown[0]} is not known", written.place, hint=hint)
        return type_


def _split(text: str) -> list[str]:
    """At the commas outside of <…>."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char == "<") - (char == ">")
        if char == "," and not depth:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]
