"""Methods whose request is not the list of their Java arguments: streams over tri, and messages of protobuf."""

import re
from collections.abc import Mapping

from workbench.model.contract import Method, TypeDef

_OBSERVER = "org.apache.dubbo.common.stream.StreamObserver"
_MESSAGE = "com.google.protobuf.GeneratedMessage"
_NAME = re.compile(r"[\w.$]+")


def request_types(method: Method, types: Mapping[str, TypeDef]) -> list[str] | None:
    """Types of what a request lists; None when the bridge alone can check it.

    The observer of a stream is no argument. Where the caller streams, the request lists messages, as many as wanted.
    Protobuf's messages have a JSON form of their own, which their generated classes do not tell.
    """
    if method.returns.startswith(_OBSERVER):
        return None
    written = [one.type for one in method.parameters if not one.type.startswith(_OBSERVER)]
    return None if any(_holds_message(type_, types) for type_ in written) else written


def _holds_message(type_: str, types: Mapping[str, TypeDef]) -> bool:
    return any(name in types and types[name].super.startswith(_MESSAGE) for name in _NAME.findall(type_))
