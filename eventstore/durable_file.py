"""Files that are on the disk, whole, before anybody acts on their being there."""

import os
from pathlib import Path


def keep(path: Path, content: bytes) -> None:
    """Replaces a file at once and durably: a reader finds the old one or the new one, whole.

    Survives: a crash or a power cut at any moment, after which the old one or the new one is there.
    """
    make_folder(path.parent)
    written = path.with_name(f".{path.name}.new")
    with written.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
    _settle(path.parent)


def make_folder(folder: Path) -> None:
    """The folder is there, and so is everything above it."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _settle(folder.parent)


def _settle(folder: Path) -> None:
    # A name is in its folder for good only when the folder itself has reached the disk.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
