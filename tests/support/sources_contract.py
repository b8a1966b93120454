"""What sql calls have to keep on every database. A class of tests for each database gives `source` and `types`."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from msgspec.structs import replace

from workbench.invokers import SqlInvoker
from workbench.model import json
from workbench.model.result import Cause, Side
from workbench.plugin_api import Answer, DataSource, SqlCall

BIG = 9_223_372_036_854_775_807
Cells = dict[str, tuple[str, Any]]  # column → its type in SQL, and a value of JSON


class Asker:
    """Asks one database, in one event loop, with one invoker."""

    def __init__(self, source: DataSource) -> None:
        self.source = source
        self.runner = asyncio.Runner()
        self.invoker = SqlInvoker()

    def answer(self, statement: str, timeout_ms: int = 20_000, **parameters: Any) -> Answer:
        call = SqlCall(self.source, statement, json.dumps(parameters), timeout_ms)
        return self.runner.run(self.invoker.invoke(call))

    def told(self, statement: str, **parameters: Any) -> dict[str, Any]:
        answer = self.answer(statement, **parameters)
        assert answer.failure is None, answer.failure
        return json.loads(answer.response or "")  # type: ignore[no-any-return]

    def rows(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        return self.told(statement, **parameters)["rows"]  # type: ignore[no-any-return]

    def several(self, *statements: str) -> list[Answer]:
        async def all_of_them() -> list[Answer]:
            calls = [SqlCall(self.source, each, "{}", 20_000) for each in statements]
            return await asyncio.gather(*map(self.invoker.invoke, calls))

        return self.runner.run(all_of_them())

    def close(self) -> None:
        self.runner.run(self.invoker.close())
        self.runner.close()


def assert_no_threads() -> None:
    """`close` waits two seconds for them, in which a busy machine may not even get to them: so each ends soon."""
    for thread in threading.enumerate():
        if thread.name.startswith("workbench-sql"):
            thread.join(60)
            assert not thread.is_alive()


Ask = Callable[..., Asker]


class SourcesContract:
    slow = ""  # a statement that takes longer than anybody waits
    cells: ClassVar[Cells] = {}

    @pytest.fixture
    def ask(self) -> Iterator[Ask]:
        """Askers that are closed at the end of the test."""
        made: list[Asker] = []

        def asker(source: DataSource, **changes: Any) -> Asker:
            made.append(Asker(replace(source, **changes)))
            return made[-1]

        yield asker
        for each in made:
            each.close()

    @pytest.fixture
    def writer(self, source: DataSource, ask: Ask) -> Iterator[Asker]:
        asker = ask(source, writable=True)
        asker.told(
            "drop table if exists orders; create table orders (id varchar(100) primary key, amount decimal(20,2))"
        )
        yield asker
        asker.told("drop table if exists orders; drop table if exists things")

    @pytest.fixture
    def reader(self, writer: Asker, source: DataSource, ask: Ask) -> Asker:
        return ask(source)

    def test_cells_come_exactly(self, writer: Asker) -> None:
        columns = ", ".join(f"{name} {kind}" for name, (kind, _) in self.cells.items())
        places = ", ".join(f":{name}" for name in self.cells)
        values = {name: value for name, (_, value) in self.cells.items()}
        writer.told(f"create table things ({columns}); insert into things values ({places})", **values)
        (row,) = writer.rows("select * from things")
        assert row == values
        scalars = {name: str(value) for name, value in values.items() if not isinstance(value, dict)}
        assert {name: str(row[name]) for name in scalars} == scalars  # with their scale

    def test_parameters_are_bound_and_never_spliced(self, writer: Asker) -> None:
        nasty = "x'; drop table orders; -- \\ % :id"
        assert (
            writer.told("insert into orders values (:id, :amount)", id=nasty, amount=Decimal("10.50"))["affected"] == 1
        )
        assert writer.rows("select id from orders where id = :id and id like '%drop%'", id=nasty) == [{"id": nasty}]

    def test_a_list_stands_for_several_values(self, writer: Asker) -> None:
        writer.told("insert into orders values ('a', 1), ('b', 2), ('c', 3)")
        query = "select id from orders where id in (:ids) order by id"
        assert writer.rows(query, ids=["c", "a", "z"]) == [{"id": "a"}, {"id": "c"}]
        assert writer.rows(query, ids=[]) == []

    def test_names_in_texts_and_comments_are_none(self, writer: Asker) -> None:
        text = "select ':no; select' as a -- :no; nor here\n , /* :no */ id from orders where id = :id"
        writer.told("insert into orders values (:id, 1)", id="x")
        assert writer.rows(text, id="x") == [{"a": ":no; select", "id": "x"}]

    def test_several_statements_are_one_transaction(self, writer: Asker) -> None:
        told = writer.told("insert into orders values ('a', 1); update orders set amount = 2; select * from orders;")
        assert told["affected"] == 2
        assert told["rows"][0]["amount"] == 2
        failure = writer.answer("delete from orders; insert into nowhere values (1)").failure
        assert failure is not None
        assert failure.cause is Cause.QUERY
        assert failure.blamed is Side.CASE
        assert "nowhere" in failure.message
        assert len(writer.rows("select * from orders")) == 1

    def test_a_failed_statement_leaves_connections_that_work(self, writer: Asker) -> None:
        for _ in range(20):
            assert writer.answer("select * from nowhere").failure is not None
        assert writer.rows("select 1 as one") == [{"one": 1}]

    def test_a_connection_reads_only_unless_it_says_more(self, reader: Asker) -> None:
        failure = reader.answer("insert into orders values ('a', 1)").failure
        assert failure is not None
        assert failure.cause is Cause.QUERY
        assert "INSERT is not let through" in failure.message
        assert "writable: true" in failure.hint

    def test_transactions_are_not_for_statements_to_end(self, reader: Asker, writer: Asker) -> None:
        for asker in (reader, writer):
            for statement in ("commit; select 1", "begin", "ROLLBACK", "/* x */ start transaction read write"):
                failure = asker.answer(statement).failure
                assert failure is not None
                assert "transaction" in failure.message

    def test_what_is_left_out_is_told(self, writer: Asker, source: DataSource, ask: Ask) -> None:
        writer.told("insert into orders values " + ", ".join(f"('{number:04}', 1)" for number in range(300)))
        few = ask(source, max_rows=120)
        answer = few.answer("select id from orders order by id")
        assert json.loads(answer.response or "")["count"] == 120
        assert "only the first 120 rows are kept" in answer.warnings[0]
        assert len(few.rows("select id from orders where id < '0005'")) == 5
        assert few.answer("select id from orders where id < '0120'").warnings == ()
        small = ask(source, max_bytes=40)
        answer = small.answer("select id from orders order by id")
        assert json.loads(answer.response or "")["count"] == 10
        assert "40 bytes" in answer.warnings[0]

    def test_a_statement_ends_at_its_limit_and_harms_no_other(self, reader: Asker) -> None:
        failure = reader.answer(self.slow, timeout_ms=300).failure
        assert failure is not None
        assert failure.cause is Cause.TIMEOUT
        assert failure.blamed is Side.ENVIRONMENT
        assert reader.rows("select 1 as one") == [{"one": 1}]

    def test_many_at_once_share_a_few_connections(self, reader: Asker) -> None:
        answers = reader.several(*["select 1 as one"] * 40)
        assert {answer.response for answer in answers} == {answers[0].response}
        assert all(answer.failure is None for answer in answers)

    def test_nothing_is_left_behind(self, reader: Asker) -> None:
        reader.several(*["select 1 as one"] * 20)
        reader.runner.run(reader.invoker.close())
        assert_no_threads()
        failure = reader.answer("select 1").failure
        assert failure is not None
        assert failure.cause is Cause.STOPPED

    def test_a_run_that_ends_does_not_wait_for_a_slow_statement(self, reader: Asker) -> None:
        async def cut() -> None:
            call = asyncio.ensure_future(reader.invoker.invoke(SqlCall(reader.source, self.slow, "{}", 60_000)))
            await asyncio.sleep(0.5)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            await reader.invoker.close()

        reader.runner.run(cut())
        assert_no_threads()

    def test_unknown_parameters_are_told_with_near_names(self, reader: Asker) -> None:
        failure = reader.answer("select :orderId", orderID="x").failure
        assert failure is not None
        assert failure.cause is Cause.DATA
        assert "orderID" in failure.hint
