"""Adding cases to a file that a person wrote: nothing of it changes."""

from pathlib import Path

import pytest

from workbench.files.append import append_cases
from workbench.files.reader import read_file, read_text
from workbench.model.suite import Case, DubboStep

NEW = (Case(id="b4n8c2ze", case="pay", steps=(DubboStep(step="pay", dubbo="com.x.A#pay(long)", request="[1]"),)),)
STEP = "{ step: s, script: $app.log(1) }"
BLOCK = "scenario: A\ncases:\n  - case: one\n    steps:\n      - step: s\n        script: |\n          $app.log(1)\n"


@pytest.mark.parametrize(
    "text",
    [
        BLOCK,
        BLOCK + "          # the script's own last line\n\n\n# at the end\n",
        BLOCK + "\n  # before the teardown\nteardown:\n  - step: t\n    script: $app.log(2)\n",
        BLOCK.replace("script: |", "script: |+") + "\n\n",
        BLOCK.rstrip("\n"),
        BLOCK.replace("\n  ", "\n"),  # dashes in the first column
        BLOCK.replace("\n", "\r\n"),
        "\ufeff" + BLOCK,
        f"scenario: A\ncases:\n    - case: one # why\n      steps: [{STEP}]  # because\ndescription: ü\n",
        f'scenario: A\n"cases":\n  - {{ case: one, steps: [{STEP}] }}',
        "scenario: A # nothing yet\n",
        "scenario: A\nsetup:\n  - step: s\n    script: |\n      $app.log(1)\n\n# end\n",
    ],
)
def test_cases_stand_behind_the_last_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(text.encode())
    old = read_text("scenario", text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n") + "\n", "")[1]
    assert append_cases(path, NEW)
    document, new = read_file("scenario", path)
    assert document.errors == []
    assert new.cases == (*old.cases, *NEW)
    assert (new.comment, new.teardown, new.setup) == (old.comment, old.teardown, old.setup)
    kept = iter(path.read_bytes().splitlines())
    assert all(line in kept for line in text.encode().splitlines())  # every line, in its order
    assert (b"\r\n" in path.read_bytes()) is ("\r\n" in text)


@pytest.mark.parametrize(
    "text",
    [
        f"scenario: A\ncases: [{{ case: one, steps: [{STEP}] }}]\n",
        "scenario: A\ncases: []\n",
        "{ scenario: A }\n",
        "scenario: A\ncases: what\n",
        "scenario: A\n...\n",
        "",
        "[",
    ],
)
def test_another_form_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    assert not append_cases(path, NEW)
    assert path.read_text() == text
