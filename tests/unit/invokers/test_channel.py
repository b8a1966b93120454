"""The bytes of the connections to the bridge, against a socket that plays the JVM."""

import select
import socket
import threading
from collections.abc import Iterator

import pytest

from workbench.invokers.channel import Channel, ChannelClosed, ChannelRefused, Submitter

BIG = 16 * 1024 * 1024  # more than the buffers of both sockets


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def submitter(server: socket.socket) -> tuple[Submitter, socket.socket]:
    made = Submitter(server.getsockname()[1], "", silence_s=20)
    return made, server.accept()[0]


def received(other: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        parts += other.recv(1 << 20)
    return bytes(parts)


def test_what_the_socket_does_not_take_is_sent_later_and_in_order(server: socket.socket) -> None:
    one, other = submitter(server)
    first, second = b"a" * BIG, b"b" * 10
    whole = b"c\nt\nsubmit\ns" + first + b"\ne\nc\nt\nsubmit\ns" + second + b"\ne\n"
    rest = one.submit(first, [1], wait=False)
    assert 0 < len(rest) < BIG
    last = one.submit(second, [2], wait=True)
    thread = threading.Thread(target=lambda: [one.finish(rest), one.finish(last)])
    thread.start()
    assert received(other, len(whole)) == whole
    thread.join()
    assert not one.submit(second, [3], wait=False)
    one.close()
    other.close()


def test_a_refused_batch_names_its_calls(server: socket.socket) -> None:
    one, other = submitter(server)
    for numbers in ([1, 2], [3, 4], [5]):
        one.submit(b"[]", numbers, wait=False)
    assert one.refused() == []
    other.sendall(b"!yv\n!xsboom")
    assert _refused(one, 2) == []
    other.sendall(b"\n!y")
    assert _refused(one, 1) == [([3, 4], "!xsboom")]
    other.sendall(b"v\n")
    assert _refused(one, 0) == []
    other.close()
    with pytest.raises(ChannelClosed):
        _refused(one, 0)
    one.close()
    with pytest.raises(ChannelClosed):
        one.submit(b"[]", [6], wait=False)


def _refused(one: Submitter, owed: int) -> list[tuple[list[int], str]]:
    """What is refused once receipts have come and only so many batches are owed one."""
    select.select([one._patient], [], [], 20)
    found = one.refused()
    assert len(one._owed) == owed
    return found


def test_an_answer_in_pieces_is_one_answer(server: socket.socket) -> None:
    one = Channel(server.getsockname()[1], "", silence_s=20)
    other = server.accept()[0]
    text = '["é\\n"]' * 100_000

    def answer() -> None:
        received(other, 1)
        sent = b"!ys" + text.encode().replace(b"\\", b"\\\\") + b"\n"
        for start in range(0, len(sent), 50_000):
            other.sendall(sent[start : start + 50_000])

    thread = threading.Thread(target=answer)
    thread.start()
    assert one.poll(5, 100) == text.encode()
    thread.join()
    other.sendall(b"!xsbroken\n")
    with pytest.raises(ChannelRefused, match="broken"):
        one.poll(5, 100)
    other.close()
    with pytest.raises(ChannelClosed):
        one.poll(5, 100)
    one.close()
