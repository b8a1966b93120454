"""Secrets at rest: config values that stand in plans and in the database as ciphertext, opened when they are used.

Plans have Fernet tokens (AES-CBC with HMAC). The database has AES-SIV, which seals a value always to the same text:
what did not change keeps its hash. The key is WORKBENCH_SECRET_KEY, or a file in the data directory that only its owner
reads.
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from workbench.errors import SettingsError
from workbench.model import json
from workbench.model.json import Json
from workbench.storage.vault import MARK, is_sealed

VARIABLE = "WORKBENCH_SECRET_KEY"
FILE = "secret.key"
_ALIKE = "siv:"


class SecretBox:
    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._text = ""
        self._fernet: Fernet | None = None

    def seal(self, value: Json) -> dict[str, str]:
        """Any JSON value → {"$secret": token}."""
        return {MARK: self._key().encrypt(json.dump_bytes(value)).decode()}

    def seal_alike(self, value: Json) -> Json:
        """The same, but always the same token for a value; one that is sealed in any way gets that token, too."""
        token = self._siv().encrypt(json.dump_bytes(self.open(value)), None)
        return {MARK: _ALIKE + base64.urlsafe_b64encode(token).decode()}

    def open(self, value: Json) -> Json:
        """The value again; one that is not sealed is given back as it is. Raises SettingsError for a wrong key."""
        if not is_sealed(value):
            return value
        token = str(value[MARK])
        try:
            if token.startswith(_ALIKE):
                raw = base64.b64decode(token.removeprefix(_ALIKE), b"-_", validate=True)
                return json.loads(self._siv().decrypt(raw, None))
            return json.loads(self._key().decrypt(token.encode()))
        except (InvalidToken, InvalidTag, ValueError) as error:
            hint = f"set {VARIABLE}, or bring {FILE}, of the workbench that sealed it"
            raise SettingsError("a secret cannot be opened with this key", hint=hint) from error

    def seal_config(self, config: Mapping[str, Json], secrets: tuple[str, ...]) -> dict[str, Json]:
        """Those of the keys, where they are not sealed already."""
        return {key: self.seal(self.open(value)) if key in secrets else value for key, value in config.items()}

    def _key(self) -> Fernet:
        if self._fernet is None:
            self._text = os.environ.get(VARIABLE) or _file_key(self._data_dir / FILE)
            self._fernet = _fernet(self._text)
        return self._fernet

    def _siv(self) -> AESSIV:
        self._key()
        return AESSIV(hashlib.sha512(b"workbench siv\n" + base64.urlsafe_b64decode(self._text)).digest())


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError as error:
        hint = "32 bytes, URL-safe base64; leave it unset to have one made in the data directory"
        raise SettingsError("the secret key is no Fernet key", where=VARIABLE, hint=hint) from error


def _file_key(path: Path) -> str:
    """The file's key; a new one, should there be none. Two processes that make it at once agree on one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(Fernet.generate_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
