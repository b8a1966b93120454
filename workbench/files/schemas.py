"""The published JSON Schema of suite files, made from the model types.

In files a step has no `kind` key: its kind is the one key of dubbo, http, tool, sql, redis, script, use that it has,
and the schema chooses by that key. What each field means comes from field_docs, as in docs/suite-format.md.
"""

from copy import deepcopy
from functools import cache
from typing import Any

import msgspec

from workbench.files.field_docs import FIELD_DOCS
from workbench.model.manual import ManualFile
from workbench.model.suite import (
    DubboStep,
    HttpStep,
    RedisStep,
    Scenario,
    ScriptStep,
    SharedSteps,
    SqlStep,
    SuiteFile,
    ToolStep,
    UseStep,
)

Schema = dict[str, Any]
STEP_TYPES = {
    "dubbo": DubboStep,
    "http": HttpStep,
    "tool": ToolStep,
    "sql": SqlStep,
    "redis": RedisStep,
    "script": ScriptStep,
    "use": UseStep,
}
STEP_KINDS = tuple(STEP_TYPES)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DURATION = r"^\s*([0-9]+(\.[0-9]+)?\s*(ms|s|m|h)?)?\s*$"
ID_HINT = "8 characters 0-9 and a-z; remove the line, and `workbench fmt` writes one"
ID = r"^[A-Za-z0-9_-]{0,64}$"
# (type, field) of every duration; `Duration` is a text to msgspec
DURATIONS = {
    *((kind.__name__, "timeout") for kind in STEP_TYPES.values()),
    ("Case", "timeout"),
    ("Retry", "every"),
    *(("Defaults", name) for name in ("step", "hook", "case", "run")),
}
_TITLES = {
    "suite": "Dubbo Workbench: suite.yaml",
    "scenario": "Dubbo Workbench: scenarios/*.yaml",
    "shared": "Dubbo Workbench: shared/*.yaml",
    "manual": "Dubbo Workbench: interfaces/*.yaml",
}
_ROOTS: dict[str, Any] = {
    "suite": SuiteFile,
    "scenario": Scenario,
    "shared": dict[str, SharedSteps],
    "manual": ManualFile,
}


def json_schemas() -> dict[str, Schema]:
    """ "suite", "scenario", "shared", "manual": the schema of suite.yaml, scenarios/, shared/ and interfaces/*.yaml."""
    return {name: deepcopy(schema_of(name)) for name in _ROOTS}


@cache
def schema_of(name: str) -> Schema:
    """One of them; shared, not to be changed."""
    (root,), definitions = msgspec.json.schema_components([_ROOTS[name]], ref_template="#/$defs/{name}")
    defs = {title: _definition(title, schema) for title, schema in definitions.items()}
    if any(kind.__name__ in defs for kind in STEP_TYPES.values()):
        defs["Step"] = _step()
    return {"$schema": DIALECT, "title": _TITLES[name], **_without_kind(root), "$defs": dict(sorted(defs.items()))}


def at(schema: Schema, path: tuple[str | int, ...], data: Any) -> Schema:
    """The subschema of the value at `path` in `data`; {} where anything may stand."""
    here = resolve(schema, schema, data)
    for part in path:
        here = _child(here, part)
        data = _value(data, part)
        here = resolve(schema, here, data)
    return here


def resolve(root: Schema, schema: Schema, data: Any) -> Schema:
    """Follow `$ref`, the step's kind, and `T | null` where `data` is a container."""
    while True:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = root["$defs"][name]
            if name == "Step":
                kinds = [kind for kind in STEP_KINDS if isinstance(data, dict) and kind in data]
                schema = root["$defs"][STEP_TYPES[kinds[0] if kinds else "script"].__name__]
        elif "anyOf" in schema and isinstance(data, dict):
            refs = [one for one in schema["anyOf"] if "$ref" in one]
            if not refs:
                return schema
            schema = refs[0]
        else:
            return schema


def is_text(schema: Schema) -> bool:
    """May free text stand here? Not so for a choice of words."""
    if "anyOf" in schema:
        return any(is_text(one) for one in schema["anyOf"])
    return schema.get("type") == "string"


def _child(schema: Schema, part: str | int) -> Schema:
    if isinstance(part, int):
        items = schema.get("items", {})
        return items if isinstance(items, dict) else {}
    extra = schema.get("additionalProperties", {})
    found = schema.get("properties", {}).get(part, extra if isinstance(extra, dict) else {})
    return found if isinstance(found, dict) else {}


def _value(data: Any, part: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(part)
    return data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None


def _definition(title: str, schema: Schema) -> Schema:
    schema = _without_kind(schema)
    properties = schema.get("properties", {})
    properties.pop("kind", None)
    for name, about in FIELD_DOCS.get(title, {}).items():
        properties[name] = {"description": about, **properties[name]}
    for name in properties:
        if (title, name) in DURATIONS:
            properties[name]["pattern"] = DURATION
        if name == "id":
            properties[name]["pattern"] = ID
    required = [name for name in schema.get("required", ()) if name != "kind"]
    return {**schema, "required": required} if "required" in schema else schema


def _without_kind(schema: Any) -> Any:
    """msgspec's union of steps, told apart by `kind`, becomes a reference to Step."""
    if isinstance(schema, dict):
        if "discriminator" in schema:
            rest = {key: value for key, value in schema.items() if key not in ("anyOf", "discriminator")}
            return {"$ref": "#/$defs/Step", **rest}
        return {key: _without_kind(value) for key, value in schema.items()}
    return [_without_kind(one) for one in schema] if isinstance(schema, list | tuple) else schema


def _step() -> Schema:
    return {
        "title": "Step",
        "description": f"A step; its kind is the one key of {', '.join(STEP_KINDS)} that it has.",
        "type": "object",
        "oneOf": [{"required": [kind]} for kind in STEP_KINDS],
        "allOf": [
            {"if": {"required": [kind]}, "then": {"$ref": f"#/$defs/{type_.__name__}"}}
            for kind, type_ in STEP_TYPES.items()
        ],
    }
