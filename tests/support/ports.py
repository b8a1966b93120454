"""Ports for servers that are told where to listen."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_port(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A port that nobody else is given: it is bound here, and who says SO_REUSEADDR, as servers do, may listen there
    all the same. One that was free when it was asked for may be another's by the time a server has started.

    `host`: `::` holds it at every address of both families; whoever connects meanwhile is refused. `port`: one whose
    server has just ended; 0: a free one.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
        yield int(held.getsockname()[1])
