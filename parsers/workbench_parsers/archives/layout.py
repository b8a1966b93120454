"""Where classes, libraries and configuration stand in a jar, a Spring Boot fat jar, a war or an ear."""

import re
from collections.abc import Iterable

# Spring Boot (executable jar format), servlet specification 10.5, Java EE 8.2.1; `lib/` of assembled plain jars.
CLASS_FOLDERS = ("BOOT-INF/classes/", "WEB-INF/classes/")
_LIBRARY = re.compile(r"((BOOT-INF|WEB-INF|APP-INF)/lib[^/]*/|lib/)?[^/]+\.(jar|war)", re.IGNORECASE).fullmatch
_VERSION = re.compile(r"[-_.]v?\d[^/]*$|-SNAPSHOT[^/]*$")


def class_folders(names: Iterable[str]) -> tuple[str, ...]:
    """Prefixes under which the classes stand; the archive's root only where there is no special folder."""
    found = tuple(folder for folder in CLASS_FOLDERS if any(name.startswith(folder) for name in names))
    packaged = found or any(name.startswith(("BOOT-INF/", "WEB-INF/")) for name in names)
    return found if packaged else ("",)


def libraries(names: Iterable[str]) -> list[str]:
    """Entries that are archives on the class path."""
    return [name for name in names if _LIBRARY(name)]


def is_unsafe(name: str) -> bool:
    """A name that would leave the folder if someone extracted it: nothing is extracted here, but it is not honest."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or (len(parts[0]) == 2 and parts[0][1] == ":") or "\0" in name


def stem(archive_name: str) -> str:
    """The artifact's name without folder, ending and version: `BOOT-INF/lib/order-api-1.0.0.jar` → order-api."""
    name = re.split("[/!]", archive_name)[-1].rpartition(".")[0]
    return _VERSION.sub("", name)
