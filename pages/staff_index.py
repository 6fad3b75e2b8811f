"""Where officers begin: every page for staff, with what it is for and for whom."""

from collections.abc import Sequence

from domain.law import Language
from pages.staff_page import StaffPage
from pages.translations import other
from pages.typesetting import set_page, template

_PAGE = template("staff_index.html")


def staff_address(language: Language) -> str:
    """Where the pages for staff are listed."""
    return f"/{language}/staff"


def staff_index_page(pages: Sequence[StaffPage], language: Language, *, public_url: str) -> str:
    """The pages that are asked for nothing in their address."""
    return set_page(
        _PAGE,
        language,
        pages=[page for page in pages if "{" not in page.path],
        origin=public_url.rstrip("/"),
        here=staff_address(language),
        there=staff_address(other(language)),
    )
