"""Java .properties files, and the `${…}` that they fill."""

import re
from collections.abc import Iterator, Mapping

from workbench.errors import ArtifactError
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.problems import Problems
from workbench_parsers.recognise.yaml_values import parse_yaml_values

# Read by Spring Boot and Dubbo without being named anywhere.
DEFAULT_FILES = ("application.properties", "config/application.properties", "bootstrap.properties", "dubbo.properties")
_YAML_FILES = tuple(f"{folder}{name}" for folder in ("", "config/") for name in ("application.yml", "application.yaml"))

_LINE_END = re.compile(r"\r\n|\r|\n")
_KEY = re.compile(r"((?:\\.|[^\\=:\s])*)[ \t\f]*[=: \t\f]?[ \t\f]*", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_PLACEHOLDER = re.compile(r"\$\{([^${}]*)\}")  # an innermost one
_MAX_ROUNDS = 20
_MAX_VALUE = 4096


def parse_properties(data: bytes) -> dict[str, str]:
    """Keys and values of a .properties file; UTF-8, else ISO-8859-1 as it was before Java 9."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("iso-8859-1")
    found = {}
    for line in _logical_lines(text):
        match = _KEY.match(line)
        if match:
            found[_unescape(match[1])] = _unescape(line[match.end() :])
    return found


def _logical_lines(text: str) -> Iterator[str]:
    pending = ""
    for line in _LINE_END.split(text):
        stripped = line.lstrip(" \t\f")
        if not pending and (not stripped or stripped[0] in "#!"):
            continue
        pending += stripped
        backslashes = len(pending) - len(pending.rstrip("\\"))
        if backslashes % 2:
            pending = pending[:-1]
            continue
        yield pending
        pending = ""
    if pending:
        yield pending


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: _escaped(match[1]), text) if "\\" in text else text


def _escaped(code: str) -> str:
    return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPED.get(code, code)


class Placeholders:
    """Fills `${key}` and `${key:default}` from properties; what cannot be filled stays and becomes a warning."""

    def __init__(self, values: Mapping[str, str], problems: Problems) -> None:
        self._values, self._problems = values, problems

    def get(self, key: str) -> str:
        """The filled value of a key; empty when it is not set."""
        return self.fill(self._values.get(key, ""), key)

    def fill(self, text: str, where: str) -> str:
        result = text
        for _ in range(_MAX_ROUNDS):
            if "${" not in result or len(result) > _MAX_VALUE:
                break
            result, before = _PLACEHOLDER.sub(self._value, result), result
            if result == before:
                break
        if "${" in result:
            self._problems.add(
                where, f"the placeholder in {text!r} is set in no .properties file and no application.yml"
            )
            return text
        return result.strip()

    def _value(self, match: re.Match[str]) -> str:
        key, colon, default = match[1].partition(":")
        value = self._values.get(key.strip())
        if value is None:
            return default if colon else match[0]
        return value


def read_placeholders(path: ClassPath, named: frozenset[str], problems: Problems) -> Placeholders:
    """Values of the well-known files (application.yml too) and of `named` ones, wherever on the class path; the first
    one counts, and one of a .properties file before one of YAML."""
    values: dict[str, str] = {}
    for root in path.roots:
        entries = root.archive.entries
        for name in (*DEFAULT_FILES, *_YAML_FILES, *sorted(named)):
            entry = root.folder + name
            if entry not in entries:
                continue
            try:
                data = root.archive.read(entry)
            except ArtifactError as error:
                problems.caught(error, root.archive.where(entry))
                continue
            parse = parse_yaml_values if name in _YAML_FILES else parse_properties
            values = {**parse(data), **values}
    return Placeholders(values, problems)
