"""Texts of all kinds over the API, on SQLite."""

import pytest
from flask.testing import FlaskClient
from texts_contract import ONE, TextsContract, loaded, put

__all__ = ["TestSqlite", "loaded"]


class TestSqlite(TextsContract):
    pass


@pytest.mark.parametrize("script", ["x = 1\rx = (\r", "x = 1\r\nx = 2\r\rx = )"])
def test_a_mistake_behind_old_line_ends_is_told(loaded: FlaskClient, script: str) -> None:
    body = {"case": "c", "steps": [{"kind": "script", "step": "a", "script": script}]}
    answer = put(loaded, f"{ONE}/cases/cccccccc", body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "/steps/0/script"), answer.text
