"""The scripts: from nothing, and from every earlier revision with data in it."""

import threading
import zlib
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from storage_contract import LI, case, snapshot

from workbench.errors import StorageError
from workbench.model import json
from workbench.storage import Storage
from workbench.storage.migrate import HEAD, SCRIPTS, revision_of, upgrade


def scripts() -> list[str]:
    """Revisions, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def test_head_is_the_newest_script() -> None:
    assert scripts()[-1] == HEAD
    assert scripts() == sorted(scripts())  # how older and newer are told apart


@pytest.fixture
def new_databases_are_copies() -> None:
    """Not here."""


@pytest.mark.parametrize("old", scripts())
def test_data_of_every_earlier_revision_stay(tmp_path: Path, old: str) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/w.db", tmp_path)
    upgrade(storage.database, old)
    assert revision_of(storage.database) == old
    rows: dict[str, int] = {}
    with storage.database.writing() as connection:
        for revision, statements in DATA.items():
            for statement in statements if revision <= old else ():
                connection.execute(sa.text(statement))
                rows[statement.split()[2]] = 1
    assert storage.upgrade() == (old, HEAD)
    with storage as opened, opened.database.reading() as connection:
        assert {name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in rows} == rows
        (found,) = opened.history.find("c1")
        assert opened.history.body(found, 1) == '{"case":"订单"}'
        assert [each.version for each in opened.suites.versions("order")] == ["1.0.0"]
        assert connection.scalar(sa.text("SELECT head FROM heads WHERE revision_id = 'r'")) == '{"case":"订单"}'


# A row of each table that a revision made; later scripts keep them readable.
DATA = {
    "0001": (
        "INSERT INTO subsystems (id, name, created_us) VALUES ('s', 'order', 1)",
        "INSERT INTO versions (id, subsystem_id, name, position, created_us) VALUES ('v', 's', '1.0.0', 0, 1)",
        "INSERT INTO documents (id, subsystem_id, kind, \"key\") VALUES ('d', 's', 'case', 'c1')",
        "INSERT INTO revisions (id, document_id, number, parent_id, hash, author, created_us, message, body) "
        "VALUES ('r', 'd', 1, NULL, 'h', 'li', 1, '', '{\"case\"\\:\"订单\"}')",
        "INSERT INTO entries (version_id, document_id, revision_id, scenario_id, position, name) "
        "VALUES ('v', 'd', 'r', NULL, 0, '')",
    ),
    "0002": (
        "INSERT INTO saves (id, version_id, number, what, author, created_us, message) "
        "VALUES ('a', 'v', 1, 'import', 'li', 1, '')",
        "INSERT INTO save_entries "
        "(save_id, document_id, old_position, old_name, new_revision_id, new_position, new_name) "
        "VALUES ('a', 'd', 0, '', 'r', 0, '')",
        "INSERT INTO merges (revision_id, other_id) VALUES ('r', 'r')",
    ),
    "0003": ("INSERT INTO links (version_id, source_id, source_save, created_us) VALUES ('v', 'v', 1, 1)",),
    "0004": (
        "INSERT INTO runs VALUES ('n', 'r1', 'order', '1', 's', 'sit', 'PASSED', 1, 1, 1, 1, 0, 0, 0, 0, 0, 'x', 'x')",
        "INSERT INTO run_cases (run_id, position, item, case_key, name, verdict, side, cause, message, failed_step, "
        "fingerprint, started_us, elapsed_us, flaky, events) "
        "VALUES ('n', 0, 'c1', 'c1', 'C', 'PASSED', '', '', '', '', '', 1, 1, 0, 'x')",
        "INSERT INTO conclusions VALUES ('k', 'order', 'f', 'known', '', '', 'li', 1, 'r1')",
    ),
    "0005": (
        "INSERT INTO heads VALUES ('r', '{\"case\"\\:\"订单\"}')",
        "INSERT INTO users VALUES ('u', 'li', '', 1, 0, 1)",
        "INSERT INTO user_groups VALUES ('g', 'pay', 1)",
        "INSERT INTO memberships VALUES ('g', 'u', 'edit')",
        "INSERT INTO subsystem_groups VALUES ('s', 'g')",
        "INSERT INTO sessions VALUES ('e', 'h', 'u', 1, 2)",
        "INSERT INTO tokens VALUES ('t', 'h', 'u', 'ci', 'run', 1, 2, 0)",
        "INSERT INTO invitations VALUES ('i', 'h', NULL, 2)",
        "INSERT INTO audit VALUES ('a', 1, 'li', '', '', 'save', 'order', 'x', '', '')",
    ),
    "0006": (
        "INSERT INTO contract_changes (id, version_id, save, dependency, author, created_us, body) "
        "VALUES ('c', 'v', 1, '', 'li', 1, '{}')",
        "INSERT INTO case_flags VALUES ('c', 'd', 'breaking', '[0]', '', 0)",
    ),
    "0007": ("INSERT INTO libraries VALUES ('t', 'tool-util', '1.0.0', '[]', 'x', 'li', 1, '')",),
    "0008": (
        "INSERT INTO row_chunks (hash, count, body) VALUES ('h', 1, 'x')",
        "INSERT INTO renderings VALUES ('h', '.csv', 'h', '{}', 1)",
    ),
    "0009": (),  # a column
    "0010": (
        "INSERT INTO deployments VALUES ('p', 'order', 'sit', 'h:1', '1', 'a.jar', 'h', 1, 'li')",
        "INSERT INTO run_bounds VALUES ('order', 10, 0)",
    ),
    "0011": ("INSERT INTO library_groups VALUES ('sign', 'g')",),
    "0012": (),  # a column
    "0013": (
        "INSERT INTO schedules (id, subsystem, name, version, cron, timezone, missed, enabled, body, author, revision, "
        "created_us, next_us, last_us, last_run, last_said) VALUES ('x', 'order', 'nightly', '', '0 2 * * *', 'UTC', "
        "'once', 1, '{}', 'li', 1, 1, 0, 0, '', '')",
        "INSERT INTO schedule_fires (id, schedule_id, due_us, fired_us, server, run, said) "
        "VALUES ('y', 'x', 1, 1, 'h', '', '')",
    ),
    "0014": ("INSERT INTO run_groups VALUES ('n', 0, 'nightly')",),
    "0015": (),  # a column
    "0016": (),  # columns
    "0017": (),  # a column
}


def test_runs_that_are_there_are_known_by_their_groups(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/w.db", tmp_path)
    upgrade(storage.database, "0013")
    plans = {
        "r1": zlib.compress(json.dump_bytes({"id": "r1", "groups": ["nightly", "烟\0"]})),
        "r2": zlib.compress(b'{"id":"r2"}'),
        "r3": b"damaged",
    }
    row = "(:key, :key, 'order', '1', 's', 'sit', 'PASSED', 1, 1, 1, 1, 0, 0, 0, 0, 0, :plan, :plan)"
    with storage.database.writing() as connection:
        for key, plan in plans.items():
            connection.execute(sa.text(f"INSERT INTO runs VALUES {row}"), {"key": key, "plan": plan})
    storage.upgrade()
    with storage as opened:
        assert {each.run: each.groups for each in opened.runs.all()} == {
            "r1": ("nightly", "烟\ufffd"), "r2": (), "r3": ()}  # fmt: skip


def test_there_are_data_of_every_revision() -> None:
    assert list(DATA) == scripts()


@pytest.mark.parametrize(("found", "message"), [("0000", "needs"), ("9999", "newer"), ("", "no tables yet")])
def test_a_database_of_another_revision_is_refused(tmp_path: Path, found: str, message: str) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/w.db", tmp_path)
    with storage.database.writing() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        if found:
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:found)"), {"found": found})
    with pytest.raises(StorageError, match=message), storage:
        pass
    if found == "9999":
        with pytest.raises(StorageError, match="9999"):
            storage.upgrade()
    storage.close()


def test_many_may_make_it_at_once(tmp_path: Path) -> None:
    errors: list[Exception] = []

    def work(number: int) -> None:
        try:
            with Storage(f"sqlite:///{tmp_path}/deep/w.db", tmp_path) as opened:
                opened.suites.put(snapshot(case(f"c{number}"), version=str(number)), LI)
        except StorageError as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Storage(f"sqlite:///{tmp_path}/deep/w.db", tmp_path) as opened:
        assert len(opened.suites.versions()) == 6


@pytest.mark.parametrize(
    ("url", "message"),
    [("nonsense", "no database URL"), ("oracle9://x", "no database URL"), ("sqlite:////proc/x/w.db", "cannot be made")],
)
def test_urls_that_cannot_be_used(tmp_path: Path, url: str, message: str) -> None:
    with pytest.raises(StorageError, match=message), Storage(url, tmp_path):
        pass


def test_a_password_is_never_told(tmp_path: Path) -> None:
    storage = Storage("postgresql://li:geheim@127.0.0.1:1/none?connect_timeout=1", tmp_path)
    with pytest.raises(StorageError) as caught, storage:
        pass
    assert "geheim" not in str(caught.value)
    assert "li" in caught.value.where
    with pytest.raises(StorageError, match="for SQLite") as caught:
        storage.backup(tmp_path / "b")
    assert "pg_dump" in caught.value.hint
