"""The page of the reports: each chart has its table, each figure its n and its way of counting, in both languages."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from domain.law import Language
from pages.bar_chart import LENGTH, Bar, Bars, bar_chart
from pages.training_report import (
    LARGEST_SHOWN,
    REPORTS,
    TrainingReports,
    report_method,
    reports_address,
    training_chart,
    training_report_page,
)
from tests.pages.test_regime import Said
from tests.pages.training_reports import EMPTY, UNITS
from tests.pages.training_reports import REPORTS as LIVED

each_language = pytest.mark.parametrize("language", get_args(Language))


def page(language: Language, reports: TrainingReports = LIVED, unit: str = "") -> str:
    return training_report_page(reports, language, unit=unit, public_url="http://127.0.0.1")


@each_language
def test_each_report_has_its_chart_its_table_its_method_and_its_files(language: Language) -> None:
    shown = page(language)
    text = Said(shown).text
    for report in REPORTS:
        (section,) = re.findall(rf'<section class="part" aria-labelledby="{report}">(.*?)</section>', shown, re.DOTALL)
        assert "<svg" in section and "<table" in section and "<caption" in section
        assert f"/api/v1/reports/training/{report}?format=csv" in section
        assert f"/api/v1/reports/training/{report}?format=svg" in section
        assert re.sub(r"\s+", " ", report_method(report).in_(language)) in text


def test_figures_stand_with_their_n_and_their_target() -> None:
    shown = page("en")
    (row,) = re.findall(r"<tr><th[^>]*><a[^>]*>Registry</a></th>(.*?)</tr>", shown, re.DOTALL)
    assert Said(row).text.split() == ["140", "93.6%", "Target", "90%", "167", "95.8%", "Target", "85%"]
    text = Said(shown).text
    assert "n = 36" in text and "4.2 of 5 (n = 214)" in text


def test_what_is_hidden_says_so_in_words() -> None:
    (row,) = re.findall(r"<tr><th[^>]*><a[^>]*>Lighthouse</a></th>(.*?)</tr>", page("en"), re.DOTALL)
    assert row.count("not shown") == 4


def test_a_chart_of_which_nothing_may_be_shown_is_left_out_and_its_table_stays() -> None:
    hidden = tuple(replace(row, people=None, in_order=None) for row in LIVED.units)
    shown = page("en", replace(LIVED, units=hidden))
    assert page("en").count("<svg") - shown.count("<svg") == 1
    assert "The chart has" in page("en") and "The chart has" not in shown and ">Registry</a>" in shown


@each_language
def test_a_unit_has_its_own_years_and_a_way_back(language: Language) -> None:
    shown = page(language, unit="Registry")
    assert (
        f'href="/{language}/training/reports"' in shown
        and 'href="/api/v1/reports/training/coverage?format=csv&amp;unit=Registry"' in shown
    )
    assert "Lighthouse" not in shown
    assert reports_address("zh", "A & B") == "/zh/training/reports?unit=A+%26+B"


def test_an_unknown_unit_is_said_to_be_unknown() -> None:
    assert "There are no figures of a unit of this name." in Said(page("en", unit="Atlantis")).text


@each_language
def test_an_office_without_records_says_what_to_expect(language: Language) -> None:
    assert page(language, EMPTY).count('class="empty"') == len(REPORTS)


def test_the_drawing_has_the_largest_units_and_the_table_has_all() -> None:
    many = [replace(UNITS[5], unit=f"Unit {n:02}", people=100 + n) for n in range(LARGEST_SHOWN + 4)]
    shown = page("en", replace(LIVED, units=[*UNITS[:5], *many]))
    assert shown.count(">Unit 00<") == 1 and shown.count(">Unit 23<") == 2


@each_language
@pytest.mark.parametrize("report", REPORTS)
def test_a_drawing_alone_has_a_name_and_says_what_it_shows(report: str, language: Language) -> None:
    drawn = training_chart(report, LIVED, language, alone=True)
    assert drawn.startswith("<svg xmlns=") and 'role="img" aria-label="' in drawn and "<style>" in drawn
    (said,) = re.findall(r"<desc>(.*?)</desc>", drawn)
    assert len(said) > 10
    height = int(re.search(r'viewBox="0 0 480 (\d+)"', drawn)[1])  # type: ignore[index]
    assert max(int(y) for y in re.findall(r'<text[^>]* y="(\d+)"', drawn)) <= height


def test_bars_begin_at_zero_and_are_as_long_as_their_share() -> None:
    bars = [Bars("", [Bar("half", 0.5, "50.0%", 0.75), Bar("none", 0.0, "0.0%"), Bar("<b>", None, "not shown")])]
    drawn = bar_chart('"Title"', "What it shows", bars, ("0%", "100%"), "en", alone=True)
    assert re.findall(r'<rect class="bar" x="(\d+)" y="\d+" width="([\d.]+)"', drawn) == [("0", f"{LENGTH / 2:g}")]
    assert f'class="target" d="M{LENGTH * 0.75:g} ' in drawn
    assert "&lt;b&gt;" in drawn and "&quot;Title&quot;" in drawn
