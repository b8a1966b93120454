"""Ports that belong to nobody else until the process that they are meant for listens there."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_port(port: int = 0) -> Iterator[int]:
    """Keep a port, a free one when 0, of every address of this machine; whoever connects meanwhile is refused.

    A server takes it all the same (bound, but not listened to, with SO_REUSEADDR on both sides, as Java has it), while
    the system gives it to nobody: no other server that asks for any port, and no connection that goes out. A JVM takes
    seconds to get there; of a port that was only found to be free one start in a thousand was met by a stranger.
    """
    with socket.socket(socket.AF_INET6) as held:
        held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("::", port))
        yield held.getsockname()[1]
