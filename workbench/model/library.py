"""What a tool library offers: classes whose methods a step or script may call, with a line to copy for each."""

from msgspec import Struct

from workbench.model.contract import Method, Warning


class Callable(Struct, frozen=True, omit_defaults=True, gc=False):
    """A public method. `static`: no instance is made for it. An inherited one names its superclass in `declared_by`."""

    method: Method
    static: bool = False


class LibraryClass(Struct, frozen=True, omit_defaults=True, gc=False):
    name: str
    methods: tuple[Callable, ...] = ()
    origin: str = ""  # the jar
    doc: str = ""
    instances: bool = False  # it can be made: public, with a public constructor without arguments


class Library(Struct, frozen=True, omit_defaults=True):
    classes: tuple[LibraryClass, ...] = ()
    warnings: tuple[Warning, ...] = ()


class Lines(Struct, frozen=True):
    """What calls one method, to be copied into a suite."""

    step: str  # tool-util com.example.util.SignUtil#sign(java.lang.String)
    script: str  # $app.tool("tool-util").call("com.example.util.SignUtil#sign", text)


def lines_of(library: str, owner: LibraryClass, one: Callable) -> Lines:
    """Types are written in scripts only where the class has several methods of the name."""
    method = one.method
    several = sum(each.method.name == method.name for each in owner.methods) > 1
    target = f"{owner.name}#{method.signature if several else method.name}"
    arguments = "".join(f", {parameter.name}" for parameter in method.parameters)
    return Lines(f"{library} {owner.name}#{method.signature}", f'$app.tool("{library}").call("{target}"{arguments})')
