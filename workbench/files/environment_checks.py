"""What is checked in the environments of suite.yaml, in all of them: a run reads only its own."""

import re
from collections.abc import Iterator
from typing import Any

from workbench.errors import ExpressionError
from workbench.files.exact_yaml import Document
from workbench.files.layout import Place
from workbench.model.zones import unknown_zone


def check_environments(document: Document, environments: Any) -> None:
    """Adds errors to the document. `environments`: plain data, of any shape."""
    for name, environment in environments.items() if isinstance(environments, dict) else ():
        if isinstance(environment, dict):
            place = ("environments", name)
            _timezone(document, (*place, "timezone"), environment.get("timezone"))
            _masks(document, (*place, "mask"), environment.get("mask"))
            for key, connection in _mappings(environment.get("connections")):
                _connection(document, (*place, "connections", key), connection, environment.get("secrets"))


def _timezone(document: Document, place: Place, zone: Any) -> None:
    if isinstance(zone, str) and (hint := unknown_zone(zone)):
        document.add(f"there is no time zone {zone!r}", place, hint=hint)


def _masks(document: Document, place: Place, paths: Any) -> None:
    from workbench.expr import compile_path  # here, for most suites mask nothing

    for index, path in enumerate(paths if isinstance(paths, list) else ()):
        try:
            compile_path(path if isinstance(path, str) else "response")
        except ExpressionError as error:
            document.add(error.message, (*place, index), hint=error.hint)


def _connection(document: Document, place: Place, connection: dict[str, Any], secrets: Any) -> None:
    """A password in a URL would stand in files, revisions and reports; what `secrets` names is sealed and masked."""
    url, secret = connection.get("url"), connection.get("secret")
    if isinstance(url, str) and re.match(r"[\w+]+://[^/@]*:[^/@]*@", url):
        hint = "take it out, and name the config key that holds it: secret: dbPassword"
        document.add("a URL holds no password", (*place, "url"), hint=hint)
    if isinstance(secret, str) and secret and secret not in (secrets if isinstance(secrets, list) else ()):
        hint = f"add it to the environment: secrets: [{secret}]"
        document.add(f"{secret} is none of the environment's secrets", (*place, "secret"), hint=hint)


def _mappings(items: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, item in items.items() if isinstance(items, dict) else ():
        if isinstance(item, dict):
            yield key, item
