"""The pages of a receipt code: where it is shown once, where it is typed, and the file that it can be kept in."""

from domain.law import Language
from domain.receipt_code import GROUP, in_groups
from domain.taking_part_rule import EntryKind
from pages.entry_form import FieldError
from pages.translations import other, words
from pages.typesetting import set_page, template

_CODE = template("receipt_code.html")
_ASK = template("receipt_ask.html")


def receipt_code_page(
    kind: EntryKind,
    code: str,
    language: Language,
    *,
    key: str,
    purpose: str,
    position: int | None = None,
    moderated: bool = False,
    typed: str = "",
    wrong: bool = False,
) -> str:
    """The one page that a code stands on; it must be typed back before going on. `wrong`: what was typed is another."""
    return set_page(
        _CODE,
        language,
        title=words(language)(f"receipt.title.{kind}"),
        groups=[code[start : start + GROUP] for start in range(0, len(code), GROUP)],
        key=key,
        purpose=purpose,
        position=position,
        moderated=moderated,
        typed=typed,
        wrong=wrong,
        there=receipt_address(other(language)),
    )


def receipt_ask_page(language: Language, *, typed: str = "", errors: tuple[FieldError, ...] = ()) -> str:
    """Where a code is typed by whoever comes back with it."""
    return set_page(_ASK, language, typed=typed, errors=errors, there=receipt_address(other(language)))


def receipt_file(code: str, language: Language, *, public_url: str) -> str:
    """The code as a text file: the code, and where to type it."""
    say = words(language)
    address = f"{public_url.rstrip('/')}{receipt_address(language)}"
    return f"{say('receipt.your_code')}\n\n{in_groups(code)}\n\n{say('receipt.ask.lead')}\n{address}\n"


def receipt_address(language: Language) -> str:
    """Where a code is typed; no address ever holds one."""
    return f"/{language}/receipt"
