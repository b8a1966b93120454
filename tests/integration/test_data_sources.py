"""sql and redis calls against the servers themselves."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import databases
import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from sources_contract import BIG, Ask, Asker, SourcesContract, assert_no_threads

from workbench.invokers import RedisInvoker, sql_drivers
from workbench.model import json
from workbench.model.result import Cause, Side
from workbench.plugin_api import Answer, DataSource, RedisCall, SqlCall

pytestmark = pytest.mark.xdist_group("databases")
SECRET = "s3cret-Pass"
COMMON = {
    "big": ("bigint", BIG),
    "exact": ("decimal(30,10)", Decimal("12345678901234567890.1000000000")),
    "ratio": ("double precision", Decimal("0.1")),
    "day": ("date", "2026-02-28"),
    "moment": ("timestamp", "2026-02-28 23:59:59"),
    "hour": ("time", "23:59:59"),
    "word": ("varchar(200)", "00123 – 支付 😀 ' \\ % :x"),
    "void": ("varchar(10)", None),
}


@pytest.fixture(scope="module")
def postgresql() -> Iterator[DataSource]:
    with databases.postgresql() as url:
        yield DataSource("orders", url)


@pytest.fixture(scope="module")
def mariadb() -> Iterator[DataSource]:
    with databases.mariadb() as url:
        yield DataSource("orders", url)


class TestPostgresql(SourcesContract):
    slow = "select pg_sleep(60)"
    cells: ClassVar = {
        **COMMON,
        "flag": ("boolean", True),
        "document": ("jsonb", {"amount": Decimal("10.50"), "id": BIG * BIG}),
        "span": ("interval", "1 mon 02:00:00"),
        "always": ("timestamp", "infinity"),
        "range": ("int4range", "[1,5)"),
        "single": ("real", Decimal("0.1")),
        "many": ("numeric(9,2)[]", None),
    }

    @pytest.fixture
    def source(self, postgresql: DataSource) -> DataSource:
        return postgresql

    def test_bytes_are_base64_and_lists_are_lists(self, writer: Asker) -> None:
        (row,) = writer.rows(r"select '\x00ff'::bytea as b, array[1.50, null]::numeric[] as n, 'NaN'::float8 as f")
        assert row == {"b": "AP8=", "n": [Decimal("1.50"), None], "f": "NaN"}
        assert str(row["n"][0]) == "1.50"

    @pytest.mark.parametrize(
        "statement",
        [
            "with gone as (delete from orders returning id) select * from gone",
            "select set_config('transaction_read_only', 'off', false)",
            "select nextval('numbers')",
        ],
    )
    def test_the_database_itself_refuses_changes(self, writer: Asker, reader: Asker, statement: str) -> None:
        writer.told("create sequence if not exists numbers; insert into orders values ('kept', 1)")
        assert reader.answer(statement).failure is not None
        assert writer.rows("select id from orders") == [{"id": "kept"}]

    def test_more_rows_than_fit_are_never_all_fetched(self, reader: Asker) -> None:
        """All of these would be gigabytes, and end at the limit of the step."""
        rows = "select generate_series(1, 100000000) as i, repeat('x', 100) as t"
        for statement in (rows, f"with n as ({rows}) select * from n"):
            answer = reader.answer(statement)
            assert answer.failure is None
            assert json.loads(answer.response or "")["count"] == 1000
            assert "only the first 1000 rows are kept" in answer.warnings[0]

    def test_a_change_that_hides_in_a_query_is_told_as_a_change(self, writer: Asker, reader: Asker) -> None:
        writer.told("create sequence if not exists numbers")
        failure = reader.answer("select nextval('numbers')").failure
        assert failure is not None
        assert failure.cause is Cause.QUERY
        assert "writable: true" in failure.hint

    def test_a_wrong_database_and_a_dead_port_are_the_environments(self, source: DataSource, ask: Ask) -> None:
        wrong = ask(source, url=source.url.replace("/postgres", "/nowhere"))
        failure = wrong.answer("select 1").failure
        assert failure is not None
        assert (failure.cause, failure.blamed) == (Cause.CONFIG, Side.ENVIRONMENT)

    def test_dead_port(self, ask: Ask) -> None:
        dead = ask(DataSource("orders", "postgresql://127.0.0.1:1/x", user="u", password=SECRET))
        failure = dead.answer("select 1").failure
        assert failure is not None
        assert failure.cause is Cause.NETWORK
        assert "orders" in failure.message
        assert SECRET not in str(failure)

    def test_refused_user(self, source: DataSource, ask: Ask) -> None:
        asker = ask(source, url=source.url.replace("workbench@", ""), user="stranger", password=SECRET)
        failure = asker.answer("select 1").failure
        assert failure is not None
        assert failure.cause in (Cause.AUTH, Cause.CONFIG)
        assert SECRET not in str(failure)

    def test_a_right_that_is_missing_is_told(self, writer: Asker, source: DataSource, ask: Ask) -> None:
        writer.told("drop role if exists clerk; create role clerk login")
        clerk = ask(source, url=source.url.replace("workbench@", ""), user="clerk", password=SECRET)
        failure = clerk.answer("select * from orders").failure
        assert failure is not None
        assert failure.cause is Cause.AUTH


class TestMariaDb(SourcesContract):
    slow = "select sleep(60) from orders_of_ages"
    cells: ClassVar = {
        **COMMON,
        "word": ("varchar(200) character set utf8mb4", COMMON["word"][1]),
        "moment": ("datetime(3)", "2026-02-28 23:59:59.120"),
        "hour": ("time(6)", "-838:59:59.000000"),
        "flag": ("bit(1)", 1),
        "single": ("float", Decimal("0.1")),
        "largest": ("bigint unsigned", 2**64 - 1),
        "zero": ("datetime", None),
    }

    @pytest.fixture
    def source(self, mariadb: DataSource) -> DataSource:
        return mariadb

    @pytest.fixture(autouse=True)
    def ages(self, writer: Asker) -> None:
        writer.told("create table if not exists orders_of_ages (id int); insert into orders_of_ages values (1)")

    def test_bytes_are_base64(self, reader: Asker) -> None:
        assert reader.rows("select x'00ff' as b, cast('1.50' as decimal(9,2)) as n") == [
            {"b": "AP8=", "n": Decimal("1.50")}
        ]

    def test_the_database_itself_refuses_changes(self, writer: Asker, reader: Asker) -> None:
        writer.told("create sequence if not exists numbers; insert into orders values ('kept', 1)")
        failure = reader.answer("select nextval(numbers)").failure
        assert failure is not None
        assert failure.cause is Cause.QUERY
        assert "writable: true" in failure.hint
        assert writer.rows("select id from orders") == [{"id": "kept"}]

    def test_dead_port_and_refused_user(self, source: DataSource, ask: Ask) -> None:
        dead = ask(DataSource("orders", "mysql://127.0.0.1:1/x", user="u", password=SECRET))
        failure = dead.answer("select 1").failure
        assert failure is not None
        assert failure.cause is Cause.NETWORK
        assert SECRET not in str(failure)
        wrong = ask(source, url=source.url.replace("/workbench", "/nowhere"))
        failure = wrong.answer("select 1").failure
        assert failure is not None
        assert failure.cause is Cause.CONFIG


def test_users_and_rights_of_mariadb() -> None:
    """And what a procedure changes is refused by the transaction, though nothing in the text tells of it."""
    with databases.mariadb(rights=True) as url:
        source = DataSource("orders", url.replace("root@", ""), user="root")
        root = Asker(replace(source, writable=True))
        clerk = Asker(replace(source, user="clerk", password=SECRET))
        wrong = Asker(replace(source, user="clerk", password="other-secret"))
        reader = Asker(source)
        try:
            root.told(f"create table orders (id int); create user clerk@'127.0.0.1' identified by '{SECRET}'")
            root.told("create function sneak() returns int modifies sql data return last_insert_id()")
            root.told("create procedure fill() insert into orders values (1)")
            for asker in (clerk, wrong):
                failure = asker.answer("select * from orders").failure
                assert failure is not None
                assert failure.cause is Cause.AUTH
                assert "secret" not in str(failure).lower().replace("`secret`", "")
            failure = reader.answer("call fill()").failure
            assert failure is not None
            assert "only reads" in failure.message
            assert root.rows("select * from orders") == []
        finally:
            for asker in (root, clerk, wrong, reader):
                asker.close()


class TestSqlite(SourcesContract):
    slow = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as c from n"
    cells: ClassVar = {
        "big": ("integer", BIG),
        "ratio": ("real", Decimal("0.1")),
        "day": ("text", "2026-02-28"),
        "word": ("text", "00123 – 支付 😀 ' \\ % :x"),
        "void": ("text", None),
    }

    @pytest.fixture
    def source(self, tmp_path: Path) -> DataSource:
        sqlite3.connect(tmp_path / "orders.db").close()
        (tmp_path / "orders.db").touch()
        return DataSource("orders", f"sqlite:///{tmp_path}/orders.db")

    def test_the_database_itself_refuses_changes(self, writer: Asker, reader: Asker) -> None:
        writer.told("insert into orders values ('kept', 1)")
        failure = reader.answer("with x as (select 1) delete from orders").failure
        assert failure is not None
        assert failure.cause is Cause.QUERY
        assert "writable: true" in failure.hint
        assert writer.rows("select id from orders") == [{"id": "kept"}]

    def test_a_statement_that_begins_when_nobody_waits_any_more_ends(
        self, reader: Asker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SQLite's own `interrupt` is heard by what runs already."""
        near, go_on, begin = threading.Event(), threading.Event(), sql_drivers.begin

        def late(connection: sa.Connection, source: DataSource, timeout_ms: int) -> None:
            begin(connection, source, timeout_ms)
            near.set()
            go_on.wait()

        async def cut() -> None:
            call = asyncio.ensure_future(reader.invoker.invoke(SqlCall(reader.source, self.slow, "{}", 60_000)))
            await asyncio.to_thread(near.wait)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            go_on.set()

        monkeypatch.setattr(sql_drivers, "begin", late)
        reader.runner.run(cut())
        assert_no_threads()

    def test_no_file_is_made(self, tmp_path: Path, ask: Ask) -> None:
        asker = ask(DataSource("orders", f"sqlite:///{tmp_path}/none.db", writable=True))
        failure = asker.answer("select 1").failure
        assert failure is not None
        assert (failure.cause, failure.blamed) == (Cause.CONFIG, Side.ENVIRONMENT)
        assert not (tmp_path / "none.db").exists()

    def test_no_other_file_is_opened(self, writer: Asker, source: DataSource, ask: Ask, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        sqlite3.connect(tmp_path / "other" / "secret.db").close()
        failure = writer.answer(f"attach database '{tmp_path}/other/secret.db' as other").failure
        assert failure is not None
        assert failure.cause is Cause.QUERY
        assert writer.answer(f"vacuum into '{tmp_path}/copy.db'").failure is not None
        assert not (tmp_path / "copy.db").exists()
        root = str(tmp_path / "other")
        for url in (source.url, "sqlite:///../orders.db", f"sqlite:///{tmp_path}/other/../orders.db"):
            failure = ask(source, url=url, root=root).answer("select 1").failure
            assert failure is not None
            assert failure.cause is Cause.CONFIG
            assert "outside of the suite" in failure.message
        assert ask(source, url="sqlite:///secret.db", root=root).rows("select 1 as one") == [{"one": 1}]


class RedisAsker:
    def __init__(self, source: DataSource) -> None:
        self.source, self.runner, self.invoker = source, asyncio.Runner(), RedisInvoker()

    def answer(self, command: Any, timeout_ms: int = 20_000) -> Answer:
        call = RedisCall(self.source, json.dumps(command), timeout_ms)
        return self.runner.run(self.invoker.invoke(call))

    def told(self, *command: Any) -> Any:
        answer = self.answer(list(command))
        assert answer.failure is None, answer.failure
        return json.loads(answer.response or "")

    def close(self) -> None:
        self.runner.run(self.invoker.close())
        self.runner.close()


@pytest.fixture(scope="module")
def redis_server() -> Iterator[DataSource]:
    with databases.redis(SECRET) as url:
        yield DataSource("cache", url, password=SECRET)


@pytest.fixture
def writing(redis_server: DataSource) -> Iterator[RedisAsker]:
    asker = RedisAsker(replace(redis_server, writable=True))
    asker.told("FLUSHALL")
    yield asker
    asker.close()


@pytest.fixture
def reading(redis_server: DataSource) -> Iterator[RedisAsker]:
    asker = RedisAsker(redis_server)
    yield asker
    asker.close()


def test_replies_come_exactly(writing: RedisAsker) -> None:
    assert writing.told("SET", "n", BIG - 1) == "OK"
    assert writing.told("INCR", "n") == BIG
    assert writing.told("SET", "d", Decimal("10.50")) == "OK"
    assert writing.told("GET", "d") == "10.50"
    assert writing.told("GET", "none") is None
    assert writing.told("SET", "t", "支付 😀 \r\n $5") == "OK"
    assert writing.told("GET", "t") == "支付 😀 \r\n $5"


def test_several_commands_and_objects(writing: RedisAsker) -> None:
    replies = writing.told(["HSET", "h", "status", "PAID", "n", 1], ["HGETALL", "h"], ["LRANGE", "none", 0, -1])
    assert replies == [2, {"status": "PAID", "n": "1"}, []]


def test_what_is_no_text_is_base64_and_told(writing: RedisAsker) -> None:
    writing.told("SETBIT", "b", 0, 1)
    answer = writing.answer(["GET", "b"])
    assert json.loads(answer.response or "") == "gA=="
    assert "base64" in answer.warnings[0]


def test_a_reading_connection_lets_the_server_say_what_reads(writing: RedisAsker, reading: RedisAsker) -> None:
    writing.told("SET", "k", "v")
    assert reading.told("GET", "k") == "v"
    assert reading.told("OBJECT", "ENCODING", "k") == "embstr"
    assert reading.told("MEMORY", "USAGE", "k") > 0
    assert reading.answer(["CONFIG", "SET", "maxmemory", "0"]).failure is not None
    assert reading.told("EVAL_RO", "return redis.call('GET', KEYS[1])", 1, "k") == "v"
    for command in (["DEL", "k"], ["set", "k", "w"], ["EVAL", "return redis.call('DEL', 'k')", 0], ["GETDEL", "k"]):
        failure = reading.answer(command).failure
        assert failure is not None
        assert failure.cause is Cause.QUERY
        assert "only reads" in failure.message
        assert "writable: true" in failure.hint
    assert reading.answer(["EVAL_RO", "return redis.call('DEL', 'k')", 0]).failure is not None
    assert reading.told("GET", "k") == "v"


def test_long_answers_are_cut_and_told(writing: RedisAsker, redis_server: DataSource) -> None:
    writing.told("RPUSH", "l", *range(100))
    few = RedisAsker(replace(redis_server, max_rows=10, max_bytes=5))
    answer = few.answer(["LRANGE", "l", 0, -1])
    assert json.loads(answer.response or "")[:5] == ["0", "1", "2", "3", "4"]
    assert len(answer.warnings) == 2
    few.close()


def test_failures_are_typed_and_hold_no_password(redis_server: DataSource, writing: RedisAsker) -> None:
    wrong = RedisAsker(replace(redis_server, password="other-secret"))
    failure = wrong.answer(["GET", "k"]).failure
    assert failure is not None
    assert failure.cause is Cause.AUTH
    assert "other-secret" not in str(failure)
    wrong.close()
    none = RedisAsker(replace(redis_server, password=""))
    failure = none.answer(["GET", "k"]).failure
    assert failure is not None
    assert failure.cause is Cause.AUTH
    none.close()
    dead = RedisAsker(replace(redis_server, url="redis://127.0.0.1:1/0"))
    failure = dead.answer(["GET", "k"]).failure
    assert failure is not None
    assert failure.cause is Cause.NETWORK
    dead.close()
    failure = writing.answer(["LPUSH", "k"]).failure
    assert failure is not None
    assert (failure.cause, failure.blamed) == (Cause.QUERY, Side.CASE)


def test_a_blocking_command_ends_at_its_limit(writing: RedisAsker) -> None:
    failure = writing.answer(["BLPOP", "nothing", 60], timeout_ms=300).failure
    assert failure is not None
    assert failure.cause is Cause.TIMEOUT
    assert writing.told("PING") == "PONG"


def test_commands_that_stay_are_refused(writing: RedisAsker) -> None:
    failure = writing.answer(["SUBSCRIBE", "x"]).failure
    assert failure is not None
    assert "cannot be used here" in failure.message
