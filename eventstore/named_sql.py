"""SQL lives in files; each statement has a name there."""

import re
from functools import cache
from importlib.resources import files


@cache
def statements(package: str, file: str) -> dict[str, str]:
    """The statements of a file of a package's `sql` folder, by the name in their `-- name:` line."""
    text = (files(package) / "sql" / file).read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+)$", text, flags=re.MULTILINE)[1:]
    return {name: body.strip().rstrip(";") for name, body in zip(parts[::2], parts[1::2], strict=True)}
