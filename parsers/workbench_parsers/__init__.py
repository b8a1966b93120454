"""Parsers: artifacts that testers upload → the contract.

`ArchiveParser` is loaded when it is first asked for, so that naming the plug-in costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench_parsers.archive_parser import ArchiveParser

__all__ = ["ArchiveParser"]


def __getattr__(name: str) -> Any:
    if name != "ArchiveParser":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from workbench_parsers.archive_parser import ArchiveParser

    return ArchiveParser
