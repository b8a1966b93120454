"""Databases of the environment from scripts. Values are bound to `:name`, never written into the SQL."""

from workbench.errors import KeywordError
from workbench.model.json import Json
from workbench.plugin_api import StepScope, keyword

GROUP = "sql"


class Sql:
    """A database in a script. A row is an object by column name."""

    script_methods = ("query", "one", "value", "execute")

    def __init__(self, scope: StepScope, connection: str) -> None:
        self._scope = scope
        self._connection = connection

    def query(self, statement: str, parameters: dict[str, Json] | None = None, timeout: str = "") -> list[Json]:
        answer = self._scope.sql(self._connection, statement, parameters or {}, timeout)
        rows: list[Json] = answer["rows"]
        return rows

    def one(self, statement: str, parameters: dict[str, Json] | None = None, timeout: str = "") -> Json:
        rows = self.query(statement, parameters, timeout)
        if len(rows) != 1:
            raise KeywordError(f"one row was expected, and there are {len(rows)}", hint="query() takes any number")
        return rows[0]

    def value(self, statement: str, parameters: dict[str, Json] | None = None, timeout: str = "") -> Json:
        row = self.one(statement, parameters, timeout)
        if len(row) != 1:
            raise KeywordError(f"one column was expected, and there are {len(row)}", hint="one() gives all of them")
        return next(iter(row.values()))

    def execute(self, statement: str, parameters: dict[str, Json] | None = None, timeout: str = "") -> Json:
        return self._scope.sql(self._connection, statement, parameters or {}, timeout)["affected"]


@keyword(GROUP)
def sql(scope: StepScope, connection: str) -> Sql:
    """Give a database of the environment: `.query(…)`, `.one(…)`, `.value(…)`, `.execute(…)`.

    Each takes a statement, an object of values for its `:names`, and a timeout ("10s"). `query` gives a list of rows,
    `one` the only row, `value` the only cell, `execute` how many rows were changed. Several statements, separated by
    `;`, are one transaction. A connection only reads unless it says `writable: true`.

    connection: its name in suite.yaml, under `environments.<name>.connections`

    Example: $app.sql("orders").value("select status from orders where id = :id", {"id": "P-1001"})
    Example: $app.sql("orders").execute("delete from orders where id in (:ids)", {"ids": ["P-1001", "P-1002"]})
    """
    return Sql(scope, connection)
