"""One Py4J connection to the bridge: sends a command, waits for its answer.

Connecting and authenticating are Py4J's. The two calls that carry the traffic are written and read here as bytes,
for Py4J's own path decodes, formats and encodes every message several times.
Protocol: a call is `c\\n<object>\\n<method>\\n<typed argument>\\n…e\\n`, an answer `!y<type><value>\\n`; in texts `\\`
and line ends are escaped by `\\`. (py4j/protocol.py; 0.10.9.9)
"""

import logging
import socket
from collections import deque
from typing import Final

from py4j.java_gateway import GatewayConnection, GatewayParameters
from py4j.protocol import Py4JError

logging.getLogger("py4j").setLevel(logging.CRITICAL)  # what it logs as errors are answers to us, and debug shows tokens

_GOOD: Final = b"!ys"
_VOID: Final = b"!yv"
_THROWN: Final = "!xr"
_REFUSED: Final = "!xs"
_PIECE: Final = 256 * 1024


class ChannelClosed(Exception):
    """The other side is gone."""


class ChannelRefused(Exception):
    """The other side lives and has thrown; the text says what."""


class Channel:
    """Fetches answers. Used by one thread at a time; `close` may come from another.

    An event loop calls `ask` and then, whenever the socket can be read, `heard`; a thread that may block calls `poll`.
    """

    def __init__(self, port: int, token: str, *, silence_s: float) -> None:
        """`silence_s`: how long an answer may take before the other side counts as dead. Raises ChannelClosed."""
        parameters = GatewayParameters(address="127.0.0.1", port=port, auth_token=token, read_timeout=silence_s)
        try:
            self._connection = GatewayConnection(parameters)
            self._connection.start()
            # without it each answer waits for a delayed acknowledgement: a fifth of the speed (measured)
            self._connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pieces: list[bytes] = []  # of an answer that has not come to its end
            self._silence_s = silence_s
        except (Py4JError, OSError) as error:
            raise ChannelClosed(str(error)) from error

    def fileno(self) -> int:
        return self._connection.socket.fileno()  # type: ignore[no-any-return]

    def may_block(self, blocking: bool) -> None:
        """Whether `heard` waits for what has not come yet. Raises ChannelClosed."""
        try:
            self._connection.socket.settimeout(self._silence_s if blocking else 0)
        except OSError as error:
            raise ChannelClosed(str(error)) from error

    def poll(self, most: int, wait_ms: int) -> bytes:
        """JSON array of up to `most` answers; empty when none came in time."""
        self.ask(most, wait_ms)
        return self.answer()

    def ask(self, most: int, wait_ms: int) -> None:
        """What `poll` asks for; `heard` or `answer` brings it."""
        self._send(b"c\nt\npoll\ni%d\nL%d\ne\n" % (most, wait_ms))

    def answer(self) -> bytes:
        """Blocks until the answer is there."""
        while (answer := self.heard()) is None:
            pass
        return answer

    def heard(self) -> bytes | None:
        """The answer, when all of it has come: after each piece the interpreter has to be waited for again."""
        try:
            piece: bytes = self._connection.socket.recv(_PIECE)
        except BlockingIOError:
            return None
        except (OSError, ValueError) as error:  # ValueError: closed by another thread
            raise ChannelClosed(str(error)) from error
        if not piece:
            raise ChannelClosed("the connection ended")
        if not piece.endswith(b"\n"):
            self._pieces.append(piece)
            return None
        if self._pieces:
            piece = b"".join((*self._pieces, piece))
            self._pieces.clear()
        return _value(piece)

    def load(self) -> tuple[int, int]:
        """Class loaders of artifacts in the JVM, and megabytes that its classes take."""
        self._send(b"c\nt\nload\ne\n")
        loaders, megabytes = self.answer().split()
        return int(loaders), int(megabytes)

    def described(self, refusal: str) -> str:
        """`class: message` of what was thrown: an answer refers to an exception by a number (`!xro7`), or has its text.

        Raises ChannelClosed and ChannelRefused.
        """
        if not refusal.startswith(_THROWN):
            return refusal.removeprefix(_REFUSED).partition("\\n")[0].strip()
        self._send(b"c\n%s\ntoString\ne\n" % refusal.removeprefix(_THROWN).encode())
        return self.answer().decode("utf-8", "replace")

    def _send(self, command: bytes) -> None:
        try:
            self._connection.socket.sendall(command)
        except (OSError, ValueError) as error:
            raise ChannelClosed(str(error)) from error

    def close(self) -> None:
        self._connection.close()


class Submitter(Channel):
    """Sends batches and never waits for their receipts. Its methods, but for `finish`, are called one at a time."""

    def __init__(self, port: int, token: str, *, silence_s: float) -> None:
        """`silence_s`: how long `finish` waits for the other side to read. Raises ChannelClosed."""
        super().__init__(port, token, silence_s=silence_s)
        self._socket = self._connection.socket
        self._patient = self._socket.dup()
        self._patient.settimeout(silence_s)
        self._socket.setblocking(False)
        self._owed: deque[list[int]] = deque()  # the numbers of the calls of batches without a receipt
        self._heard = b""

    def submit(self, batch: bytes, numbers: list[int], *, wait: bool) -> memoryview:
        """Send what the socket takes at once, nothing when it has to `wait`; the rest is for `finish`, in its order."""
        command = memoryview(b"c\nt\nsubmit\ns" + _escaped(batch) + b"\ne\n")
        self._owed.append(numbers)
        try:
            while command and not wait:
                command = command[self._socket.send(command) :]
        except BlockingIOError:
            return command
        except (OSError, ValueError) as error:
            raise ChannelClosed(str(error)) from error
        return command

    def finish(self, rest: memoryview) -> None:
        """Blocks until the rest of a batch is sent. Raises ChannelClosed."""
        try:
            self._patient.sendall(rest)
        except (OSError, ValueError) as error:
            raise ChannelClosed(str(error)) from error

    def refused(self) -> list[tuple[list[int], str]]:
        """Batches that the other side has thrown at, by the numbers of their calls, and why. Raises ChannelClosed."""
        try:
            received = self._socket.recv(_PIECE)
        except BlockingIOError:
            return []
        except (OSError, ValueError) as error:
            raise ChannelClosed(str(error)) from error
        if not received:
            raise ChannelClosed("the connection ended")
        *receipts, self._heard = (self._heard + received).split(b"\n")
        batches = [(self._owed.popleft(), receipt) for receipt in receipts]
        return [(calls, _shown(receipt)) for calls, receipt in batches if not receipt.startswith(_VOID)]

    def close(self) -> None:
        self._patient.close()
        super().close()


def _value(line: bytes) -> bytes:
    if line.startswith(_GOOD):
        text = line[3:-1]
        return text.replace(b"\\\\", b"\\") if b"\\" in text else text  # answers have no raw line ends
    if line.startswith(_VOID):
        return b""
    raise ChannelRefused(_shown(line))


def _shown(answer: bytes) -> str:
    return answer[:2000].decode("utf-8", "replace").strip()


def _escaped(text: bytes) -> bytes:
    text = text.replace(b"\\", b"\\\\")
    if b"\n" in text or b"\r" in text:
        text = text.replace(b"\r", b"\\r").replace(b"\n", b"\\n")
    return text
