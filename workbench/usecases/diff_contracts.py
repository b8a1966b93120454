"""What changed between two versions of a contract: `workbench contract diff`."""

from collections.abc import Sequence

from workbench.catalog.diff import compare
from workbench.discovery.asking import Ask
from workbench.errors import UsageError
from workbench.model.contract_diff import ContractDiff
from workbench.settings import Settings
from workbench.usecases.read_contract import read_contract


def diff_contracts(
    old: str, new: str, settings: Settings, *, interfaces: Sequence[str] = (), ask: Ask | None = None
) -> ContractDiff:
    """Old and new are anything that `read_contract` reads. Raises WorkbenchError of many kinds.

    Two sides without any service are an error: a wrong GLOB, or interfaces that no rule recognises, would be told as no
    difference, and pass where `--fail-on` is to stop a release.
    """
    before = read_contract([old], settings, interfaces=interfaces, ask=ask)
    after = read_contract([new], settings, interfaces=interfaces, ask=ask)
    if not (before.interfaces or after.interfaces or before.types or after.types):
        hint = "name interfaces with --interface 'com.example.*Facade', as `workbench parse` lists them"
        raise UsageError("no service found on either side, so nothing is compared", where=f"{old}, {new}", hint=hint)
    return compare(before, after, names=(old, new))
