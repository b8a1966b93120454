"""The page behind a one-time link: set a password, by a plain form that needs no script."""

from flask import Flask, Response, current_app, render_template_string, request
from werkzeug.exceptions import NotFound

from workbench.errors import LoginError, WorkbenchError
from workbench.usecases import enter
from workbench.usecases.passwords import SHORTEST
from workbench_web.desk import Desk

PATH = "/setup"
_HTML = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Dubbo Workbench</title>
<meta name="viewport" content="width=device-width"><h1>Dubbo Workbench</h1>
{% if said %}<p role="alert">{{ said }}</p>{% endif %}
{% if asks %}<form method="post"><input type="hidden" name="code" value="{{ code }}">
{% if user %}<p>Set a password for <b>{{ user }}</b>.</p>{% else %}<p>Make the first administrator.</p>
<p><label for="name">Name</label><input id="name" name="name" required maxlength="200" autocomplete="username"></p>
{% endif %}<p><label for="password">Password, at least {{ shortest }} characters</label>
<input id="password" name="password" type="password" required minlength="{{ shortest }}" maxlength="500"
autocomplete="new-password"></p><p><button>Set password</button></p></form>{% endif %}</html>"""


def add_page(app: Flask) -> None:
    """GET and POST of the page."""
    app.add_url_rule(PATH, "setup", _page, methods=["GET", "POST"])


def _page() -> Response:
    desk: Desk = current_app.extensions["workbench"]
    if not desk.settings.serve.login:
        raise NotFound
    code = request.values.get("code", "")
    try:
        user = _invited(desk, code)
        if request.method == "POST":
            name = request.form.get("name", "")
            done = enter.accept(code, name, request.form.get("password", ""), desk.storage, request.remote_addr or "")
            return _shown(f"Done. You can log in as {done.name}.")
    except LoginError as error:
        return _shown(f"{error.message}. {error.hint}", status=401)
    except WorkbenchError as error:
        return _shown(f"{error.message}: {error.hint}", code=code, user=user, asks=True, status=400)
    return _shown("", code=code, user=user, asks=True)


def _invited(desk: Desk, code: str) -> str:
    user = desk.storage.access.invited(code)
    if user is None:
        raise LoginError("this link is used up or too old", hint="An administrator can make a new one.")
    return user


def _shown(said: str, *, code: str = "", user: str = "", asks: bool = False, status: int = 200) -> Response:
    text = render_template_string(_HTML, said=said, code=code, user=user, asks=asks, shortest=SHORTEST)
    policy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    return Response(text, status, {"Content-Security-Policy": policy}, content_type="text/html; charset=utf-8")
