"""The main group: lazy commands, errors in words, exit codes."""

import json
import os
import subprocess
import sys
from zipfile import ZipFile

import click
import pytest

from workbench import cli
from workbench.cli.output import report_formats
from workbench.errors import ErrorGroup, RegistryError, SettingsError, WorkbenchError


def _command(error: BaseException | None = None, code: int = 0) -> click.Command:
    @click.command()
    @click.option("--json", "as_json", is_flag=True)
    def command(as_json: bool) -> int:
        if error:
            raise error
        return code

    return command


@pytest.fixture
def doing(monkeypatch: pytest.MonkeyPatch):
    def set_command(command: click.Command) -> None:
        monkeypatch.setattr(cli.LazyGroup, "get_command", lambda self, ctx, name: command)

    return set_command


def test_a_command_gives_its_exit_code(doing) -> None:
    doing(_command(code=1))
    assert cli.execute(["run"]) == 1
    doing(_command())
    assert cli.execute(["run"]) == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("no such", where="a.toml: x", hint="mend it"), 2),
        (RegistryError("not reachable"), 3),
        (ErrorGroup([SettingsError("one"), RegistryError("two")]), 3),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("oh"), 3),
    ],
)
def test_errors_end_in_words_and_a_code(doing, capsys, error: BaseException, code: int) -> None:
    doing(_command(error))
    assert cli.execute(["run"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    if isinstance(error, SettingsError):
        assert err == "error: a.toml: x: no such\n  → mend it\n"


def test_debug_shows_the_traceback(doing, capsys) -> None:
    doing(_command(SettingsError("no such")))
    assert cli.execute(["--debug", "run"]) == 2
    assert "Traceback" in capsys.readouterr().err
    doing(_command(ZeroDivisionError("oh")))
    with pytest.raises(ZeroDivisionError):
        cli.execute(["--debug", "run"])


def test_json_keeps_stdout_json_when_it_fails(doing, capsys) -> None:
    doing(_command(RegistryError("not reachable", where="zookeeper://h", hint="start it")))
    assert cli.execute(["run", "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["errors"] == [
        {"code": "REGISTRY", "message": "not reachable", "where": "zookeeper://h", "hint": "start it"}
    ]


def test_json_keeps_stdout_json_when_it_is_interrupted(doing, capsys) -> None:
    doing(_command(KeyboardInterrupt()))
    assert cli.execute(["run", "--json"]) == 130
    out, err = capsys.readouterr()
    assert json.loads(out)["errors"] == [{"code": "INTERRUPTED", "message": "interrupted", "where": "", "hint": ""}]
    assert "interrupted" in err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["parse", "x.jar", "--bogus", "--json"], "No such option '--bogus'."),
        (["parse", "--json"], "Missing argument 'ARTIFACT...'."),
        (["run", "x", "--concurrency", "0", "--json"], "Invalid value for '--concurrency': 0 is not in the range"),
    ],
)
def test_json_keeps_stdout_json_when_an_option_is_wrong(capsys, args: list[str], message: str) -> None:
    assert cli.execute(args) == 2
    out, err = capsys.readouterr()
    (error,) = json.loads(out)["errors"]
    assert error["message"].startswith(message)
    assert (error["code"], error["hint"]) == ("USAGE", f"`workbench {args[0]} --help` shows what it takes")
    assert message in err


def test_formats_are_given_alike_to_run_and_report(capsys, tmp_path) -> None:
    assert report_formats(["html, junit", "json", "html"]) == ["html", "junit", "json"]
    assert report_formats([]) == ["html", "junit", "xlsx", "json"]
    for command in (["run", str(tmp_path)], ["report"]):
        assert cli.execute([*command, "--format", "html,pdf"]) == 2
        assert "formats: html, junit, xlsx, json" in capsys.readouterr().err


