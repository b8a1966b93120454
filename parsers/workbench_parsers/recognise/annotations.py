"""Services that are marked with @DubboService or @Service, on classes and on @Bean methods."""

from collections.abc import Iterator

from workbench.errors import ArtifactError
from workbench_parsers.archives.classpath import ClassPath, Root
from workbench_parsers.classfile import ClassFile
from workbench_parsers.classfile.annotations import Annotation
from workbench_parsers.classfile.members import Member
from workbench_parsers.classfile.types import ClassType, Type
from workbench_parsers.problems import Problems
from workbench_parsers.recognise.libraries import LIBRARIES
from workbench_parsers.recognise.properties import Placeholders
from workbench_parsers.recognise.service import Service

MARKERS = frozenset(
    {
        "org.apache.dubbo.config.annotation.DubboService",  # 2.7.7 and later
        "org.apache.dubbo.config.annotation.Service",  # 2.7
        "com.alibaba.dubbo.config.annotation.Service",  # 2.5 and 2.6
    }
)
# Stands in the constant pool of every class that bears one of them.
_WORDS = (b"dubbo/config/annotation/",)
_BEAN = "org.springframework.context.annotation.Bean"
_CONFIGS = frozenset(
    {
        "org.apache.dubbo.config.spring.ServiceBean",
        "org.apache.dubbo.config.ServiceConfig",
        "com.alibaba.dubbo.config.spring.ServiceBean",
    }
)


def annotated_services(
    root: Root, path: ClassPath, placeholders: Placeholders, problems: Problems
) -> Iterator[Service]:
    """All services whose marker stands in this root."""
    for found in path.mentioning(root, _WORDS, without=LIBRARIES):
        where = path.where(found.name)
        try:
            yield from _on_class(found, path, placeholders)
            yield from _on_methods(found, path, placeholders)
        except ArtifactError as error:
            problems.caught(error, where)


def _on_class(found: ClassFile, path: ClassPath, placeholders: Placeholders) -> Iterator[Service]:
    for annotation in found.annotations:
        if annotation.type in MARKERS:
            interface = _named(annotation, placeholders) or _interface_of(found.name, path)
            yield _service(interface, annotation, found.name, found.name, path, placeholders)


def _on_methods(found: ClassFile, path: ClassPath, placeholders: Placeholders) -> Iterator[Service]:
    for method in found.methods:
        marks = [annotation for annotation in method.annotations if annotation.type in MARKERS]
        if marks and any(annotation.type == _BEAN for annotation in method.annotations):
            returned = _bean_type(method)
            interface = _named(marks[0], placeholders) or _interface_of(returned, path)
            implementation = "" if returned == interface else returned
            yield _service(interface, marks[0], implementation, found.name, path, placeholders)


def _service(
    interface: str,
    annotation: Annotation,
    implementation: str,
    marked: str,
    path: ClassPath,
    placeholders: Placeholders,
) -> Service:
    where = path.where(marked)
    return Service(
        interface=interface,
        recognised_by="annotation",
        origin=path.origin(marked),
        group=placeholders.fill(annotation.text("group"), where) or placeholders.get("dubbo.provider.group"),
        version=placeholders.fill(annotation.text("version"), where) or placeholders.get("dubbo.provider.version"),
        implementation=implementation,
    )


def _named(annotation: Annotation, placeholders: Placeholders) -> str:
    """The interface as the annotation says it; void stands for unset."""
    class_ = annotation.text("interfaceClass")
    name = placeholders.fill(annotation.text("interfaceName"), annotation.type)
    return name or (class_ if class_ not in ("", "V", "void") else "")


def _interface_of(name: str, path: ClassPath) -> str:
    """The service of a bean class: its first interface, else its superclass's; of an interface itself.

    Java's own interfaces (Serializable …) are passed over. The name itself when nothing else is known.
    """
    current, seen = name, set[str]()
    while current and current not in seen:
        seen.add(current)
        found = path.find(current)
        if found is None:
            break
        if found.is_interface:
            return current
        own = [interface for interface in found.interfaces if not interface.startswith(("java.", "javax."))]
        if own:
            return own[0]
        current = found.super_name
    return name


def _bean_type(method: Member) -> str:
    returns: Type = method.signature.returns
    if isinstance(returns, ClassType):
        if returns.name in _CONFIGS and returns.arguments:
            return str(returns.arguments[0])
        return returns.name
    return str(returns)
