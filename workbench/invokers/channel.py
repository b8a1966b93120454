"""One Py4J connection to the bridge: sends a command, waits for its answer.

Connecting and authenticating are Py4J's. The two calls that carry the traffic are written and read here as bytes,
for Py4J's own path decodes, formats and encodes every message several times.
Protocol: a call is `c\\n<object>\\n<method>\\n<typed argument>\\n…e\\n`, an answer `!y<type><value>\\n`; in texts `\\`
and line ends are escaped by `\\`. (py4j/protocol.py; 0.10.9.9)
"""

import logging
import socket
from typing import Final

from py4j.java_gateway import GatewayConnection, GatewayParameters
from py4j.protocol import Py4JError

logging.getLogger("py4j").setLevel(logging.CRITICAL)  # what it logs as errors are answers to us, and debug shows tokens

_GOOD: Final = b"!ys"
_VOID: Final = b"!yv"


class ChannelClosed(Exception):
    """The other side is gone."""


class ChannelRefused(Exception):
    """The other side lives and has thrown; the text says what."""


class Channel:
    """Used by one thread at a time; `close` may come from another."""

    def __init__(self, port: int, token: str, *, silence_s: float) -> None:
        """`silence_s`: how long an answer may take before the other side counts as dead. Raises ChannelClosed."""
        parameters = GatewayParameters(address="127.0.0.1", port=port, auth_token=token, read_timeout=silence_s)
        try:
            self._connection = GatewayConnection(parameters)
            self._connection.start()
            # without it each answer waits for a delayed acknowledgement: a fifth of the speed (measured)
            self._connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (Py4JError, OSError) as error:
            raise ChannelClosed(str(error)) from error

    def submit(self, batch: bytes) -> None:
        self._exchange(b"c\nt\nsubmit\ns" + _escaped(batch) + b"\ne\n")

    def poll(self, most: int, wait_ms: int) -> bytes:
        """JSON array of up to `most` answers; empty when none came in time."""
        return self._exchange(b"c\nt\npoll\ni%d\nL%d\ne\n" % (most, wait_ms))

    def load(self) -> tuple[int, int]:
        """Class loaders of artifacts in the JVM, and megabytes that its classes take."""
        loaders, megabytes = self._exchange(b"c\nt\nload\ne\n").split()
        return int(loaders), int(megabytes)

    def _exchange(self, command: bytes) -> bytes:
        try:
            self._connection.socket.sendall(command)
            line: bytes = self._connection.stream.readline()
        except (OSError, ValueError) as error:  # ValueError: closed by another thread
            raise ChannelClosed(str(error)) from error
        if line.startswith(_GOOD) and line.endswith(b"\n"):
            text = line[3:-1]
            return text.replace(b"\\\\", b"\\") if b"\\" in text else text  # answers have no raw line ends
        if line.startswith(_VOID):
            return b""
        if not line.endswith(b"\n"):
            raise ChannelClosed("the connection ended")
        raise ChannelRefused(line[:2000].decode("utf-8", "replace").strip())

    def close(self) -> None:
        self._connection.close()


def _escaped(text: bytes) -> bytes:
    text = text.replace(b"\\", b"\\\\")
    if b"\n" in text or b"\r" in text:
        text = text.replace(b"\r", b"\\r").replace(b"\n", b"\\n")
    return text
