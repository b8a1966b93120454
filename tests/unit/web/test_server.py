"""The server answers, and ends when what it has begun is answered."""

import http.client
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from workbench_web.serve import refuse_others
from workbench_web.server import Server

from workbench.errors import StorageError, UsageError
from workbench.model import json
from workbench.settings import Serving


def answering(work: Callable[[], bytes]) -> Callable[..., Iterable[bytes]]:
    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [work()]

    return app


def get(server: Server) -> bytes:
    with urllib.request.urlopen(server.address, timeout=60) as answer:
        return bytes(answer.read())


def test_it_answers_and_ends() -> None:
    with Server(answering(lambda: b"yes"), Serving(port=0, threads=2)) as server:
        assert get(server) == b"yes"
    with pytest.raises(urllib.error.URLError):
        get(server)


def test_what_is_begun_is_answered_before_it_ends() -> None:
    begun, go = threading.Event(), threading.Event()

    def work() -> bytes:
        begun.set()
        go.wait(60)
        return b"done"

    answers: list[bytes] = []
    server = Server(answering(work), Serving(port=0, threads=2))
    server.start()
    asking = threading.Thread(target=lambda: answers.append(get(server)))
    asking.start()
    assert begun.wait(60)
    server.stop(end_streams=go.set)
    asking.join(60)
    assert answers == [b"done"]


def test_a_thread_that_has_answered_is_done_before_the_server_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    """It still wakes the loop, by a descriptor that may be somebody else's once the server has let go of it."""
    server = Server(answering(lambda: b"yes"), Serving(port=0, threads=1))
    wake = server._server.pull_trigger

    def late() -> None:
        time.sleep(0.3)
        wake()

    server._server.pull_trigger = late
    with server:
        assert get(server) == b"yes"
    assert "Exception" not in caplog.text


def test_a_taken_port_is_told() -> None:
    with Server(answering(lambda: b""), Serving(port=0, threads=1)) as server:
        port = int(server.address.rpartition(":")[2])
        with pytest.raises(UsageError, match="cannot listen"):
            Server(answering(lambda: b""), Serving(port=port))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.1"])
def test_this_machine_may_connect(host: str) -> None:
    refuse_others(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
def test_other_machines_may_not(host: str) -> None:
    with pytest.raises(UsageError, match="without a login"):
        refuse_others(host)


@pytest.mark.parametrize(
    ("head", "status", "code"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", 413, "TOO_LARGE"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: one\r\n\r\n", 400, "BAD_REQUEST"),
    ],
)
def test_what_is_refused_before_the_application_is_a_problem_too(head: bytes, status: int, code: str) -> None:
    with Server(answering(lambda: b""), Serving(port=0, threads=1, upload_mb=1)) as server:
        host, _, port = server.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            connection.sendall(head)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            problem = json.loads(answer.read())
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("proxy", "seen"), [("", "127.0.0.1"), ("127.0.0.1", "10.1.2.3"), ("10.0.0.1", "127.0.0.1")])
def test_only_the_proxy_is_believed(proxy: str, seen: str) -> None:
    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["REMOTE_ADDR"].encode()]

    with Server(app, Serving(port=0, threads=1, proxy=proxy)) as server:
        asked = urllib.request.Request(server.address, headers={"X-Forwarded-For": "10.1.2.3"})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert answer.read().decode() == seen


@pytest.mark.parametrize("length", ["Content-Length: 70000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("", 401), ("Authorization: Basic cm9vdDp4", 401), ("Authorization: Bearer wbt_x", 200),
     ("Cookie: a=b; workbench=x", 200), ("Cookie: __Host-workbench=x", 200), ("Authorization: Bearer wbt_y", 401),
     ("Authorization: bearer wbt_ x", 401), ("Cookie: workbench=y", 401)],
)  # fmt: skip
def test_who_does_not_say_who_they_are_sends_little(length: str, who: str, status: int) -> None:
    """Neither a file nor JSON is kept before it is known whose it is; a token that is made up is none."""

    def known(authorization: str, cookie: str) -> bool:
        return authorization == "Bearer wbt_x" or cookie.endswith("workbench=x")

    with (
        Server(answering(lambda: b"yes"), Serving(port=0, threads=1), known=known) as server,
        socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2])), timeout=60) as connection,
    ):
        lines = ["POST / HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/zip", length, who or "A: b"]
        connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        if status == 200 or ("chunked" in length and "wbt_" not in who and "workbench" not in who):
            body = b"a" * 70000
            connection.sendall(b"11170\r\n" + body + b"\r\n0\r\n\r\n" if "chunked" in length else body)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == status
        if status == 401:
            assert answer.getheader("WWW-Authenticate") == "Bearer"
            assert json.loads(answer.read())["code"] == "LOGIN"


def test_others_are_answered_while_somebody_is_looked_up() -> None:
    """A database that does not answer holds up those only who send something large."""
    begun, go = threading.Event(), threading.Event()

    def known(authorization: str, cookie: str) -> bool:
        begun.set()
        go.wait(60)
        raise StorageError("it does not answer", where="db")

    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/zip\r\nAuthorization: Bearer wbt_x\r\n"
    with (
        Server(answering(lambda: b"yes"), Serving(port=0, threads=1), known=known) as server,
        socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2])), timeout=60) as connection,
    ):
        connection.sendall(head + b"Content-Length: 70000\r\n\r\n")
        assert begun.wait(60)
        assert get(server) == b"yes"
        go.set()
        connection.sendall(b"a" * 70000)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert (answer.status, answer.read()) == (200, b"yes")
