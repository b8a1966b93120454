"""A class's generic declaration, also where it has no Signature attribute."""

from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.classfile import ClassFile, access
from workbench_parsers.classfile.types import ClassSignature, ClassType, TypeParameter


def declaration(found: ClassFile) -> ClassSignature:
    """Its signature; made of the raw names when the class is not generic."""
    if found.signature is not None:
        return found.signature
    superclass = ClassType(found.super_name)
    return ClassSignature((), superclass, tuple(ClassType(name) for name in found.interfaces))


def parameters(found: ClassFile, path: ClassPath) -> tuple[TypeParameter, ...]:
    """Its type parameters; of an inner (not static) class those of the enclosing ones first.

    They belong to it: a field of `Outer<T>.Inner` may be a T, and `Outer<String>.Inner` is written Outer$Inner<String>.
    """
    own = declaration(found).parameters
    nesting = found.nesting
    if nesting is None or nesting.access & (access.STATIC | access.INTERFACE) or not nesting.outer:
        return own
    outer = path.find(nesting.outer) if nesting.outer != found.name else None
    if outer is None or not found.name.startswith(f"{nesting.outer}$"):
        return own
    return parameters(outer, path) + own
