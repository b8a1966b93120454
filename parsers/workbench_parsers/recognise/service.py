"""What a rule finds."""

from msgspec import Struct

from workbench.model.contract import Recognised

# The stronger word first: an interface that a marker names is not also listed for the looks of its name.
STRENGTH: tuple[Recognised, ...] = ("annotation", "spring-xml", "api-jar", "named")


class Service(Struct, frozen=True):
    """`origin` is the archive in which the marker stands; the interface itself may be elsewhere."""

    interface: str
    recognised_by: Recognised
    origin: str
    group: str = ""
    version: str = ""
    implementation: str = ""
