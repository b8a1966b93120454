"""A peer that speaks just enough of the dubbo protocol to misbehave: what no real provider does when asked.

Frame: magic 0xdabb, flags (request 0x80, two-way 0x40, event 0x20, low five bits the serialization), status, id of 8
bytes, length of 4, body. The body of a response is Hessian: a number that says what follows, then the value.
It answers for every interface and method, so that thousands of them need one process.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_HEAD = struct.Struct(">HBBQI")
_MAGIC, _EVENT, _OK = 0xDABB, 0x20, 20
HESSIAN, FASTJSON2 = 2, 23  # numbers of serializations
_NOTHING: bytes | None = b"N"
SERVICE_ERROR = 70  # the status of a response whose body is a text alone
_CHUNK = 32_768
Script = Callable[[bytes], "bytes | None"]  # body of a request → what to send for it; None: hang up


def text(value: str) -> bytes:
    """Hessian's form of an ASCII text of any length."""
    *full, last = [value[at : at + _CHUNK] for at in range(0, len(value), _CHUNK)] or [""]
    return b"".join(b"R" + struct.pack(">H", len(part)) + part.encode() for part in full) + (
        b"S" + struct.pack(">H", len(last)) + last.encode()
    )


def returns(value: str) -> bytes:
    """The body of a response that returns a text."""
    return b"\x91" + text(value)


class ScriptedProvider:
    """Listens on loopback until closed. `requests` counts what it was asked."""

    def __init__(self, script: Script, host: str, status: int, serialization: int) -> None:
        self._script, self._status, self._serialization = script, status, serialization
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, 0), family=family, backlog=64)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self.requests = 0
        self.port: int = self._listening.getsockname()[1]
        self.address = f"dubbo://{f'[{host}]' if ':' in host else host}:{self.port}"
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return  # closed
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self._lock:
                if self._closed:  # `close` looks no more at who is open
                    connection.close()
                    return
                self._open.add(connection)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            try:
                while self._one(connection, stream.read):
                    continue
            except OSError:
                return  # the other side has gone, or `close` has come
            finally:
                with self._lock:
                    self._open.discard(connection)

    def _one(self, connection: socket.socket, read: Callable[[int], bytes]) -> bool:
        head = read(_HEAD.size)
        if len(head) < _HEAD.size:
            return False
        _, flags, _, number, length = _HEAD.unpack(head)
        body = read(length)
        if flags & _EVENT:
            status, answer = _OK, _NOTHING  # a heartbeat
        else:
            self.requests += 1
            status, answer = self._status, self._script(body)
        if answer is None:
            return False
        if answer:
            connection.sendall(
                _HEAD.pack(_MAGIC, flags & _EVENT | self._serialization, status, number, len(answer)) + answer
            )
        return True

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            self._closed = True
            for connection in self._open:
                with contextlib.suppress(OSError):  # the other side has broken it off
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


@contextmanager
def scripted_provider(
    script: Script, host: str = "::1", status: int = _OK, serialization: int = HESSIAN
) -> Iterator[ScriptedProvider]:
    """`serialization`: the number that its answers say they are in, whatever they are."""
    provider = ScriptedProvider(script, host, status, serialization)
    try:
        yield provider
    finally:
        provider.close()
