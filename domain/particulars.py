"""What is written about a candidate; it knows neither who may read it nor who asked for it."""

from pydantic import Field

from domain.law import Frozen


class Particulars(Frozen):
    """What is written about a candidate, sealed with their key.

    The notice shows the fields that the pack names, word for word.
    """

    full_name: str = Field(min_length=1, max_length=200)
    sex: str | None = Field(None, max_length=40)
    birth_year_month: str | None = Field(None, pattern=r"^\d{4}-\d{2}$")
    education: str | None = Field(None, max_length=200)
    party: str | None = Field(None, max_length=200)
    present_post: str | None = Field(None, max_length=300)
    results: str | None = Field(None, max_length=2000)
    exceptional_reason: str | None = Field(None, max_length=2000)
    integrity_statement: str | None = Field(None, max_length=2000)
