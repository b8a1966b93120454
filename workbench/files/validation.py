"""Everything that is wrong with the shape of a file, all at once, in a tester's words.

Used only when the fast conversion has failed: it stops at the first error and knows no lines.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from workbench.errors import SuiteError
from workbench.files.exact_yaml import Document
from workbench.files.schemas import ID, ID_HINT, STEP_KINDS, Schema, schema_of
from workbench.model.near import did_you_mean, near_names
from workbench.model.words import clipped

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Path = tuple[str | int, ...]
_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
    "number": "a number",
}


def shape_errors(document: Document, kind: str, data: Any) -> list[SuiteError]:
    """Errors of `data` against the schema of `kind`, in the order of the file; those already told are left out."""
    from jsonschema import Draft202012Validator  # here, so that commands that find no error start faster

    schema = schema_of(kind)
    found: list[tuple[tuple[int, int], SuiteError]] = []
    for error in Draft202012Validator(schema).iter_errors(data):
        for path, key, message, hint in _told(error, schema):
            if document.is_broken(path):
                continue
            where = document.where(path, key=key)
            line, column = where.rsplit(":", 2)[1:]
            found.append(((int(line), int(column)), SuiteError(message, where=where, hint=hint)))
    found.sort(key=lambda pair: pair[0])
    return list({(error.where, error.message): error for _, error in found}.values())


def _told(error: "ValidationError", root: Schema) -> Iterator[tuple[Path, bool, str, str]]:
    """(path, whether its key is meant, message, hint) of each thing that one schema error says."""
    path = tuple(error.absolute_path)
    schema = cast(Schema, error.schema)
    value = cast(Any, error.validator_value)
    if error.validator == "additionalProperties":
        yield from _unknown_keys(cast(Any, error.instance), path, schema)
    elif error.validator == "required":
        yield _missing_key(cast(Any, error.instance), path, error.message.split("'")[1], schema)
    elif error.validator == "enum":
        choices = [str(one) for one in value if one != ""]
        yield path, False, f"expected {_or(choices)}, found {_found(error.instance)}", _near(error.instance, choices)
    elif error.validator == "pattern" and value == ID:
        yield path, False, f"{error.instance!r} is not an id", ID_HINT
    elif error.validator == "pattern":
        yield path, False, f"{error.instance!r} is not a duration", "write 500ms, 3s, 10m or 4h"
    elif error.validator == "anyOf" and isinstance(error.instance, dict) and _inner(error):
        for inner in _inner(error):  # `T | null` with a mapping: what is wrong in T
            yield from _told(inner, root)
    elif error.validator in ("type", "anyOf"):
        yield (
            path,
            False,
            f"expected {_expected(schema, root)}, found {_found(error.instance)}",
            _type_hint(error),
        )
    elif error.validator != "oneOf":  # that of step kinds: told by `checks`
        yield path, False, error.message, ""


def _missing_key(item: dict[str, Any], path: Path, name: str, schema: Schema) -> tuple[Path, bool, str, str]:
    near = near_names(name, [key for key in item if key not in schema["properties"]])
    hint = f"is {near[0]} meant to be {name}?" if near else f"write {name}: …"
    return path, False, f"{name} is missing", hint


def _inner(error: "ValidationError") -> list["ValidationError"]:
    return [inner for inner in error.context or () if inner.validator != "type" or inner.path]


def _unknown_keys(item: dict[str, Any], path: Path, schema: Schema) -> Iterator[tuple[Path, bool, str, str]]:
    known = schema.get("properties", {})
    for key in item:
        if key not in known:
            yield (*path, key), True, f"there is no key {key} here", _key_hint(key, known, schema)


def _key_hint(key: str, known: dict[str, Any], schema: Schema) -> str:
    near = did_you_mean(key, known)
    if near:
        return near
    owners = [kind for kind in STEP_KINDS if kind in known]
    what = f"a {owners[0]} step" if owners else schema.get("title", "this")
    return f"{what} has {', '.join(name for name in known if name != 'comment')}"


def _expected(schema: Schema, root: Schema) -> str:
    if "anyOf" in schema:
        return _or(list(dict.fromkeys(_expected(one, root) for one in schema["anyOf"])))
    if "$ref" in schema:
        return "a mapping (key: value)"
    if schema.get("type") == "array":
        items = schema.get("items")
        ref = items.get("$ref", "") if isinstance(items, dict) else ""
        return {"#/$defs/Step": "a list of steps", "#/$defs/Case": "a list of cases"}.get(ref, "a list")
    if schema.get("type") == "object":
        return "a step (key: value)" if schema.get("title") == "Step" else "a mapping (key: value)"
    return _WORDS.get(str(schema.get("type")), str(schema.get("type")))


def _found(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping (key: value)"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text {clipped(value, 60)!r}"
    return {True: "true", False: "false", None: "null"}[value] if isinstance(value, bool | None) else str(value)


def _type_hint(error: "ValidationError") -> str:
    """What to write instead, where it is a usual slip."""
    last = error.absolute_path[-1] if error.absolute_path else ""
    if last == "request":
        return "write `request: |` and the JSON in the lines below"
    if last == "assert":
        return "write `assert: |` and one assertion a line below"
    expected, found = cast(Schema, error.schema).get("type"), error.instance
    if expected == "array" and isinstance(found, str):
        return f"write [{found}], or one `- ` a line"
    if expected == "boolean" and isinstance(found, str) and found.lower() in ("yes", "on", "true", "y"):
        return "write true"
    if expected == "boolean" and isinstance(found, str) and found.lower() in ("no", "off", "false", "n"):
        return "write false"
    if expected == "integer" and isinstance(found, str) and found.strip().isdecimal():
        return f"write {int(found)} without quotes"
    return ""


def _near(value: Any, choices: list[str]) -> str:
    return did_you_mean(value, choices) if isinstance(value, str) and near_names(value, choices) else ""


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
