"""What changed between two versions of a contract: `workbench contract diff`."""

from collections.abc import Sequence

from workbench.catalog.diff import compare
from workbench.discovery.asking import Ask
from workbench.model.contract_diff import ContractDiff
from workbench.settings import Settings
from workbench.usecases.read_contract import read_contract


def diff_contracts(
    old: str, new: str, settings: Settings, *, interfaces: Sequence[str] = (), ask: Ask | None = None
) -> ContractDiff:
    """Old and new are anything that `read_contract` reads. Raises WorkbenchError of many kinds."""
    before = read_contract([old], settings, interfaces=interfaces, ask=ask)
    after = read_contract([new], settings, interfaces=interfaces, ask=ask)
    return compare(before, after, names=(old, new))
