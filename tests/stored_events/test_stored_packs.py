"""A pack that was adopted once can be read for ever: cases that pinned it live under its text."""

from pathlib import Path

import pytest

from domain.pack import Pack
from runtime.packs import read_packs
from runtime.settings import PROJECT
from tests.stored_events.writing import PACKS, path_of_pack

SHIPPED = read_packs(PROJECT / "packs")


@pytest.mark.parametrize("path", sorted(PACKS.glob("*.json")), ids=lambda path: path.stem)
def test_a_kept_text_is_still_a_pack(path: Path) -> None:
    kept = Pack.model_validate_json(path.read_text(encoding="utf-8"))
    assert path_of_pack(kept) == path


@pytest.mark.parametrize("pack", SHIPPED, ids=lambda pack: pack.id)
def test_a_shipped_version_says_what_its_kept_text_says(pack: Pack) -> None:
    path = path_of_pack(pack)
    assert path.exists(), f"{path.name} is missing: run `python -m tests.stored_events.writing` and keep what it writes"
    assert Pack.model_validate_json(path.read_text(encoding="utf-8")) == pack, "give the changed pack a new version"
