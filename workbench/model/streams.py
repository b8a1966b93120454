"""Methods whose request is not the list of their Java arguments: streams over tri, and messages of protobuf."""

import re
from collections.abc import Mapping

from workbench.model.contract import Method, Parameter, TypeDef

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
    written = [type_ for type_ in method.takes if not type_.startswith(_OBSERVER)]
    return None if any(_holds_message(type_, types) for type_ in written) else written


def is_message(definition: TypeDef) -> bool:
    """Whether it is a class that protoc made of a message."""
    return definition.super.startswith(_MESSAGE)


def written_parts(method: Method) -> tuple[list[Parameter], str]:
    """What a request lists, and the type of a response: where the caller streams, one message stands for all."""
    observers = [one.type for one in method.parameters if one.type.startswith(_OBSERVER)]
    if not observers:
        return list(method.parameters), method.returns
    answer = f"java.util.List<{_message_type(observers[-1])}>"
    if method.returns.startswith(_OBSERVER):
        return [Parameter("message", _message_type(method.returns))], answer
    return [one for one in method.parameters if not one.type.startswith(_OBSERVER)], answer


def _message_type(observer: str) -> str:
    """`X` of `StreamObserver<X>`."""
    return observer.removeprefix(_OBSERVER).removeprefix("<").removesuffix(">") or "java.lang.Object"


def _holds_message(type_: str, types: Mapping[str, TypeDef]) -> bool:
    return any(name in types and is_message(types[name]) for name in _NAME.findall(type_))
