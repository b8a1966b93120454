"""`workbench fmt`: suite files in canonical form."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from workbench.errors import ErrorGroup
from workbench.files.atomic import write_text
from workbench.files.expressions import ScriptCheck
from workbench.files.ids import add_missing_ids
from workbench.files.reader import read_suite
from workbench.files.tags import suite_tag_errors
from workbench.files.writer import suite_texts
from workbench.model.suite import AnyStep, Case, ScriptStep, SqlStep, Suite


def format_suite(folder: Path, *, check: bool = False, scripts: ScriptCheck | None = None) -> list[Path]:
    """Bring every YAML file of the suite into canonical form; gives the files that were not.

    `check`: only tell, and also what a run would refuse; `scripts` says what is wrong with one. Missing ids are added,
    assertion lists of plain lines become `assert: |` blocks, comments stay with the scenario, case or step that they
    stand before or in. Raises ErrorGroup when a file cannot be read.
    """
    suite = read_suite(folder, names=check, scripts=scripts if check else None)
    if check and (wrong := suite_tag_errors(suite)):
        raise ErrorGroup(wrong)
    texts = suite_texts(canonical(add_missing_ids(suite)))
    changed = [folder / name for name, text in texts.items() if (folder / name).read_bytes() != text.encode()]
    for path in () if check else changed:
        write_text(path, texts[path.relative_to(folder).as_posix()])
    return changed


def canonical(suite: Suite) -> Suite:
    """The same suite with its texts in the usual form: blocks end with one line end, assertions are a text."""
    return replace(
        suite,
        scenarios={
            slug: replace(
                scenario,
                **_scripts(scenario),
                setup=_steps(scenario.setup),
                teardown=_steps(scenario.teardown),
                cases=tuple(map(_case, scenario.cases)),
            )
            for slug, scenario in suite.scenarios.items()
        },
        shared={name: replace(group, steps=_steps(group.steps)) for name, group in suite.shared.items()},
    )


def _case(case: Case) -> Case:
    return replace(
        case, **_scripts(case), setup=_steps(case.setup), steps=_steps(case.steps), teardown=_steps(case.teardown)
    )


def _steps(steps: tuple[AnyStep, ...]) -> tuple[AnyStep, ...]:
    return tuple(map(_step, steps))


def _step(step: AnyStep) -> AnyStep:
    changes: dict[str, Any] = _scripts(step)
    if step.request is not None:
        changes["request"] = ended(step.request)
    if isinstance(step, ScriptStep):
        changes["script"] = ended(step.script)
    if isinstance(step, SqlStep):
        changes["statement"] = ended(step.statement)
    lines = step.assert_
    if isinstance(lines, tuple) and lines and all(isinstance(line, str) and "\n" not in line.strip() for line in lines):
        lines = "\n".join(line.strip() for line in lines)
    if isinstance(lines, str):
        changes["assert_"] = ended(lines)
    return replace(step, **changes)


def _scripts(item: Any) -> dict[str, str]:
    return {"before": ended(item.before), "after": ended(item.after)}


def ended(text: str) -> str:
    """The text with one line end, as a `|` block has it; an empty one stays empty."""
    stripped = text.rstrip()
    return f"{stripped}\n" if stripped else ""
