"""No rule of the domain says no without a test that hears it."""

import ast
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import domain
from domain.refusal import Refusal

HERE = Path(__file__).parent


def refusals_of_the_domain() -> list[type[Refusal]]:
    for module in iter_modules(domain.__path__):
        import_module(f"domain.{module.name}")
    found, waiting = [], [Refusal]
    while waiting:
        kinds = [kind for kind in waiting.pop().__subclasses__() if kind.__module__.startswith("domain.")]
        found += kinds
        waiting += kinds
    return sorted(found, key=lambda kind: kind.__name__)


@cache
def refusals_expected_by_tests() -> set[str]:
    calls = [
        node
        for path in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refused"
    ]
    return {said.id for call in calls for said in call.args[:2] if isinstance(said, ast.Name)}


@pytest.mark.parametrize("kind", refusals_of_the_domain(), ids=lambda kind: kind.__name__)
def test_every_refusal_is_expected_by_a_test(kind: type[Refusal]) -> None:
    assert kind.__name__ in refusals_expected_by_tests()


def test_no_two_refusals_share_a_name() -> None:
    names = [kind("Wait.").name for kind in refusals_of_the_domain()]
    assert len(names) == len(set(names)) > 30
