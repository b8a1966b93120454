"""A stream of events at a real server ends with what its listener came in by."""

import http.client
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import workbench_web.stream
from workbench_web.desk import Desk
from workbench_web.factory import create_app
from workbench_web.server import Server

from workbench.settings import Rights, Serving, Settings
from workbench.storage import Author
from workbench.storage.tables_people import sessions, tokens

ROOT = Author("root")
PATIENCE_S = 60


class Listener(threading.Thread):
    """Reads a stream to its end."""

    def __init__(self, server: Server, headers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.server, self.headers = server, headers
        self.events: list[str] = []
        self.news = threading.Condition()
        self.over = False

    def run(self) -> None:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.server.address).netloc, timeout=PATIENCE_S)
        connection.request("GET", "/api/v1/events", headers=self.headers)
        answer = connection.getresponse()
        assert answer.status == 200
        while line := answer.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name in ("event", "data"):
                self._note(value)
        connection.close()
        with self.news:
            self.over = True
            self.news.notify_all()

    def _note(self, value: str) -> None:
        with self.news:
            self.events.append(value)
            self.news.notify_all()

    def wait(self, wanted: Callable[[], bool]) -> bool:
        with self.news:
            return self.news.wait_for(wanted, PATIENCE_S)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(workbench_web.stream, "WATCH_S", 0.1)
    serve, rights = Serving(port=0, login=True), Rights(outsiders="none")
    with Desk(Settings(data_dir=tmp_path / "data", serve=serve, rights=rights)) as desk:
        desk.storage.people.add("root", ROOT, administrator=True)
        desk.storage.people.add("li", ROOT)
        desk.storage.people.add_group("pay", ROOT)
        desk.storage.people.set_role("pay", "li", "view", ROOT)
        yield desk


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    server = Server(create_app(desk), desk.settings.serve)
    server.start()
    yield server
    server.stop(desk.end_streams)


def by_token(desk: Desk) -> tuple[dict[str, str], str]:
    secret, token = desk.storage.access.make_token("li", "t", "view", 3600, ROOT)
    return {"Authorization": f"Bearer {secret}"}, token.id


def expire_soon(desk: Desk, what: sa.Table, *which: sa.ColumnElement[bool]) -> None:
    """In a second: who asks for a stream may take longer than any time that is short."""
    with desk.storage.database.writing() as connection:
        connection.execute(sa.update(what).where(*which).values(expires_us=time.time_ns() // 1000 + 1_000_000))


def by_session(desk: Desk) -> tuple[dict[str, str], str]:
    secret = desk.storage.access.open_session("li", 3600, ROOT)
    return {"Cookie": f"workbench={secret}"}, secret


@pytest.mark.parametrize("what", ["disabled", "revoked", "expired", "logged out", "new password"])
def test_it_ends_with_what_it_was_opened_by(desk: Desk, server: Server, what: str) -> None:
    access, people = desk.storage.access, desk.storage.people
    in_session = what in ("logged out", "new password")
    headers, key = by_session(desk) if in_session else by_token(desk)
    stays = Listener(server, by_token(desk)[0]) if what != "disabled" else None
    ends = Listener(server, headers)
    for each in filter(None, (stays, ends)):
        each.start()
        assert each.wait(lambda each=each: "hello" in each.events)  # type: ignore[misc]
    work: dict[str, Callable[[], object]] = {
        "disabled": lambda: people.change("li", ROOT, disabled=True),
        "revoked": lambda: access.revoke(key, ROOT),
        "expired": lambda: expire_soon(desk, tokens, tokens.c.id == key),
        "logged out": lambda: access.end_session(key, ROOT),
        "new password": lambda: people.set_password("li", "x", ROOT),
    }
    work[what]()
    assert ends.wait(lambda: ends.over)
    assert ends.events[-2:] == ["over", "{}"]
    assert stays is None or not stays.over


def test_an_open_stream_keeps_no_session_alive(desk: Desk, server: Server) -> None:
    headers, _ = by_session(desk)
    listener = Listener(server, headers)
    listener.start()
    assert listener.wait(lambda: "hello" in listener.events)
    expire_soon(desk, sessions)
    assert listener.wait(lambda: listener.over)
    assert listener.events[-2:] == ["over", "{}"]


def test_places_of_clients_that_have_closed_are_free_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench_web.stream, "WATCH_S", PATIENCE_S)  # they would be noticed that late
    monkeypatch.setattr(workbench_web.stream, "BEAT_S", PATIENCE_S)
    serve = Serving(port=0, login=False, threads=16, streams=8)
    with Desk(Settings(data_dir=tmp_path / "data", serve=serve)) as desk:
        server = Server(create_app(desk), desk.settings.serve)
        server.start()
        try:
            for _ in range(3):
                opened = [opening(server) for _ in range(8)]
                for other in (opening(server), opening(server)):
                    assert b" 503 " in other.recv(100)
                    other.close()
                for each in opened:
                    assert b" 200 " in each.recv(100)
                    each.close()
        finally:
            server.stop(desk.end_streams)


def opening(server: Server) -> socket.socket:
    """A connection that has asked for a stream, and has got the first bytes of the answer."""
    place = urllib.parse.urlsplit(server.address)
    found = socket.create_connection((place.hostname, place.port), timeout=PATIENCE_S)
    found.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    found.recv(1, socket.MSG_PEEK)
    return found
