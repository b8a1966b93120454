"""The HTTP server: waitress on a thread of its own, which ends when what it has begun is answered."""

import copy
import socket
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge

from workbench.errors import UsageError
from workbench.model import json
from workbench.settings import Serving
from workbench_web.api import BODY_BYTES
from workbench_web.problems import MEDIA, Problem
from workbench_web.uploads import UPLOADS

GRACE_S = 10.0  # for requests that are being answered when the server stops
_CONNECTIONS = 1000
_UNKNOWN_BYTES = 64 * 1024  # of who does not say who they are: enough for a name and a password
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
    from who does not even say who they are. Whether a token is one is told when all has come: looking it up here would
    keep all others waiting."""

    adj: Any
    unknown = False

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        media = self.headers.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        self.unknown = self.adj.known_only and not self._says_who()
        most = _UNKNOWN_BYTES if self.unknown else self.adj.max_request_body_size
        most = most if media in UPLOADS else min(most, BODY_BYTES + 1)
        if most < self.adj.max_request_body_size:
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = most

    def _says_who(self) -> bool:
        bearer = self.headers.get("AUTHORIZATION", "").lower().startswith("bearer wbt_")
        return bearer or "workbench=" in self.headers.get("COOKIE", "")


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _Refusal
    parser_class = _Request


class Server:
    """Listens from its making on, answers from `start` on. A context manager.

    `address`: where, as http://HOST:PORT; port 0 takes a free one. Raises UsageError when it cannot listen there.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], serving: Serving, *, known_only: bool = False) -> None:
        """`known_only`: who sends neither a token nor a session's cookie sends only little."""
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
        self._server.adj.known_only = known_only
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
        self._in_loop(self._close_all)
        self._thread.join(grace_s)
        self._server.task_dispatcher.shutdown(timeout=1)

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
