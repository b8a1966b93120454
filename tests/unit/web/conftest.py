"""A desk over an empty database, and a client of its application."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from workbench_web.desk import Desk
from workbench_web.factory import application, seat

from workbench.settings import Serving, Settings


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Without a login; test_login.py and test_permissions.py have one."""
    with Desk(Settings(data_dir=tmp_path / "data", serve=Serving(login=False))) as desk:
        yield desk


class Looking(FlaskClient):
    """Sees to it that no answer tells where something lies on the server, but for those that are made for it."""

    root = ""

    def open(self, *given: Any, **named: Any) -> Any:
        answer = super().open(*given, **named)
        if answer.mimetype.endswith("json") and not answer.request.path.endswith(("/database", "/doctor")):
            assert self.root not in answer.text, answer.text
        return answer


@cache
def _application() -> Flask:
    """One for all tests: to make it takes longer than what most of them do with it."""
    app = application()
    app.test_client_class = Looking
    return app


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    app = _application()
    seat(app, desk)
    found = app.test_client()
    found.root = "/".join(desk.settings.data_dir.parts[-3:-1])  # type: ignore[attr-defined]
    return found