def test_a_defect_is_told_as_json_too(doing, capsys) -> None:
    doing(_command(ZeroDivisionError("oh")))
    assert cli.execute(["run", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["errors"][0]["message"] == "ZeroDivisionError: oh"


def test_an_unknown_command_names_the_nearest(capsys) -> None:
    assert cli.execute(["servces"]) == 2
    assert "did you mean services" in capsys.readouterr().err


def test_global_options_become_settings(monkeypatch, tmp_path) -> None:
    seen = []

    @click.command()
    def command() -> None:
        from workbench.cli.output import settings

        seen.append(settings())

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda self, ctx, name: command)
    assert cli.execute(["--data-dir", str(tmp_path), "-o", "concurrency=7", "run"]) == 0
    assert (seen[0].data_dir, seen[0].concurrency) == (tmp_path, 7)
    assert cli.execute(["-o", "concurrency", "run"]) == 2


class _Point:
    def __init__(self, name: str, target: object) -> None:
        self.name, self.value, self._target = name, "pkg:command", target

    def load(self) -> object:
        if isinstance(self._target, Exception):
            raise self._target
        return self._target


def test_plugin_commands_are_listed_and_run_but_never_replace_ours(monkeypatch, capsys) -> None:
    points = [_Point("serve", _command(code=5)), _Point("run", _command(code=6))]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    assert cli.execute(["serve"]) == 5
    assert list(cli._foreign()) == ["serve"]
    assert cli.execute(["--help"]) == 0
    assert "serve" in capsys.readouterr().out


@pytest.mark.parametrize("broken", [ImportError("no module"), "no command"])
def test_a_broken_plugin_command_is_told(monkeypatch, capsys, broken: object) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [_Point("serve", broken)])
    assert cli.execute(["serve"]) == 2
    assert "pkg:command: the command serve" in capsys.readouterr().err


def test_our_own_command_looks_for_no_plugin() -> None:
    code = "import sys; from workbench.cli import execute; execute(['samples', '--help']); print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "importlib.metadata" not in out.split()


def test_help_imports_no_heavy_module() -> None:
    code = "import sys; from workbench.cli import execute; execute(['--help']); print(*sys.modules, sep='\\n')"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = {name.partition(".")[0] for name in out.splitlines()}
    heavy = {"rich", "kazoo", "py4j", "httpx", "yaml", "openpyxl", "jsonschema", "asyncio", "rapidfuzz", "msgspec"}
    assert "click" in loaded
    assert loaded & heavy == set()


def test_python_dash_m() -> None:
    done = subprocess.run([sys.executable, "-m", "workbench", "--version"], capture_output=True, text=True, check=True)
    assert "workbench, version" in done.stdout


def test_every_error_class_has_a_code_of_its_own() -> None:
    def tree(cls: type[WorkbenchError]) -> list[type[WorkbenchError]]:
        return [cls, *(sub for child in cls.__subclasses__() for sub in tree(child))]

    codes = [cls.code for cls in tree(WorkbenchError) if cls.__module__ == "workbench.errors"]
    assert len(codes) == len(set(codes))


def test_json_of_nothing_found_has_its_lists(capsys, tmp_path) -> None:
    with ZipFile(tmp_path / "none.jar", "w"):
        pass
    assert cli.execute(["parse", str(tmp_path / "none.jar"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"interfaces": [], "types": {}}
    (tmp_path / "registry.txt").write_text("dubbo://h:1/com.x.A?version=1\n")
    assert cli.execute(["services", "--registry", str(tmp_path / "registry.txt"), "--interface", "no", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["services"] == []


def test_json_of_a_file_name_that_is_no_text(doing, capsys) -> None:
    doing(_command(SettingsError("no such file", where="\udcff.jar")))
    assert cli.execute(["parse", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["errors"][0]["where"] == "\\udcff.jar"


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_locale_without_our_characters(encoding: str) -> None:
    """Texts are shown as far as they can be; JSON is UTF-8 all the same."""
    command = (sys.executable, "-m", "workbench", "keywords")
    environ = {**os.environ, "PYTHONIOENCODING": encoding}
    told = subprocess.run([*command, "--markdown"], capture_output=True, env=environ, check=False)
    assert told.returncode == 0, told.stderr
    assert "1f600" in told.stdout.decode(encoding) if encoding == "gbk" else told.stdout
    data = subprocess.run([*command, "--json"], capture_output=True, env=environ, check=True).stdout
    assert "\N{RIGHTWARDS ARROW}" in json.dumps(json.loads(data.decode("utf-8")), ensure_ascii=False)


SWALLOWED = """
import sys, time
from workbench import cli

class Finalized:
    def __del__(self):
        raise KeyboardInterrupt

def execute(args):
    try:
        Finalized()
        time.sleep(600)
    except KeyboardInterrupt:
        return 130

cli.execute = execute
cli.main([])
"""


def test_an_interrupt_that_falls_into_a_finalizer_comes_again() -> None:
    ended = subprocess.run([sys.executable, "-c", SWALLOWED], timeout=300, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (130, "")
