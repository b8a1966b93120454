"""The HTTP server: waitress on a thread of its own, which ends when what it has begun is answered."""

import copy
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Any, Self

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge

from workbench.errors import UsageError, WorkbenchError
from workbench.model import json
from workbench.settings import Serving
from workbench_web.api import BODY_BYTES
from workbench_web.problems import MEDIA, Problem
from workbench_web.uploads import UPLOADS

GRACE_S = 10.0  # for requests that are being answered when the server stops
_CONNECTIONS = 1000
_UNKNOWN_BYTES = 64 * 1024  # of who does not say who they are: enough for a name and a password
Known = Callable[[str, str], bool]  # of the headers Authorization and Cookie, "" where there is none
_LOOKS = 4  # at a time, at who sends something large
_log = logging.getLogger("workbench.web")
_CODES = {401: "LOGIN", 413: "TOO_LARGE"}


def _listening(host: str, port: int) -> socket.socket:
    """Bound here, so that a port that is taken leaves nothing open."""
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        hint = "another program listens there; choose another --port"
        raise UsageError(f"cannot listen: {error.strerror}", where=f"{host}:{port}", hint=hint) from error
    return found


def _behind(proxy: str) -> dict[str, Any]:
    """Whose word on the client's address and the name that it used is taken."""
    headers = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
    return {"trusted_proxy": proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": headers} if proxy else {}


class _Unknown(RequestEntityTooLarge):  # type: ignore[misc]
    code = 401
    reason = "Unauthorized"


class _Refusal(ErrorTask):  # type: ignore[misc]
    """What waitress refuses before the application sees it (too large, no HTTP) is a problem document, too."""

    def execute(self) -> None:
        error = self.request.error
        if error.code == 413 and self.request.unknown:
            error = _Unknown(f"who is not known here sends no more than {_UNKNOWN_BYTES} bytes")
        if error.code == 401:
            self.response_headers.append(("WWW-Authenticate", "Bearer"))
        code = _CODES.get(error.code) or error.reason.upper().replace(" ", "_")
        kind = f"urn:dubbo-workbench:problem:{code.lower().replace('_', '-')}"
        problem = Problem(type=kind, title=error.reason, status=error.code, detail=error.body, code=code,
                          hint="log in, or send a token" if error.code == 401 else "")  # fmt: skip
        body = json.dump_bytes(problem)
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", MEDIA), ("X-Content-Type-Options", "nosniff")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Request(HTTPRequestParser):  # type: ignore[misc]
    """What cannot be an upload is refused while it comes, and not only when all of it lies on disk; so is what comes
    from who does not even say who they are."""

    adj: Any
    unknown = False
    asked = False  # whether who sends it has been looked up

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        media = self.headers.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        self.unknown = self.adj.known is not None and not self._says_who()
        most = _UNKNOWN_BYTES if self.unknown else self.adj.max_request_body_size
        most = most if media in UPLOADS else min(most, BODY_BYTES + 1)
        if most < self.adj.max_request_body_size:
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = most

    def _says_who(self) -> bool:
        bearer = self.headers.get("AUTHORIZATION", "").lower().startswith("bearer wbt_")
        return bearer or "workbench=" in self.headers.get("COOKIE", "")

    def is_doubtful(self) -> bool:
        """Whether more is to come from who has not been looked up."""
        more = self.headers_finished and not self.completed and self.error is None
        large = self.chunked or self.content_length > _UNKNOWN_BYTES
        return bool(more and large and self.adj.known is not None and not self.asked)

    def is_known(self) -> bool:
        return bool(self.adj.known(self.headers.get("AUTHORIZATION", ""), self.headers.get("COOKIE", "")))


class _Channel(HTTPChannel):  # type: ignore[misc]
    """Reads no further while it is looked up, on another thread, who sends something large.

    Whoever asks whether the client has left, as event streams do, is told at once: from then on it is read beside the
    answer, where waitress would notice it at the next write only. Of all others nothing is read ahead, so that a client
    which has closed its half of the connection gets its answer."""

    error_task_class = _Refusal
    parser_class = _Request
    request: Any
    _waiting = False
    _watched = False

    def readable(self) -> bool:
        return not self._waiting and (bool(super().readable()) or (self._watched and len(self.requests) == 1))

    def check_client_disconnected(self) -> bool:
        if not self._watched:
            self._watched = True
            self.server.pull_trigger()
        return bool(super().check_client_disconnected())

    def received(self, data: bytes) -> bool:
        went = bool(super().received(data))
        request = self.request
        if request is not None and request.is_doubtful():
            request.asked = self._waiting = True
            self.adj.asking.submit(self._look, request)
        return went

    def _look(self, request: _Request) -> None:
        try:
            known = request.is_known()
        except WorkbenchError as error:  # the application says so when all has come
            _log.error("who sends something large is not known: %s", error)
            known = True
        self.server.trigger.pull_trigger(partial(self._looked, request, known))

    def _looked(self, request: _Request, known: bool) -> None:
        """Read on, or refuse what has begun to come."""
        self._waiting = False
        with self.requests_lock:
            if known or not self.connected or self.request is not request:
                return
            request.error = _Unknown("this token is not known here, or its time is over")
            request.completed, self.request = True, None
            self.requests.append(request)
            if len(self.requests) == 1:
                self.server.add_task(self)


class Server:
    """Listens from its making on, answers from `start` on. A context manager.

    `address`: where, as http://HOST:PORT; port 0 takes a free one. Raises UsageError when it cannot listen there.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], serving: Serving, *, known: Known | None = None) -> None:
        """`known`: says whether somebody is known here; who is not sends only little. Without, anybody sends a lot."""
        self._sockets: dict[int, Any] = {}
        host = "127.0.0.1" if serving.host == "localhost" else serving.host
        self._server = create_server(
            app,
            map=self._sockets,
            sockets=[_listening(host, serving.port)],
            threads=serving.threads,
            connection_limit=_CONNECTIONS,
            max_request_body_size=(serving.upload_mb + 1) * 1024 * 1024,
            asyncore_use_poll=True,
            ident="",
            clear_untrusted_proxy_headers=True,
            **_behind(serving.proxy),
        )
        self._asking = ThreadPoolExecutor(_LOOKS, thread_name_prefix="who")
        self._server.adj.known, self._server.adj.asking = known, self._asking
        self._server.channel_class = _Channel
        name = f"[{host}]" if ":" in host else host
        self.address = f"http://{name}:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run, name="http-server", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, end_streams: Callable[[], None] = lambda: None, grace_s: float = GRACE_S) -> None:
        """Take no more, wait for what is being answered, close. `end_streams`: what ends answers that go on."""
        self._in_loop(self._close_door)
        end_streams()
        deadline = time.monotonic() + grace_s
        while self._busy() and time.monotonic() < deadline:
            time.sleep(0.02)
        self._server.task_dispatcher.shutdown(timeout=3)  # before the pipe by which its threads wake the loop
        self._in_loop(self._close_all)
        self._thread.join(grace_s)
        self._asking.shutdown(wait=False, cancel_futures=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _busy(self) -> bool:
        return any(each.requests or each.total_outbufs_len for each in list(self._server.active_channels.values()))

    def _in_loop(self, work: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            try:
                work()
            finally:
                done.set()

        self._server.trigger.pull_trigger(run)
        done.wait(5)

    def _close_door(self) -> None:
        self._server.del_channel()
        self._server.socket.close()

    def _close_all(self) -> None:
        """Nothing left to look at ends the loop."""
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.trigger.close()
        self._sockets.clear()
