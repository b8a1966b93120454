"""Hints for who asks over HTTP: options of the command line become fields, its commands become routes.

A command that no route stands for is of no use here, so what is said of it is left out; those of who keeps the server
stay.
"""

import re
from collections.abc import Mapping

from workbench.model import json

_ROUTES: Mapping[str, str] = {
    "artifact": "POST /suites/ADDRESS/artifacts",
    "case copy": "POST /suites/ADDRESS/copy",
    "contract show": "POST /parse",
    "db list": "GET /subsystems",
    "export": "GET /suites/ADDRESS/archive",
    "history": "GET /suites/ADDRESS/cases/ID/revisions",
    "import": "POST /suites",
    "runs list": "GET /stored/runs",
    "runs show": "GET /stored/runs/RUN/cases",
    "saves list": "GET /suites/ADDRESS/saves",
    "template": "POST /template",
    "tools add": "POST /libraries",
    "tools used-by": "GET /libraries/NAME/uses",
    "trash list": "GET /suites/ADDRESS/trash",
}
_KEEPERS = ("samples up", "serve", "doctor", "db upgrade", "users add")  # of who keeps the server
_FIELDS: Mapping[str, str] = {"artifact": "artifacts", "into": "to.into", "behind": "to.behind", "as": "name"}
_COMMAND = re.compile(r"`?\bworkbench ([a-z-]+)(?: ([a-z][a-z-]*)(?!\w))?[^`;]*`?")
_CHOICE = re.compile(r"--choose (.+)=(\w+) or =(\w+) for this value, --take \2 or --take \3 for all", re.DOTALL)
_OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]+)")


def for_api(hint: str) -> str:
    """The hint in the words of the API."""
    if choice := _CHOICE.fullmatch(hint):
        return _choice(*choice.groups())
    said = [_clause(each) for each in hint.split("; ")]
    return _OPTION.sub(_field, "; ".join(each for each in said if each))


def _choice(place: str, one: str, other: str) -> str:
    if one == "mine":  # of what is sent as a whole, which says in itself what it chooses
        return "put both together, upon what is there now, and send that"
    path = json.dumps(place)
    return f'`choose` {{{path}: "{one}"}} or "{other}" for this value, `take` "{one}" or "{other}" for all'


def _clause(text: str) -> str:
    found = _COMMAND.search(text)
    if found is None:
        return text
    first, both = found[1], f"{found[1]} {found[2] or ''}".strip()
    if both in _KEEPERS or first in _KEEPERS:
        return text
    route = _ROUTES.get(both) or _ROUTES.get(first)
    return text.replace(found[0], route) if route else ""


def _field(found: re.Match[str]) -> str:
    return f"`{_FIELDS.get(found[1], found[1].replace('-', '_'))}`"
