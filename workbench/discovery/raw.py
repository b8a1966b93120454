"""What a reader brings home before anything is understood: texts by place. Every registry kind fills this."""

from msgspec import Struct, field

from workbench.model.contract import Warning
from workbench.model.registry import Rule


class RawRegistry(Struct):
    """Texts as stored. `where` of a warning is the node or line it speaks of."""

    address: str
    providers: dict[str, list[str]] = field(default_factory=dict)  # interface → provider URLs
    overrides: dict[str, list[str]] = field(default_factory=dict)  # interface → override URLs
    mapping: dict[str, list[str]] = field(default_factory=dict)  # interface → applications
    old_mapping: dict[str, list[str]] = field(default_factory=dict)  # of 2.7, which no consumer on 3.x reads
    instances: dict[str, list[str]] = field(default_factory=dict)  # application → instance JSON
    revisions: dict[tuple[str, str], str] = field(default_factory=dict)  # (application, revision) → MetadataInfo JSON
    definitions: dict[str, str] = field(default_factory=dict)  # where → service definition JSON
    rules: list[Rule] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    def warn(self, where: str, message: str) -> None:
        self.warnings.append(Warning(where, message))
