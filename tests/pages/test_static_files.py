"""Static files carry their content in their address; pages allow nothing but them."""

import hashlib
import re

import pytest

from pages.response_headers import headers
from pages.static_files import STATIC_FILES, asset

_CSS = STATIC_FILES["gazette.css"].content.decode()


def test_address_changes_with_the_content() -> None:
    digest = hashlib.sha256(STATIC_FILES["gazette.css"].content).hexdigest()
    assert asset("gazette.css") == f"/static/gazette.css?v={digest[:16]}"
    assert STATIC_FILES["gazette.css"].media_type == "text/css; charset=utf-8"
    assert STATIC_FILES["seal.svg"].media_type == "image/svg+xml"


def test_unknown_file_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        asset("no-such-file.css")


def test_page_that_names_people_is_not_indexed_or_kept() -> None:
    personal, general = headers("zh", names_people=True), headers("en", names_people=False)
    assert personal["X-Robots-Tag"] == "noindex, noarchive, nosnippet"
    assert personal["Cache-Control"] == "no-cache"
    assert personal["Content-Language"] == "zh-Hans"
    assert "X-Robots-Tag" not in general


def test_no_script_and_no_other_host_is_allowed() -> None:
    policy = headers("en", names_people=False)["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy and "unsafe" not in policy and "http" not in policy


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    """The contrast ratio of two colours by WCAG 2."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _schemes() -> list[dict[str, str]]:
    blocks = re.findall(r":root \{([^}]*--paper[^}]*)\}", _CSS)
    return [dict(re.findall(r"--(\w+): (#[0-9a-f]+);", block)) for block in blocks]


@pytest.mark.parametrize("scheme", _schemes(), ids=["light", "dark", "print"])
@pytest.mark.parametrize("paper", ["paper", "shade"])
def test_text_has_the_contrast_of_triple_a(scheme: dict[str, str], paper: str) -> None:
    for ink in ("ink", "grey", "link"):
        assert contrast(scheme[ink], scheme[paper]) >= 7, (ink, paper)
    assert contrast(scheme["seal"], scheme[paper]) >= 4.5
