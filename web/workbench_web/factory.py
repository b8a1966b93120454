"""The Flask application: routes, errors, exact JSON, and what keeps other sites out."""

import logging
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, request
from flask.json.provider import JSONProvider
from werkzeug.exceptions import HTTPException, NotFound

from workbench.errors import WorkbenchError
from workbench.model import json
from workbench.settings import Settings
from workbench_web.api import JSON, PREFIX
from workbench_web.desk import Desk, is_loopback
from workbench_web.discreet import Discreet
from workbench_web.entrance import SAFE, is_secure
from workbench_web.openapi import document
from workbench_web.paths import NameConverter, RawPaths, cannot_be
from workbench_web.problems import Problem, Refused, problem_of, response_of
from workbench_web.routes import all_routes
from workbench_web.setup_page import add_page

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_SHUT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_ALONE = "sandbox allow-scripts allow-popups allow-downloads; frame-ancestors 'none'"  # reports: no origin of ours
_log = logging.getLogger("workbench.web")


class ExactJson(JSONProvider):
    """Flask's own JSON by the one exact codec."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return json.dumps(obj)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return json.loads(s)


class _Flask(Flask):
    json_provider_class = ExactJson


def create_app(desk: Desk) -> Flask:
    """The WSGI application over an opened desk."""
    app = application()
    seat(app, desk)
    return app


def application() -> Flask:
    """All routes, over no desk yet: `seat` gives it one, or another. To make it takes longer than to seat a desk."""
    app = _Flask("workbench_web", static_folder=None)
    app.url_map.converters["name"] = NameConverter
    app.url_map.merge_slashes = False
    app.before_request(_refuse_strangers)
    app.register_error_handler(WorkbenchError, _told)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _defect)
    app.register_blueprint(all_routes().blueprint())
    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi", _openapi)
    add_page(app)
    app.after_request(_headers)
    app.wsgi_app = RawPaths(app.wsgi_app)  # type: ignore[method-assign]
    return app


def seat(app: Flask, desk: Desk) -> None:
    """From now on the application is over this desk."""
    app.extensions["workbench"] = desk
    app.extensions["discreet"] = Discreet(desk.settings, desk.storage.database.name)
    app.config["TRUSTED_HOSTS"] = _own_names(desk.settings)


def _openapi() -> Response:
    return Response(_document(), content_type=JSON)


@cache
def _document() -> bytes:
    """Made when it is first asked for: it takes longer than all else of a start."""
    return json.dump_bytes(document(all_routes().routes))


def _own_names(settings: Settings) -> list[str] | None:
    """The hosts as which we answer; None: any. A page elsewhere may point a name of its own to this machine, which is
    no harm where it has no cookie of ours."""
    named = urlsplit(settings.serve.url).hostname
    if not settings.serve.login or is_loopback(settings.serve.host) or named:
        return [*LOOPBACK, *([named] if named else [])]
    return None


def _refuse_strangers() -> None:
    """A page of another site may make a browser ask us, under our own name or a name that it points here."""
    origin = request.headers.get("Origin")
    if request.method not in SAFE and origin is not None and urlsplit(origin).netloc != request.host:
        raise Refused(403, "ORIGIN", f"a page of {origin} may change nothing here")


def _headers(response: Response) -> Response:
    if is_secure(current_app.extensions["workbench"].settings):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers.setdefault("Content-Security-Policy", _SHUT if response.mimetype != "text/html" else _ALONE)
    return response


def _told(error: WorkbenchError) -> Response:
    problem = _discreet(problem_of(error))
    if problem.status >= 500:
        _log.error("%s %s: %s", request.method, request.path, error)
    headers = dict(getattr(error, "headers", {}))
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return response_of(problem, headers.items())


def _http(error: HTTPException) -> Response:
    """What Flask itself refuses."""
    if error.response is not None:
        return Response(error.response.get_data(), error.response.status_code, error.response.headers)  # type: ignore[attr-defined]
    if error.code == 405 and cannot_be(request.path):  # no name in it is one, whatever the method
        error = NotFound()
    status, name = error.code or 500, error.name
    said = _said(status, request)
    code = name.upper().replace(" ", "_")
    kind = f"urn:dubbo-workbench:problem:{code.lower().replace('_', '-')}"
    problem = Problem(type=kind, title=name, status=status, detail=said or error.description or name, code=code)
    return response_of(problem, error.get_headers())


def _said(status: int, asked: Request) -> str:
    if status == 404:
        return f"there is no {asked.path} here"
    return f"{asked.path} does not take {asked.method}" if status == 405 else ""


def _defect(error: Exception) -> Response:
    """The last edge: a defect of ours is told in words, its traceback stands in the server's log."""
    _log.exception("%s %s", request.method, request.path)
    defect = WorkbenchError(f"{type(error).__name__}: {error}", hint="a defect of the workbench; its log has more")
    defect.code = "DEFECT"
    return response_of(_discreet(problem_of(defect, 500)))


def _discreet(problem: Problem) -> Problem:
    discreet: Discreet = current_app.extensions["discreet"]
    return discreet.problem(problem)
