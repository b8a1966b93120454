"""Secrets at rest: config values that stand in plans as ciphertext and are opened when a run renders requests.

Fernet (AES-CBC with HMAC). The key is WORKBENCH_SECRET_KEY, or a file in the data directory that only its owner reads.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from workbench.errors import SettingsError
from workbench.model import json
from workbench.model.json import Json

VARIABLE = "WORKBENCH_SECRET_KEY"
FILE = "secret.key"
_MARK = "$secret"


class SecretBox:
    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._fernet: Fernet | None = None

    def seal(self, value: Json) -> dict[str, str]:
        """Any JSON value → {"$secret": token}."""
        return {_MARK: self._key().encrypt(json.dump_bytes(value)).decode()}

    def open(self, value: Json) -> Json:
        """The value again; one that is not sealed is given back as it is. Raises SettingsError for a wrong key."""
        if not isinstance(value, dict) or set(value) != {_MARK}:
            return value
        try:
            return json.loads(self._key().decrypt(value[_MARK].encode()))
        except InvalidToken as error:
            hint = f"set {VARIABLE}, or bring {FILE}, of the workbench that made the plan"
            raise SettingsError("a secret cannot be opened with this key", hint=hint) from error

    def seal_config(self, config: Mapping[str, Json], secrets: tuple[str, ...]) -> dict[str, Json]:
        return {key: self.seal(value) if key in secrets else value for key, value in config.items()}

    def _key(self) -> Fernet:
        if self._fernet is None:
            self._fernet = _fernet(os.environ.get(VARIABLE) or _file_key(self._data_dir / FILE))
        return self._fernet


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
