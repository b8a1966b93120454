"""Idempotency keys: a request that is sent again with the same key does nothing again, and is answered as before.

Answers are kept in files, so that a key holds after the server was started anew; sealed, since an answer may tell a new
token or a link.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from flask import Request, Response
from msgspec import Struct

from workbench.files.atomic import write_bytes
from workbench.model import json
from workbench.usecases.secret_box import SecretBox
from workbench_web.problems import Refused

KEPT_S = 24 * 3600
_SWEEP_S = 3600
_LONGEST = 200


class Kept(Struct, frozen=True):
    """An answer. `asked`: SHA-256 of the request's query and body."""

    asked: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Repeats:
    """Of one server; safe for threads."""

    def __init__(self, folder: Path, box: SecretBox) -> None:
        self._folder = folder
        self._box = box
        self._swept = 0.0  # when the old ones went
        self._lock = threading.Lock()
        self._under_way: set[str] = set()

    def answer(self, request: Request, who: str, ask: Callable[[], str], work: Callable[[], Response]) -> Response:
        """What `work` answers, or answered when it was asked first.

        `who` asks: everybody has keys of their own. `ask` tells which request it is. Raises Refused for a key of
        another request, and for one whose first request is not answered yet.
        """
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return work()
        if len(key) > _LONGEST:
            raise Refused(422, "INVALID", f"Idempotency-Key is longer than {_LONGEST} characters")
        name = hashlib.sha256(f"{request.method} {request.path}\n{who}\n{key}".encode()).hexdigest()
        with self._lock:
            if name in self._under_way:
                raise Refused(409, "UNDER_WAY", "the first request with this key is not answered yet")
            self._under_way.add(name)
        try:
            asked = ask()
            return self._again(name, asked) or self._first(name, asked, work())
        finally:
            with self._lock:
                self._under_way.discard(name)

    def _again(self, name: str, asked: str) -> Response | None:
        path = self._folder / name
        if not path.is_file() or time.time() - path.stat().st_mtime > KEPT_S:
            return None
        kept = msgspec.convert(self._box.open(json.loads(path.read_bytes())), Kept)
        if kept.asked != asked:
            raise Refused(409, "KEY_USED", "this key was sent with another request", hint="every request has its own")
        return Response(kept.body, kept.status, [*kept.headers, ("Idempotent-Replay", "true")])

    def _first(self, name: str, asked: str, answer: Response) -> Response:
        """Only what succeeded is kept: what was refused may be mended and sent again."""
        if answer.status_code < 400:
            self._forget_old()
            kept = Kept(asked, answer.status_code, list(answer.headers), answer.get_data())
            self._folder.mkdir(parents=True, exist_ok=True)
            write_bytes(self._folder / name, json.dump_bytes(self._box.seal(msgspec.to_builtins(kept))))
        return answer

    def _forget_old(self) -> None:
        if time.time() - self._swept < _SWEEP_S:
            return
        self._swept = time.time()
        for path in self._folder.glob("*"):
            if time.time() - path.stat().st_mtime > KEPT_S:
                path.unlink(missing_ok=True)
