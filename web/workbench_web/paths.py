"""Names in addresses: any character but a line's end, a slash too, written as %2F.

WSGI hands paths over decoded, where %2F and / are one. So slashes and percent signs of names go past it once more
encoded, and the converter of the route reads them.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from werkzeug.routing import BaseConverter, ValidationError

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class RawPaths:
    """Middleware: PATH_INFO with what stood encoded in the request line."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raw = environ.get("REQUEST_URI", "")
        path = urlsplit(raw).path if "://" in raw.partition("?")[0] else raw.partition("?")[0].partition("#")[0]
        if path.startswith("/"):
            kept = path.replace("%25", "%2525").replace("%2f", "%2F").replace("%2F", "%252F")
            environ["PATH_INFO"] = unquote_to_bytes(kept.encode("latin-1")).decode("latin-1")
        return self._app(environ, start_response)


def cannot_be(name: str) -> bool:
    """Whether it holds bytes that are no UTF-8, or that no database keeps."""
    return "\ufffd" in name or "\0" in name


class NameConverter(BaseConverter):
    """`<name:x>`: one part of a path, whatever it holds."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        name = value.replace("%2F", "/").replace("%25", "%")
        if cannot_be(name):
            raise ValidationError
        return name

    def to_url(self, value: object) -> str:
        return quote(str(value), safe="@")
