"""Interfaces that the user names by globs: `com.example.*Facade`, `OrderFacade`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import translate

from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.recognise.service import Service


class Globs:
    """Matches full names; a glob without a dot matches simple names too. Case counts."""

    def __init__(self, globs: Sequence[str]) -> None:
        self.globs = tuple(globs)
        self._patterns = [re.compile(translate(glob)).match for glob in globs]

    def __bool__(self) -> bool:
        return bool(self.globs)

    def matches(self, name: str) -> bool:
        return any(self._matches(index, name) for index in range(len(self.globs)))

    def unmatched(self, names: Iterable[str]) -> list[str]:
        """Globs that match none of the names."""
        known = list(names)
        return [glob for index, glob in enumerate(self.globs) if not any(self._matches(index, name) for name in known)]

    def _matches(self, index: int, name: str) -> bool:
        match = self._patterns[index]
        return bool(match(name)) or ("." not in self.globs[index] and bool(match(name.rsplit(".", 1)[-1])))


def named_services(path: ClassPath, globs: Globs) -> Iterator[Service]:
    """Every interface on the class path that a glob matches."""
    for name in sorted(filter(globs.matches, path.names())):
        found = path.find(name)
        if found is not None and found.is_interface:
            yield Service(interface=name, recognised_by="named", origin=path.origin(name))
