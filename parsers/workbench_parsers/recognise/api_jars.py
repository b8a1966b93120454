"""Interfaces of an API jar, which bears no marker: known by their names."""

import re
from collections.abc import Iterator

from workbench.errors import ArtifactError
from workbench_parsers.archives import layout
from workbench_parsers.archives.classpath import ClassPath, Root
from workbench_parsers.classfile import ClassFile, access
from workbench_parsers.contract.generics import declaration
from workbench_parsers.problems import Problems
from workbench_parsers.recognise.libraries import LIBRARIES
from workbench_parsers.recognise.service import Service

_SERVICE_NAME = re.compile(r".*(Service|Facade|Api|API|Rpc|RPC|Remote|Provider|Gateway)").fullmatch
_ARTIFACT_NAME = re.compile(r".*[-_.](apis?|interfaces?|facade|client|sdk|contract)", re.IGNORECASE).fullmatch


def api_services(root: Root, path: ClassPath, problems: Problems) -> list[Service]:
    """Interfaces that look like services: by their own name, else all there are when the jar's name says API.

    In an uploaded jar every such name counts; in a library of a fat jar or war the library's name must say API too.
    """
    name = layout.stem(root.origin)
    says_api = _ARTIFACT_NAME(name) is not None
    if root.depth > 1 and not says_api:
        return []
    if root.folder and root.depth == 1:
        return []  # an application's own classes: their names are no evidence, they may be used inside only
    named = list(_interfaces(root, path, problems, only_named=True))
    chosen = named or (list(_interfaces(root, path, problems, only_named=False)) if says_api else [])
    return [Service(interface=found.name, recognised_by="api-jar", origin=root.origin) for found in chosen]


def _interfaces(root: Root, path: ClassPath, problems: Problems, *, only_named: bool) -> Iterator[ClassFile]:
    for key in sorted(root.names):
        if key.startswith(LIBRARIES):
            continue
        name = key.replace("/", ".")
        simple = name.rsplit(".", 1)[-1]
        if "$" in simple or (only_named and not _SERVICE_NAME(simple)) or path.origin(name) != root.origin:
            continue
        found = path.find(name)
        try:
            if found is not None and _is_callable(found):
                yield found
        except ArtifactError as error:
            problems.caught(error, path.where(name))


def _is_callable(found: ClassFile) -> bool:
    """A public interface with methods, own or inherited; a generic one is a base of services and not itself one.

    What protoc makes beside each message is none."""
    has_methods = bool(found.interfaces) or any(not method.is_static for method in found.methods)
    is_public = bool(found.access & access.PUBLIC)
    generated = "com.google.protobuf.MessageOrBuilder" in found.interfaces
    return found.is_interface and is_public and has_methods and not generated and not declaration(found).parameters
