"""What is published about suite files: docs/*.schema.json, and the tables of fields in docs/suite-format.md.

`python -m workbench.files.documentation docs` brings both up to date.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import fields

from workbench.files.atomic import write_text
from workbench.files.field_docs import FIELD_DOCS
from workbench.files.schemas import STEP_TYPES, json_schemas
from workbench.model import manual
from workbench.model import suite as model
from workbench.model.json import pretty

FORMAT = "suite-format.md"
_COMMON = {info.encode_name for info in fields(model.Step)}
_TABLE = re.compile(r"(<!-- fields of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def write_schemas(folder: Path, names: Iterable[str]) -> list[Path]:
    """Write `<name>.schema.json` of each; gives the files."""
    schemas = json_schemas()
    paths = []
    for name in names:
        paths.append(folder / f"{name}.schema.json")
        write_text(paths[-1], pretty(schemas[name]) + "\n")
    return paths


def with_tables(text: str) -> str:
    """The document with each table between `<!-- fields of TYPE -->` and `<!-- end -->` made anew."""
    return _TABLE.sub(lambda match: f"{match[1]}\n{field_table(match[2])}\n{match[3]}", text)


def field_table(name: str) -> str:
    """Markdown of the fields of a model type; for a step kind, of those that the others have not."""
    type_: Any = getattr(model, name, None) or getattr(manual, name)
    kind = name in {one.__name__ for one in STEP_TYPES.values()}
    docs = FIELD_DOCS["ScriptStep" if name == "Step" else name]
    rows = ["| key | value | meaning |", "|---|---|---|"]
    for info in fields(type_):
        key = info.encode_name
        if not (kind and key in _COMMON):
            rows.append(f"| `{key}` | {_value(type_, info)} | {docs[key].replace('|', chr(92) + '|')} |")
    return "\n".join(rows) + "\n"


def _value(type_: Any, info: Any) -> str:
    (schema,), definitions = msgspec.json.schema_components([type_])
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    text = _words(schema["properties"][info.encode_name])
    if info.required:
        return f"{text}, required"
    default = info.default
    return f"{text}, default {default}" if default not in (msgspec.NODEFAULT, "", None, False, ()) else text


def _words(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " or ".join(str(one) for one in schema["enum"] if one != "")
    if "discriminator" in schema:
        return "step"
    if "anyOf" in schema:
        words = [_words(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(words))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].lower()
    kind = schema.get("type")
    if kind == "array":
        return {"": "list", "step": "list of steps", "case": "list of cases"}.get(
            _items(schema), f"list of {_items(schema)}{'' if 'enum' in schema.get('items', {}) else 's'}"
        )
    if kind == "object":
        inner = _words(schema["additionalProperties"]) if schema.get("additionalProperties") else ""
        return f"mapping to {inner}" if inner else "mapping"
    return {"string": "text", "integer": "number", "boolean": "true or false"}.get(str(kind), "any value")


def _items(schema: dict[str, Any]) -> str:
    return _words(schema["items"]) if schema.get("items") else ""


def update(docs: Path) -> None:
    """Bring the schemas and the tables in `docs` up to date."""
    write_schemas(docs, json_schemas())
    path = docs / FORMAT
    write_text(path, with_tables(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    update(Path(sys.argv[1]))
