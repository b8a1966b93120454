"""Everything that the command line can do has a route, or a reason why it has none."""

from collections.abc import Iterator

import click
from workbench_web.routes import all_routes

from workbench import cli

ROUTES: dict[str, str] = {  # command → the routes that do what it does
    "parse": "upload_artifact parse",
    "contract diff": "diff_contract",
    "contract show": "parse",
    "services": "services",
    "invoke": "invoke",
    "template": "template",
    "generate": "generate_cases generate_edge_rows make_suite",
    "run": "start_run dry_run run_case follow show_run list_results show_result stop_run",
    "runs add": "add_stored_run",
    "runs compare": "compare_stored_runs",
    "runs conclude": "conclude_result show_conclusion",
    "runs delete": "delete_stored_run",
    "runs export": "export_stored_run",
    "runs list": "list_stored_runs list_runs",
    "runs prune": "prune_stored_runs",
    "runs retention": "show_retention set_retention reset_retention",
    "runs show": "show_stored_run list_stored_cases show_stored_case",
    "stats cases": "show_statistics",
    "stats causes": "show_statistics",
    "stats day": "show_day",
    "stats export": "export_statistics",
    "stats growth": "show_statistics",
    "stats runs": "show_statistics",
    "report": "download_report download_stored_report",
    "fmt": "format_files",
    "import": "import_archive",
    "export": "export_archive",
    "suite copy": "copy_whole_suite",
    "suite move": "move_whole_suite",
    "suite new": "make_suite",
    "suite set": "open_suite save_suite",
    "case add": "add_case add_scenario add_shared",
    "case copy": "copy_item",
    "case move": "move_item",
    "case remove": "remove_item remove_shared",
    "case save": "save_case save_scenario save_shared save_suite save_config",
    "case show": "open_case open_scenario open_shared open_suite open_config list_cases list_scenarios search",
    "trash list": "list_trash",
    "trash restore": "restore_trash",
    "history": "".join(
        f"list_revisions_of_{kind} compare_revisions_of_{kind} restore_{kind} "
        for kind in ("case", "scenario", "shared", "suite", "config", "dataset")
    )
    + "".join(f"open_revision_of_{kind} " for kind in ("case", "scenario", "shared", "suite", "config")),
    "saves compare": "compare_saves",
    "saves list": "list_saves",
    "saves restore": "restore_version",
    "saves show": "show_save",
    "saves undo": "undo",
    "sync": "sync",
    "artifact add": "take upload_artifact",
    "artifact changes": "list_artifact_changes",
    "artifact flags": "list_flags",
    "artifact list": "list_artifacts",
    "artifact refresh": "refresh",
    "artifact settle": "settle_flags",
    "case-groups copy": "copy_case_group",
    "case-groups list": "list_case_groups",
    "case-groups remove": "remove_case_group",
    "case-groups set": "set_case_group",
    "case-groups show": "show_case_group",
    "tools add": "add_tool_library",
    "tools give": "give_library show_library_home",
    "tools list": "list_libraries",
    "tools remove": "remove_tool_library show_library_version",
    "tools show": "show_tool_library",
    "tools used-by": "list_uses",
    "dataset column": "add_column change_column preview_column remove_column",
    "dataset delete": "remove_dataset delete_rows",
    "dataset export": "export_dataset",
    "dataset import": "bring_dataset preview_dataset",
    "dataset insert": "insert_rows",
    "dataset list": "list_datasets",
    "dataset set": "set_cell",
    "dataset show": "list_rows",
    "hosts deployed": "note_deployment",
    "hosts list": "list_hosts",
    "schedule add": "add_schedule",
    "schedule change": "change_schedule",
    "schedule fires": "list_fires",
    "schedule list": "list_schedules list_all_schedules",
    "schedule next": "show_schedule",
    "schedule pause": "change_schedule",
    "schedule remove": "remove_schedule",
    "schedule resume": "change_schedule",
    "config export": "export_config",
    "config import": "import_config",
    "config list": "show_config",
    "config mask": "change_masks",
    "config set": "change_config",
    "config unset": "change_config",
    "db backup": "back_up",
    "db list": "show_database list_subsystems list_versions show_version",
    "db new-version": "make_version",
    "db collect": "collect",
    "db remove-version": "remove_version",
    "db removed-versions": "list_removed_versions",
    "db rename-version": "rename_version",
    "db restore-version": "restore_removed_version",
    "db order": "order_versions",
    "users add": "add_user",
    "users change": "change_user",
    "users link": "invite_user",
    "users list": "list_users show_user",
    "groups add": "add_group",
    "groups give": "give_subsystem show_home",
    "groups list": "list_groups show_group",
    "groups remove": "remove_group",
    "groups role": "set_role remove_member",
    "tokens add": "make_token",
    "tokens list": "list_tokens show_token",
    "tokens revoke": "revoke_token",
    "audit list": "list_audit",
    "audit show": "show_audit",
    "schema": "schemas",
    "keywords": "list_keywords show_keyword",
    "doctor": "doctor",
}
NONE = {  # command → why no route does it
    "db upgrade": "a server starts on no other tables than its own",
    "db restore": "a server would lose what it stands on",
    "samples up": "providers of the machine that shows them",
    "samples down": "providers of the machine that shows them",
    "samples status": "providers of the machine that shows them; GET /services with samples:// asks their registry",
    "serve": "is the server",
}
ONLY = {"health", "show_session", "log_in", "log_out", "accept_link", "change_password"}  # of HTTP itself


def commands(group: click.Command, context: click.Context, path: tuple[str, ...] = ()) -> Iterator[str]:
    if not isinstance(group, click.Group):
        yield " ".join(path)
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(command, click.Context(command, parent=context), (*path, name))


def test_every_command_has_a_route_or_a_reason() -> None:
    assert set(commands(cli.group, click.Context(cli.group))) == set(ROUTES) | set(NONE)
    assert not set(ROUTES) & set(NONE)


def test_every_route_is_there_and_of_some_command() -> None:
    assert {name for names in ROUTES.values() for name in names.split()} == {
        route.name for route in all_routes().routes
    } - ONLY
