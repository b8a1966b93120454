"""Tags by which nothing could be selected: `--tag !slow` means without `slow`, so none may begin so."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from workbench.errors import SuiteError
from workbench.files.layout import SCENARIOS
from workbench.model.suite import Case, Scenario, Suite, SuiteFile

_HINT = "a tag is a word such as smoke, without ! before it and blanks around it"


def tag_errors(value: Any, known: Collection[str] = ()) -> list[SuiteError]:
    """What is wrong with tags of a Scenario, Case or SuiteFile; `where` is a JSON pointer, as `/tags/0`. Of other
    values nothing. `known`: tags that are there already and stay."""
    return [
        SuiteError(wrong, where=place, hint=_HINT)
        for place, tag in _tags(value)
        if tag not in known and (wrong := _wrong(tag))
    ]


def tags_of(value: Any) -> set[str]:
    """All that are checked."""
    return {tag for _, tag in _tags(value)}


def suite_tag_errors(suite: Suite, known: Collection[str] = ()) -> list[SuiteError]:
    """The same of a whole suite; `where` is a file in its folder and a pointer."""
    parts: Mapping[str, Any] = {"suite.yaml": suite.file} | {
        f"{SCENARIOS}/{slug}.yaml": each for slug, each in suite.scenarios.items()
    }
    return [
        SuiteError(each.message, where=f"{name}{each.where}", hint=each.hint)
        for name, part in parts.items()
        for each in tag_errors(part, known)
    ]


def _tags(value: Any) -> Iterator[tuple[str, str]]:
    """(pointer, tag); of a filter `!slow` the tag is `slow`."""
    if isinstance(value, SuiteFile):
        for name, group in value.case_groups.items():
            own = [tag.removeprefix("!") for tag in group.tags]
            yield from _listed(own, f"/case_groups/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, Case | Scenario):
        yield from _listed(value.tags, "")
        for index, case in enumerate(value.cases if isinstance(value, Scenario) else ()):
            yield from _listed(case.tags, f"/cases/{index}")


def _listed(tags: Sequence[str], lead: str) -> Iterator[tuple[str, str]]:
    return ((f"{lead}/tags/{index}", tag) for index, tag in enumerate(tags))


def _wrong(tag: str) -> str:
    if not tag.strip():
        return "a tag is empty"
    if tag.startswith("!"):
        return f"the tag {tag!r} begins with !, which means `without` where cases are chosen by tag"
    return f"the tag {tag!r} has blanks around it" if tag != tag.strip() else ""
