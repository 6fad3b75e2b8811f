"""Finding the settings of the installation that runs on this machine."""

import json
import os
from pathlib import Path

from runtime.settings import Settings, load_settings

RUNNING = "up.json"


class NothingRuns(Exception):
    """No installation runs from that data folder."""


def found_settings(data: Path) -> Settings:
    """The settings of the environment, or else those of the `investiture up` that runs from a data folder.

    Refuses: NothingRuns.
    """
    if "INVESTITURE_DATABASE_URL" in os.environ or "INVESTITURE_SECRETS" in os.environ:
        return load_settings()
    file = data / RUNNING
    try:
        running = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NothingRuns(
            f"Nothing runs from the folder “{data}”. Start it with `make up`, or name another folder with --data."
        ) from None
    prefix = "INVESTITURE_"
    said = {name.removeprefix(prefix).lower(): value for name, value in running["environment"].items()}
    return Settings(**said)
