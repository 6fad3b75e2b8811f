"""House rules that no linter knows."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from pages.regime_diagram import diagram
from runtime.events_document import events_document
from runtime.packs import read_packs

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "domain",
    "eventstore",
    "activities",
    "workflows",
    "projections",
    "pages",
    "api",
    "runtime",
    "benchmarks",
    "tests",
}
NAMELESS = {"utils", "util", "common", "helpers", "manager", "service", "base", "models", "misc"}
SOURCES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
OURS = [path for path in SOURCES if "tests" not in path.relative_to(PROJECT).parts]


def test_the_set_of_packages_is_the_one_that_the_contracts_speak_of() -> None:
    found = {path.name for path in PROJECT.iterdir() if path.is_dir() and any(path.glob("*.py"))} | {"tests"}
    assert found == PACKAGES
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert set(contracts) == PACKAGES - {"tests", "benchmarks"}


def test_init_files_import_nothing() -> None:
    for path in SOURCES:
        if path.name == "__init__.py":
            assert path.read_text() == "", path


def test_no_module_is_a_nameless_drawer() -> None:
    assert not [path for path in SOURCES if path.stem in NAMELESS]


def test_every_module_and_public_function_says_what_it_knows() -> None:
    silent = []
    for path in OURS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and ast.get_docstring(tree) is None:
            silent.append(str(path.relative_to(PROJECT)))
    assert not silent


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_functions_stay_short(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{path.name}: {node.name} has {length} lines"


def test_only_settings_and_the_finding_of_installations_read_the_environment() -> None:
    readers = {
        str(path.relative_to(PROJECT))
        for path in OURS
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8")) and "benchmarks" not in path.parts
    }
    assert all(reader.startswith("runtime/") for reader in readers), readers


def test_the_catalogue_of_events_is_up_to_date() -> None:
    written = (PROJECT / "docs" / "events.md").read_text(encoding="utf-8")
    assert written == events_document(), "run `make docs`"


def test_the_drawings_of_the_regimes_are_up_to_date() -> None:
    packs = read_packs(PROJECT / "packs")
    wanted = {f"{pack.id}.svg": diagram(pack, "en", alone=True) + "\n" for pack in packs}
    wanted |= {f"{pack.id}.zh.svg": diagram(pack, "zh", alone=True) + "\n" for pack in packs if pack.id == "cn.sr2019"}
    kept = (PROJECT / "docs" / "images" / "regimes").iterdir()
    assert {path.name: path.read_text(encoding="utf-8") for path in kept} == wanted, "run `make docs`"


def test_nothing_names_a_path_of_a_machine() -> None:
    home = re.compile("|".join((r"/home/\w+", r"/Users/\w+", "/ro" + "ot/")))
    for path in [*SOURCES, *PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), PROJECT / "Makefile"]:
        assert not home.search(path.read_text(encoding="utf-8")), path
