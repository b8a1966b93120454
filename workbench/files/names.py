"""Names that become names of files in a suite's folder: what they may be, and how those that may be anything are
written."""

import re
from typing import Final
from urllib.parse import quote

from workbench.errors import SuiteError
from workbench.files.exact_yaml import UNPRINTABLE

BYTES: Final = 230  # file systems take 255, of which an ending and a temporary name beside it want some
_BAD: Final = re.compile('[/\\\\:*?"<>|\t\n\x85\u2028\u2029]|' + UNPRINTABLE.pattern)
_UNSAFE: Final = re.compile(r"[/\x00]|\A\.|%(?=25|2F|2E|00)")
_CODED: Final = re.compile(r"%(25|2F|2E|00)")


def file_name(name: str) -> str:
    """The same, when a file of a suite may have this name, its ending left out. Raises SuiteError."""
    if not name or name.startswith(".") or name != name.strip() or _BAD.search(name):
        raise SuiteError(f"{name!r} makes no file name", hint="use letters, digits, - and _")
    return fitting(name)


def fitting(name: str) -> str:
    """The same, when it is short enough for a file. Raises SuiteError."""
    size = len(name.encode(errors="replace"))
    if size > BYTES:
        hint = f"it makes {size} bytes, and {BYTES} are the most: a Chinese character is 3 of them"
        raise SuiteError(f"{name[:40]}… is too long for the name of a file", hint=hint)
    return name


def coded(name: str) -> str:
    """A name of a file for any name, as that of a subsystem `a/b`: never one that leads elsewhere. Raises SuiteError
    for one that is too long."""
    return fitting(_UNSAFE.sub(lambda found: "%2E" if found[0] == "." else quote(found[0], safe=""), name))


def decoded(stem: str) -> str:
    """What `coded` was made of; of any other name of a file that name."""
    return _CODED.sub(lambda found: chr(int(found[1], 16)), stem)
