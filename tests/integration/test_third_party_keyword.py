"""A keyword of somebody else: a real wheel, built and installed into a folder, found by a fresh process."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "3.1"

[project.entry-points."workbench.keywords"]
{name} = "{package}"

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
"""

MODULE = '''
from workbench.plugin_api import StepScope, keyword


@keyword("acme", pure=True)
def acmeSign(text: str, times: int = 1) -> str:
    """Sign as Acme does.

    text: what is signed
    times: how often

    Example: $app.acmeSign("a") → "a!"
    """
    return text + "!" * times


@keyword("acme")
def acmeRemember(scope: StepScope, value: object) -> None:
    """Keep a value the Acme way.

    value: anything

    Example: $app.acmeRemember(1)
    """
    scope.set_context("acme", value)
'''

SCRIPT = """
from workbench import plugins
from workbench.plugins.memory import MemoryScope
from workbench.scripts import ScriptEngine

scope = MemoryScope()
with ScriptEngine(plugins.keywords()) as engine:
    engine.run(engine.compile('$app.acmeRemember([$app.acmeSign("a", 2), $app.upper("b")])'), scope)
print(scope.values["acme"], plugins.pure_functions()["acmeSign"]("c"))
"""


def install(folder: Path, name: str, module: str) -> Path:
    """Build the wheel of a small project and unpack it as an installer does."""
    source, package = folder / name, name.replace("-", "_")
    (source / package).mkdir(parents=True)
    (source / "pyproject.toml").write_text(PROJECT.format(name=name, package=package))
    (source / package / "__init__.py").write_text(module)
    out = folder / "wheels"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    target = folder / "site"
    (wheel,) = out.glob(f"{package}-*.whl")
    zipfile.ZipFile(wheel).extractall(target)
    return target


def python(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return install(tmp_path, "acme-kit", MODULE)


def test_a_script_calls_the_keyword_of_an_installed_package(site: Path) -> None:
    done = python(site, "-W", "error", "-c", SCRIPT)
    assert done.stderr == ""
    assert done.stdout.strip() == "['a!!', 'B'] c!"


def test_the_command_line_shows_it(site: Path) -> None:
    done = python(site, "-m", "workbench", "keywords", "acmeSign", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["group"], shown["signature"], shown["summary"]) == ("acme", "(text, times=1)", "Sign as Acme does.")


def test_two_packages_with_one_name_are_both_named(site: Path, tmp_path: Path) -> None:
    install(tmp_path, "other-kit", MODULE)
    done = python(site, "-m", "workbench", "keywords")
    assert done.returncode == 2
    assert "acme-kit 3.1 and other-kit 3.1" in done.stderr


def test_a_package_that_does_not_import_is_named(tmp_path: Path) -> None:
    site = install(tmp_path, "broken-kit", "import there_is_no_such_module")
    done = python(site, "-m", "workbench", "keywords")
    assert done.returncode == 2
    assert "broken-kit 3.1 cannot be used: ModuleNotFoundError" in done.stderr
