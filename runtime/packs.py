"""Packs as files."""

from pathlib import Path

from domain.pack import Pack
from eventstore.pack_text import pack_from


def read_pack(path: Path) -> Pack:
    """The pack in a file.

    Refuses: UnreadablePack, naming each field that is wrong.
    """
    return pack_from(path.read_text(encoding="utf-8"), path.name)


def read_packs(folder: Path) -> list[Pack]:
    """Every pack of a folder, by file name.

    Refuses: UnreadablePack.
    """
    return [read_pack(path) for path in sorted(folder.glob("*.yaml"))]
