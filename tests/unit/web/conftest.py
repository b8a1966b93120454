"""A desk over an empty database, and a client of its application."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from workbench_web.desk import Desk
from workbench_web.factory import create_app

from workbench.settings import Serving, Settings


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Without a login; test_login.py and test_permissions.py have one."""
    with Desk(Settings(data_dir=tmp_path / "data", serve=Serving(login=False))) as desk:
        yield desk


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return create_app(desk).test_client()
