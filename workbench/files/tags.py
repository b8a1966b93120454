"""Tags by which nothing could be selected: `--tag !slow` means without `slow`, so none may begin so."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from workbench.errors import SuiteError
from workbench.files.layout import SCENARIOS, Place
from workbench.model.suite import Case, Scenario, Suite, SuiteFile

_HINT = "a tag is a word such as smoke, without ! before it and blanks around it"


class TagFound(NamedTuple):
    """A tag that is wrong, and where it stands: `file` in the suite's folder, `place` in it."""

    file: str
    place: Place
    error: SuiteError


def tag_errors(value: Any, known: Collection[str] = ()) -> list[SuiteError]:
    """What is wrong with tags of a Scenario, Case or SuiteFile; `where` is a JSON pointer, as `/tags/0`. Of other
    values nothing. `known`: tags that are there already and stay."""
    return [
        SuiteError(wrong, where=_pointer(place), hint=_HINT)
        for place, tag in _tags(value)
        if tag not in known and (wrong := _wrong(tag))
    ]


def suite_tags(suite: Suite) -> Iterator[TagFound]:
    """All of a suite's tags that are wrong."""
    for name, part in _parts(suite).items():
        for place, tag in _tags(part):
            if wrong := _wrong(tag):
                yield TagFound(name, place, SuiteError(wrong, hint=_HINT))


def tags_of(value: Any) -> set[str]:
    """All that are checked."""
    return {tag for _, tag in _tags(value)}


def suite_tag_errors(suite: Suite, known: Collection[str] = ()) -> list[SuiteError]:
    """The same of a whole suite; `where` is a file in its folder and a pointer."""
    return [
        SuiteError(each.message, where=f"{name}{each.where}", hint=each.hint)
        for name, part in _parts(suite).items()
        for each in tag_errors(part, known)
    ]


def _parts(suite: Suite) -> Mapping[str, Any]:
    """By the names of files."""
    scenarios = {f"{SCENARIOS}/{slug}.yaml": each for slug, each in suite.scenarios.items()}
    return {"suite.yaml": suite.file, **scenarios}


def _pointer(place: Place) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def _tags(value: Any) -> Iterator[tuple[Place, str]]:
    """Of a filter `!slow` the tag is `slow`."""
    if isinstance(value, SuiteFile):
        for name, group in value.case_groups.items():
            own = [tag.removeprefix("!") for tag in group.tags]
            yield from _listed(own, ("case_groups", name))
    elif isinstance(value, Case | Scenario):
        yield from _listed(value.tags, ())
        for index, case in enumerate(value.cases if isinstance(value, Scenario) else ()):
            yield from _listed(case.tags, ("cases", index))


def _listed(tags: Sequence[str], lead: Place) -> Iterator[tuple[Place, str]]:
    return (((*lead, "tags", index), tag) for index, tag in enumerate(tags))


def _wrong(tag: str) -> str:
    if not tag.strip():
        return "a tag is empty"
    if tag.startswith("!"):
        return f"the tag {tag!r} begins with !, which means `without` where cases are chosen by tag"
    return f"the tag {tag!r} has blanks around it" if tag != tag.strip() else ""
