"""The service of letters.proto by Apache's dubbo-python: a provider that no Java is in, for the compatibility tests.

Run as a program by tests/support/ages.py. DESCRIPTORS is the FileDescriptorSet that protoc wrote, SERVICE the name to
serve, REGISTRY a ZooKeeper's HOST:PORT, ROOT what Dubbo calls its group. Says READY when it listens, as the providers
in Java do.
"""

import argparse
import json
import os
import socket
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import dubbo
from dubbo.configs import RegistryConfig, ServiceConfig
from dubbo.proxy.handlers import RpcMethodHandler, RpcServiceHandler
from google.protobuf import descriptor_pb2, json_format, message_factory

LOOPBACK = "127.0.0.1"


class Letters:
    """What the service does, as the Java one (Postman.java)."""

    def __init__(self, descriptors: Path) -> None:
        files = descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes())
        messages = message_factory.GetMessages(files.file)
        self.letter, self.text, self.number = (
            messages[f"example.letters.{name}"] for name in ("Letter", "Text", "Number")
        )

    def echo(self, letter: Any) -> Any:
        return letter

    def describe(self, letter: Any) -> Any:
        return self.text(text=json_format.MessageToJson(letter, descriptor_pool=letter.DESCRIPTOR.file.pool))

    def refuse(self, why: Any) -> Any:
        raise ValueError(f"refused: {why.text}")

    def sleep(self, milliseconds: Any) -> Any:
        time.sleep(milliseconds.number / 1000)
        return self.text(text="slept")

    def copies(self, stream: Any) -> Iterator[Any]:
        count = stream.read().number
        return (self.letter(whole=number) for number in range(1, count + 1))

    def collect(self, stream: Iterable[Any]) -> Any:
        texts = [text.text for text in stream]
        return self.letter(whole=len(texts), text="".join(texts))

    def talk(self, stream: Iterable[Any]) -> Iterator[Any]:
        for text in stream:
            if text.text == "stop":
                raise ValueError("stopped")
            yield from (text, text)

    def handlers(self) -> list[RpcMethodHandler]:
        unary, server = RpcMethodHandler.unary, RpcMethodHandler.server_stream
        client, both = RpcMethodHandler.client_stream, RpcMethodHandler.bi_stream
        shapes = (
            (unary, self.echo, "Echo", self.letter),
            (unary, self.describe, "Describe", self.letter),
            (unary, self.refuse, "Refuse", self.text),
            (unary, self.sleep, "Sleep", self.number),
            (server, self.copies, "Copies", self.number),
            (client, self.collect, "Collect", self.text),
            (both, self.talk, "Talk", self.text),
        )
        return [
            kind(
                method,
                method_name=name,
                request_deserializer=request.FromString,
                response_serializer=lambda message: message.SerializeToString(),
            )
            for kind, method, name, request in shapes
        ]


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("descriptors", "service", "registry", "root"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--exit-with-parent", type=int, default=0)
    options.add_argument("--max-minutes", type=int, default=0)
    chosen = options.parse_args()
    port = _free_port()
    zookeeper = RegistryConfig("zookeeper", *_host_port(chosen.registry), group=chosen.root)
    handler = RpcServiceHandler(chosen.service, Letters(Path(chosen.descriptors)).handlers())
    config = ServiceConfig(service_handler=handler, host=LOOPBACK, port=port)
    dubbo.Server(config, dubbo.Dubbo(registry_config=zookeeper)).start()
    address = f"tri://{LOOPBACK}:{port}"
    ready = {"service": "python", "port": port, "pid": os.getpid(), "address": address, "addresses": [address]}
    print(f"READY {json.dumps(ready)}", flush=True)
    _stay(chosen.exit_with_parent, time.monotonic() + chosen.max_minutes * 60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _host_port(address: str) -> tuple[str, int]:
    host, _, port = address.partition(":")
    return host, int(port)


def _stay(parent: int, end: float) -> None:
    while time.monotonic() < end:
        try:
            os.kill(parent, 0)
        except ProcessLookupError:
            return
        time.sleep(1)


if __name__ == "__main__":
    main()
    os._exit(0)  # dubbo-python's threads are no daemons
