"""The files that pages refer to, read once and addressed by their content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is served; its address changes whenever its bytes do, so it may be kept for ever."""

    name: str
    media_type: str
    content: bytes

    @property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def address(self) -> str:
        return f"/static/{self.name}?v={self.version}"


def _read() -> dict[str, StaticFile]:
    files = sorted(Path(__file__).with_name("static").iterdir())
    return {
        file.name: StaticFile(file.name, _MEDIA_TYPES[file.suffix], file.read_bytes())
        for file in files
        if file.suffix in _MEDIA_TYPES
    }


STATIC_FILES: Mapping[str, StaticFile] = _read()
"""By name, to be served at `/static/<name>`."""

_ADDRESSES = {name: file.address for name, file in STATIC_FILES.items()}


def asset(name: str) -> str:
    """The address of a file, with a hash of its content in the query."""
    return _ADDRESSES[name]
