"""A registry that is a file: provider URLs line by line, or JSON `{"urls": […], "definitions": […]}`.

For addresses that no registry knows (a test bench, a snapshot of another site) and for tests.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.discovery.assemble import assemble, wanted
from workbench.discovery.raw import RawRegistry
from workbench.discovery.urls import parse_url
from workbench.errors import JsonError, RegistryError
from workbench.model.json import dumps, loads
from workbench.model.registry import RegistryView


def read_services(address: str, *, interfaces: Sequence[str] = ()) -> RegistryView:
    """Read a file. Lines: a URL each, `#` starts a comment. Raises RegistryError, JsonError."""
    path = Path(address.removeprefix("file://"))
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise RegistryError(f"the registry file cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise RegistryError(f"the registry file is not UTF-8 (byte {error.start + 1})", where=str(path)) from error
    raw = RawRegistry(str(path))
    urls, definitions = _json(text, path) if text.lstrip().startswith(("{", "[")) else (_lines(text), [])
    for place, url in urls:
        _add(raw, f"{path}:{place}", url, interfaces)
    raw.definitions = {
        f"{path}: definitions[{index}]": dumps(one)
        for index, one in enumerate(definitions)
        if not isinstance(one, dict) or wanted(str(one.get("canonicalName", "")), interfaces)
    }
    return assemble(raw)


def _add(raw: RawRegistry, where: str, text: str, interfaces: Sequence[str]) -> None:
    try:
        url = parse_url(text, port="0" if text.startswith("override") else "")
    except ValueError as error:
        raise RegistryError(f"{text!r} cannot be read: {error}", where=where) from error
    interface = url.parameters.get("interface") or url.path
    if not interface:
        raise RegistryError(f"{text!r} names no interface", where=where, hint="write dubbo://HOST:PORT/INTERFACE")
    if wanted(interface, interfaces):
        into = raw.overrides if url.protocol == "override" else raw.providers
        into.setdefault(interface, []).append(text)


def _lines(text: str) -> list[tuple[str, str]]:
    lines = [(str(number), line.partition(" #")[0].strip()) for number, line in enumerate(text.splitlines(), 1)]
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _json(text: str, path: Path) -> tuple[list[tuple[str, str]], list[Any]]:
    document = loads(text, where=str(path))
    if isinstance(document, list):
        document = {"urls": document}
    unknown = document.keys() - {"urls", "definitions"}
    urls, definitions = document.get("urls", []), document.get("definitions", [])
    if unknown or not isinstance(urls, list) or not isinstance(definitions, list):
        raise JsonError("not a registry file", where=str(path), hint='write {"urls": ["dubbo://…"], "definitions": []}')
    return [(f" urls[{index}]", str(url)) for index, url in enumerate(urls)], definitions
