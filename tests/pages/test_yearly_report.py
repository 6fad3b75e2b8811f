"""A yearly report calls ranks and clocks as their packs did on its day, and in words where no pack said."""

from datetime import UTC, date, datetime

from domain.law import Text
from domain.yearly_report import TitledCount, YearMatter
from pages.yearly_report import YearlyReport, yearly_report_parts
from projections.yearly_report import _titles
from tests.regimes.packs import SHIPPED

PACKS = {law.id: law for law in SHIPPED}
OPINION = "opinion:audit-office"


def report(*exceptions: TitledCount, letters: tuple[TitledCount, ...] = ()) -> YearlyReport:
    empty = dict.fromkeys(("endings", "objections", "policy", "training", "rectification", "problems"), ())
    matter = YearMatter.model_validate(
        {"year": 2026, "opened": 1, "letters": letters, "exceptions": exceptions, **empty}
    )
    return YearlyReport(matter, 1, date(2027, 1, 4), datetime(2027, 1, 4, tzinfo=UTC), 7, "ab" * 32)


def test_a_missed_day_is_called_what_its_pack_called_it() -> None:
    title = _titles(PACKS)[OPINION]
    missed = TitledCount(name="delay", detail=OPINION, n=2, called=title)
    assert f"错过的期限：意见：{title.zh}" in str(yearly_report_parts(report(missed), "zh"))
    assert f"Days that were missed: Opinion: {title.en}" in str(yearly_report_parts(report(missed), "en"))


def test_a_report_of_before_titles_says_what_it_said() -> None:
    missed = TitledCount(name="delay", detail=OPINION, n=2)
    letters = (TitledCount(name="cn.sr2019", detail="division_and_above", n=1),)
    said = str(yearly_report_parts(report(missed, letters=letters), "en"))
    assert "Days that were missed: Opinion: audit-office" in said
    assert "cn.sr2019: division and above" in said


def test_a_code_that_two_packs_call_differently_keeps_its_name() -> None:
    first = next(law for law in SHIPPED if OPINION in _titles({"first": law}))
    opinions = tuple(rule.model_copy(update={"title": Text(en="a", zh="b")}) for rule in first.review.opinions)
    other = first.model_copy(update={"review": first.review.model_copy(update={"opinions": opinions})})
    assert OPINION not in _titles({"first": first, "other": other})
