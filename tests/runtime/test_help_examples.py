"""Every command that says how it is typed can be typed so."""

import re
import shlex

import pytest
from typer.core import TyperGroup

from runtime.cli import COMMANDS, PANELS, command_called

GROUPS = {name for panel in COMMANDS.values() for name, where in panel.items() if where.endswith("_app")}
WITHOUT = {"objection", "moderation", "packs", "witness"}
"""Groups whose help says it in another way, or says nothing of it."""


@pytest.mark.parametrize("group", sorted(GROUPS - WITHOUT))
def test_the_example_in_the_help_can_be_typed_as_it_stands(group: str) -> None:
    found = command_called(group)
    assert isinstance(found, TyperGroup) and found.commands
    for name, command in found.commands.items():
        example = re.search(rf"Example: investiture {group} ({name}\b.*)", command.help or "", re.DOTALL)
        assert example, f"{group} {name} has no example"
        command.make_context(name, shlex.split(example[1])[1:])


@pytest.mark.parametrize("name", sorted(set(PANELS) - GROUPS))
def test_a_command_by_itself_says_how_it_is_typed(name: str) -> None:
    found = command_called(name)
    assert not isinstance(found, TyperGroup)
    example = re.search(rf"Examples?: (?:\w+=\S+ |TOKEN=\$\()*investiture {name}\b([^\n>)]*)", found.help or "")
    assert example, f"{name} has no example"
    found.make_context(name, shlex.split(example[1]))
