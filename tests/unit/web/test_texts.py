"""Texts of all kinds over the API, on SQLite."""

from texts_contract import TextsContract, loaded

__all__ = ["TestSqlite", "loaded"]


class TestSqlite(TextsContract):
    pass
