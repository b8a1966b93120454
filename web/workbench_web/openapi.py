"""The OpenAPI 3.1 document, out of the routes and the types that they take and give."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from workbench import __version__
from workbench_web.api import JSON, Route
from workbench_web.problems import MEDIA, Problem

_REF = "#/components/schemas/{name}"
_STATUSES = {
    400: "The request makes no sense.",
    401: "Nobody is logged in, or the token is not known.",
    403: "Who asks may not do it.",
    404: "There is no such thing.",
    409: "It does not fit what is there now.",
    412: "It was changed meanwhile; the answer has both texts.",
    413: "It is too large.",
    415: "The body is of another type.",
    422: "A field does not fit; `errors` names it.",
    424: "What the request names (a registry, the sample world) does not answer.",
    428: "If-Match is missing.",
    429: "Too many wrong passwords; `Retry-After` tells how long to wait.",
    503: "The database or the Java bridge does not answer.",
}


_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of POST /tokens: `wbt_…`."},
    "session": {"type": "apiKey", "in": "cookie", "name": "workbench"},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "Workbench-CSRF",
        "description": "The `csrf` of GET /session, with all that changes something.",
    },
}
_BY_PAGE: Mapping[bool, Mapping[str, Any]] = {True: {"session": []}, False: {"session": [], "csrf": []}}


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """All of it, as JSON values."""
    schemas, components = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.template, {})[route.method.lower()] = _operation(route, schemas, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dubbo Workbench",
            "version": __version__,
            "description": "Numbers are exact: integers of any length, decimals with all their digits. "
            "Times are microseconds since 1970, UTC, unless their name says otherwise.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SCHEMES},
    }


def _schemas(routes: Sequence[Route]) -> tuple[Mapping[Any, Any], dict[str, Any]]:
    """Type → its schema, and all components by name."""
    types = list(dict.fromkeys([Problem, *(t for route in routes for t in _types(route) if t is not None)]))
    found, components = msgspec.json.schema_components(types, ref_template=_REF)
    names = {name: _short(name) for name in components}
    exact = [_exact(schema, names) for schema in found]
    return dict(zip(types, exact, strict=True)), {names[key]: _exact(each, names) for key, each in components.items()}


def _short(name: str) -> str:
    """Two types of one name are told apart by their modules: `contract_diff.Change` becomes ContractDiffChange."""
    *_, module, last = ("", *name.split("."))
    return "".join(part.title() for part in module.split("_")) + last


def _types(route: Route) -> tuple[Any, ...]:
    return (route.query, route.body, route.answer, *route.types.values())


def _exact(schema: Any, names: Mapping[str, str]) -> Any:
    """With our names; decimals are JSON numbers here, which msgspec would have as text."""
    if isinstance(schema, dict):
        if schema.get("format") == "decimal":
            return {"type": "number"}
        return {key: _exact(value, names) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_exact(each, names) for each in schema]
    prefix, _, name = str(schema).rpartition("/")
    return f"{prefix}/{names[name]}" if prefix == _REF.rpartition("/")[0] else schema


def _operation(route: Route, schemas: Mapping[Any, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    summary, _, text = (inspect.getdoc(route.handler) or "").partition("\n")
    operation: dict[str, Any] = {"operationId": route.name, "tags": [route.tag], "summary": summary}
    if text.strip():
        operation["description"] = text.strip()
    operation["x-right"] = route.right
    operation["security"] = [] if route.right == "anyone" else [{"token": []}, _BY_PAGE[route.method == "GET"]]
    if parameters := [*_path(route, schemas), *_headers(route), *_query(route, schemas, components)]:
        operation["parameters"] = parameters
    if content := _content(route, schemas):
        operation["requestBody"] = {"required": True, "content": content}
    operation["responses"] = {str(route.status): _answer(route, schemas), **_problems(route, schemas)}
    return operation


def _path(route: Route, schemas: Mapping[Any, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {**schemas[type_], **_BOUNDS.get(type_, {})}}
        for name, type_ in route.types.items()
    ]


_BOUNDS: Mapping[Any, Mapping[str, Any]] = {str: {"minLength": 1}, int: {"minimum": 1, "maximum": 2147483647}}


def _headers(route: Route) -> list[dict[str, Any]]:
    found = []
    if route.match:
        found.append(_header("If-Match", _MATCH[route.match], required=route.match != "upsert",
                             pattern=_REVISION if route.match == "revision" else _TAG))  # fmt: skip
    if route.authored:
        found.append(_header("Workbench-Author", "Who is doing it, where the server was started without a login."))
    if route.repeatable:
        text = "Any text; sent again with the same request within a day, it is answered as the first time."
        found.append(_header("Idempotency-Key", text, maxLength=200))
    return found


_REVISION, _TAG = '^"[1-9][0-9]{0,8}"$', '^("[0-9a-f]{1,64}"|[*])$'
_MATCH = {
    "revision": 'The ETag of what was changed: `"3"`.',
    "tag": 'The ETag of what was changed: `"5f3c0a…"`; `*`: whatever it is.',
    "upsert": 'Where there is something already, its ETag: `"5f3c0a…"`; `*`: whatever it is.',
}


def _header(name: str, text: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    kind = {"type": "string", **schema}
    return {"name": name, "in": "header", "required": required, "description": text, "schema": kind}


def _query(route: Route, schemas: Mapping[Any, Any], components: Mapping[str, Any]) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = components[schemas[route.query]["$ref"].rpartition("/")[2]]
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": each}
        for name, each in schema["properties"].items()
    ]


def _content(route: Route, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    if route.body is not None:
        return {JSON: {"schema": schemas[route.body]}}
    return {media: {"schema": {"type": "string", "format": "binary"}} for media in route.accepts}


def _answer(route: Route, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "Done."}
    if route.answer is not None:
        answer["content"] = {JSON: {"schema": schemas[route.answer]}}
    elif route.status != 204:
        answer["content"] = {route.media: {"schema": {"type": "string"} if route.media != JSON else {}}}
    return answer


def _problems(route: Route, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    statuses = {401, 403, 422, 503, *route.problems}  # a token that is none is told everywhere
    statuses |= {400, 413, 415} if route.body is not None or route.accepts else set()
    statuses |= {412, 428} if route.match else set()
    statuses |= {404} if route.types else set()
    statuses |= {400, 409} if route.repeatable else set()
    return {
        str(status): {"description": _STATUSES[status], "content": {MEDIA: {"schema": schemas[Problem]}}}
        for status in sorted(statuses)
    }
