"""Suite folders and run folders: what a person writes, and what a run leaves.

The only room that knows YAML. Everything else sees the model.
"""

from workbench.files.append import append_cases
from workbench.files.contracts import contract_files, contract_path, read_contracts, write_contract
from workbench.files.expressions import ScriptCheck
from workbench.files.fidelity import not_kept, strangers
from workbench.files.formatter import canonical, format_suite
from workbench.files.ids import add_missing_ids, derive_missing_ids, new_id
from workbench.files.layout import dataset_files, tool_files, yaml_files
from workbench.files.manual import manual_files, manual_path, read_manual
from workbench.files.names import file_name
from workbench.files.origin import read_origin, write_origin
from workbench.files.places import Places
from workbench.files.reader import read_suite
from workbench.files.rescue import plan_or_rescued
from workbench.files.retention import prune_runs
from workbench.files.runs import RunFolder, latest_run, list_runs
from workbench.files.schemas import json_schemas
from workbench.files.single import Around, SingleKind, as_kept, errors_of
from workbench.files.tags import suite_tag_errors, suite_tags, tag_errors, tags_of
from workbench.files.writer import update_suite, write_suite

__all__ = [
    "Around",
    "Places",
    "RunFolder",
    "ScriptCheck",
    "SingleKind",
    "add_missing_ids",
    "append_cases",
    "as_kept",
    "canonical",
    "contract_files",
    "contract_path",
    "dataset_files",
    "derive_missing_ids",
    "errors_of",
    "file_name",
    "format_suite",
    "json_schemas",
    "latest_run",
    "list_runs",
    "manual_files",
    "manual_path",
    "new_id",
    "not_kept",
    "plan_or_rescued",
    "prune_runs",
    "read_contracts",
    "read_manual",
    "read_origin",
    "read_suite",
    "strangers",
    "suite_tag_errors",
    "suite_tags",
    "tag_errors",
    "tags_of",
    "tool_files",
    "update_suite",
    "write_contract",
    "write_origin",
    "write_suite",
    "yaml_files",
]
