"""docs/cli.md tells of every command and every option."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from workbench import cli
from workbench.settings import Settings, _flat_fields

TEXT = (Path(__file__).parents[3] / "docs" / "cli.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield max(parameter.opts, key=len)
            yield from parameter.secondary_opts
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from _options(child)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_a_command_is_told_with_all_its_options(name: str) -> None:
    with click.Context(cli.group) as context:
        command = cli.group.get_command(context, name)
    assert command is not None
    section = SECTIONS[name]
    assert [option for option in _options(command) if f"{option}" not in section] == []
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section.partition("\n\n")[0] + section.split("\n\n")[1]))
    assert told <= set(_options(command))


def test_global_options_and_settings_are_told() -> None:
    section = SECTIONS["Options before the command"]
    for option in _options(cli.group):
        assert option in section
    for key, _ in _flat_fields(Settings):
        table, _, last = key.rpartition(".")
        assert f"`{key}`" in SECTIONS["Settings"] or f"`.{last}`" in SECTIONS["Settings"], (table, key)
