"""The server with real providers: many listeners while a run goes on, one break, and what HTTP says of it all."""

import http.client
import shutil
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from workbench_web.desk import Desk
from workbench_web.factory import create_app
from workbench_web.server import Server

from workbench.files import RunFolder
from workbench.model import json
from workbench.model.events import CaseFinished, StepFinished
from workbench.settings import Serving, Settings
from workbench.storage import Author
from workbench.usecases.import_suite import import_suite
from workbench.usecases.samples import WorldState

EXAMPLE = Path(__file__).parents[2] / "examples" / "suites" / "pay-order"
LISTENERS = 50
PATIENCE_S = 120


class Listener(threading.Thread):
    """Reads a stream to the end of a run; breaks off once on the way, where it is told to, and goes on."""

    def __init__(self, server: Server, *, breaks: bool) -> None:
        super().__init__(daemon=True)
        self.server, self.breaks = server, breaks
        self.ready = threading.Event()
        self.events: list[tuple[str, str]] = []  # (id, name)
        self.problem = ""

    def run(self) -> None:
        try:
            while not self._listen():
                pass
        except Exception as error:  # noqa: BLE001 - told by the test
            self.problem = repr(error)

    def _listen(self) -> bool:
        """True at the end of the run."""
        connection = connected(self.server)
        headers = {"Last-Event-ID": self.events[-1][0]} if self.events else {}
        connection.request("GET", "/api/v1/events", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        last_id = ""
        try:
            while line := answer.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    last_id = value
                elif name == "event":
                    self.events.append((last_id, value))
                    self.ready.set()
                    if value == "run-finished":
                        return True
                    if self.breaks and value == "case-finished":
                        self.breaks = False
                        return False
            return False
        finally:
            connection.close()


def connected(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urllib.parse.urlsplit(server.address).netloc, timeout=PATIENCE_S)


def ask(server: Server, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    connection = connected(server)
    data = None if body is None else json.dump_bytes(body)
    connection.request(method, f"/api/v1{path}", data, {"Content-Type": "application/json"} if data else {})
    answer = connection.getresponse()
    try:
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(Settings(data_dir=tmp_path / "data", serve=Serving(port=0, login=False))) as desk:
        folder = shutil.copytree(EXAMPLE, tmp_path / "suite")
        import_suite(folder, desk.storage, Author("li", ""))
        yield desk


def test_fifty_listeners_hear_all_of_a_run(desk: Desk, sample_world: WorldState) -> None:
    server = Server(create_app(desk), desk.settings.serve)
    server.start()
    try:
        listeners = [Listener(server, breaks=number % 5 == 0) for number in range(LISTENERS)]
        for each in listeners:
            each.start()
        assert all(each.ready.wait(PATIENCE_S) for each in listeners)
        status, run = ask(server, "POST", "/runs", {"suite": "order", "registries": [sample_world.registry]})
        assert (status, ask(server, "GET", "/health")[0]) == (201, 200)
        for each in listeners:
            each.join(PATIENCE_S)
        assert [each.problem for each in listeners if each.problem] == []
        assert desk.runner.wait(run["id"], PATIENCE_S)
        events = list(RunFolder.open(desk.settings.runs_dir / run["id"]).events())
        assert sum(isinstance(each, CaseFinished) for each in events) == run["items"] > 20
        assert any(isinstance(each, StepFinished) and each.result.attempts[0].provider for each in events)
        wanted = [str(each.__struct_config__.tag) for each in events]
        for each in listeners:
            heard = [name for _, name in each.events if name not in ("hello", "reset")]
            assert heard == wanted
            assert "reset" not in [name for _, name in each.events]
        assert ask(server, "GET", f"/runs/{run['id']}")[1]["state"] == "finished"
    finally:
        server.stop(desk.end_streams)
    assert not [thread for thread in threading.enumerate() if thread.name in ("runs", "http-server")]


def test_two_runs_share_one_bridge(desk: Desk, sample_world: WorldState) -> None:
    client = create_app(desk).test_client()
    body = {"suite": "order@1.0.0", "registries": [sample_world.registry], "concurrency": 4}
    runs = [client.post("/api/v1/runs", json=body).json["id"] for _ in range(2)]
    assert all(desk.runner.wait(run, PATIENCE_S) for run in runs)
    infos = [client.get(f"/api/v1/runs/{run}").json for run in runs]
    assert infos[0]["cases"] == infos[1]["cases"]
    assert {info["state"] for info in infos} == {"finished"}
    pids = {desk.app.bridge(role).pid for role in ("calls", "tools")}
    assert None not in pids
