"""The dossier of a case taken at a terminal, from a real service."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from pages.dossier_bundle import read_bundle
from runtime.cli import app
from runtime.connections import House
from tests.runtime.terminal import Clerk, project
from tests.runtime.test_case_cli import POST


def typed(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["dossier", *words, "--data", str(clerk.settings.data)])


async def test_a_clerk_takes_a_dossier_away_on_paper_and_as_data(clerk: Clerk, house: House, tmp_path: Path) -> None:
    case, file = str(clerk.gets("open", *POST)["case_id"]), tmp_path / "case.pdf"
    await project(house)
    said = typed(clerk, case, "--out", str(file))
    assert said.exit_code == 0, said.output
    assert str(file) in said.stdout.replace("\n", "")
    stored = await house.store.read_log()
    assert [entry.entry for entry in read_bundle(file.read_bytes()).entries] == [
        row.entry for row in stored if row.stream == f"appointment/{case}"
    ]
    shown = json.loads(typed(clerk, case, "--json", "--lang", "zh", "--on", "2030-01-01").stdout)
    assert (shown["case_id"], shown["language"], shown["as_of"]) == (case, "zh", "2030-01-01")
    assert shown["parts"][0]["title"] == "摘要"


def test_a_case_that_is_not_there_is_told(clerk: Clerk, tmp_path: Path) -> None:
    answer = typed(clerk, "0123456789ab", "--out", str(tmp_path / "none.pdf"))
    assert answer.exit_code != 0 and "There is no case" in " ".join(answer.stderr.split())
    assert not (tmp_path / "none.pdf").exists()
