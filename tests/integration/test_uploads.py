"""Large uploads at a real server: streamed, refused before all is read, and nothing is left of what was refused."""

import contextlib
import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_server import Serving, serving
from suite_zip import zipped
from workbench_web.api import Route
from workbench_web.routes import all_routes

pytestmark = pytest.mark.xdist_group("uploads")  # one process starts what they share

MB = 1024 * 1024
LIMIT_MB, LARGE_MB = 16, 200
QUERIES = {  # what a route wants besides the file, one a format
    "upload_artifact": ("name=a.jar",),
    "preview_dataset": ("form=xlsx", "form=csv", "form=json"),
    "bring_dataset": ("form=xlsx", "form=csv", "form=json"),
    "import_config": ("form=xlsx", "form=csv", "form=json", "form=properties"),
}


def queries(route: Route) -> tuple[str, ...]:
    return QUERIES.get(route.name, ("",))


UPLOADS = [route for route in all_routes().routes if route.accepts]
ASKED = [(route, query) for route in UPLOADS for query in queries(route)]
BLOCK = os.urandom(MB)


def path_of(route: Route, query: str) -> str:
    return f"{route.template.format(address='order', key='d')}?{query}"


def name_of(value: object) -> str:
    return value.name if isinstance(value, Route) else str(value)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Takes little."""
    environ = {"WORKBENCH_SERVE__UPLOAD_MB": str(LIMIT_MB)}
    with serving(tmp_path_factory.mktemp("small"), environ) as server:
        bring_suite(server)
        yield server


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("large")) as server:
        bring_suite(server)
        yield server


def bring_suite(server: Serving) -> None:
    body = zipped({"suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n"})
    assert send(server, "/api/v1/suites", "application/zip", body)[0] == 200


def send(server: Serving, path: str, media: str, body: object, **headers: str) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    try:
        connection.request("POST", path, body, {"Content-Type": media, **headers})  # type: ignore[arg-type]
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def begin(server: Serving, path: str, media: str, *headers: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {media}", *headers]
    connection.sendall("".join(f"{line}\r\n" for line in (*head, "")).encode())
    return connection


def pour(connection: socket.socket, *parts: bytes) -> None:
    """As far as it is taken: who has had enough answers and closes, perhaps before the last byte is on its way."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for part in parts:
            connection.sendall(part)


def answered(connection: socket.socket) -> tuple[int, str]:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, json.loads(answer.read())["code"]


def settled(server: Serving, before: set[str]) -> None:
    """Nothing more lies there than before, and no temporary file is held open."""
    end = time.monotonic() + 60
    while (left := server.files() - before or server.unlinked()) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left


@pytest.mark.parametrize(("route", "query"), ASKED, ids=name_of)
def test_beyond_the_limit_it_is_refused_before_it_is_read(small: Serving, route: Route, query: str) -> None:
    before = small.files()
    with begin(small, path_of(route, query), route.accepts[0], f"Content-Length: {LARGE_MB * MB}") as connection:
        assert answered(connection) == (413, "TOO_LARGE")  # of the body nothing was sent
    settled(small, before)


@pytest.mark.parametrize("over", [1, MB + 1])
@pytest.mark.parametrize("route", UPLOADS, ids=name_of)
def test_an_upload_that_does_not_tell_its_size_is_counted(small: Serving, route: Route, over: int) -> None:
    before, path = small.files(), path_of(route, queries(route)[0])
    header = ['If-Match: "1"'] if route.name == "import_config" else []
    with begin(small, path, route.accepts[0], "Transfer-Encoding: chunked", *header) as connection:
        for size in (*(MB for _ in range(LIMIT_MB)), over):
            pour(connection, f"{size:x}\r\n".encode(), (BLOCK * 2)[:size], b"\r\n")
        if over == 1:  # what only the application sees
            connection.sendall(b"0\r\n\r\n")
        assert answered(connection) == (413, "TOO_LARGE")
    settled(small, before)


@pytest.mark.parametrize("length", [f"Content-Length: {33 * MB}", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize(
    "media", ["application/json", "text/plain", "multipart/form-data; a=b", "application/JSON; a=b"]
)
def test_what_is_no_upload_has_a_narrower_limit(large: Serving, media: str, length: str) -> None:
    with begin(large, "/api/v1/users", media, length) as connection:
        if "chunked" in length:
            pour(connection, *(b"100000\r\n" + BLOCK + b"\r\n" for _ in range(33)))
        assert answered(connection) == (413, "TOO_LARGE")
    settled(large, large.files())


@pytest.mark.parametrize("length", ["Content-Length: 8000000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("route", UPLOADS, ids=name_of)
def test_a_client_that_breaks_off_leaves_nothing(small: Serving, route: Route, length: str) -> None:
    before = small.files()
    with begin(small, path_of(route, queries(route)[0]), route.accepts[0], length) as connection:
        connection.sendall(b"100000\r\n" + BLOCK)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # as a crash does
    settled(small, before)


def test_memory_stays_flat_and_the_file_is_whole(large: Serving) -> None:
    send_large(large, "/api/v1/artifacts?name=a.jar", "application/java-archive", "")  # what is loaded once, is
    before = large.peak_mb()
    status, told = send_large(large, "/api/v1/artifacts?name=b.jar", "application/java-archive", "again")
    assert (status, told["size"]) == (201, LARGE_MB * MB)
    stored = Path(large.data / "files" / str(told["sha256"])[:2] / str(told["sha256"]))
    assert stored.stat().st_size == LARGE_MB * MB
    assert large.peak_mb() - before < 40


@pytest.mark.fuzz
@pytest.mark.parametrize("key", ["", "a key"])
@pytest.mark.parametrize(("route", "query"), ASKED, ids=name_of)
def test_large_files_of_all_routes(large: Serving, route: Route, query: str, key: str) -> None:
    """Bytes without a meaning; what reads tables may hold one of texts in memory, and tells that they are none."""
    before = large.files()
    status, told = send_large(large, path_of(route, query), route.accepts[0], key and f"{key} {query}")
    if route.name == "upload_artifact":
        assert status == 201
        return
    assert status in (413, 422), told
    settled(large, before)


def send_large(server: Serving, path: str, media: str, key: str) -> tuple[int, dict[str, object]]:
    headers = {"Content-Length": str(LARGE_MB * MB)} | ({"Idempotency-Key": key} if key else {})
    headers |= {"If-Match": '"1"'} if "/config/" in path else {}
    return send(server, path, media, (BLOCK for _ in range(LARGE_MB)), **headers)
