"""The headers that pages are sent with: no script but where one asks, nothing from elsewhere, no names in searches."""

from collections.abc import Mapping

from domain.law import Language
from pages.translations import LANGUAGE_TAGS

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

# The pages that ask the API: scripts of ours, which may speak to this host alone and write text, never markup.
ASKING_POLICY = "; ".join(
    (
        CONTENT_SECURITY_POLICY,
        "script-src 'self'",
        "connect-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

# The page that checks what its reader chooses: scripts of ours, which speak to nobody.
CHECKING_POLICY = "; ".join(
    (
        CONTENT_SECURITY_POLICY,
        "script-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

# The pages that send what their reader writes, to this host alone and without any script.
FORM_POLICY = CONTENT_SECURITY_POLICY.replace("form-action 'none'", "form-action 'self'")

# The pages with a form for the public: they send to this host alone; a script of ours does sums and speaks to nobody.
TAKING_POLICY = CHECKING_POLICY.replace("form-action 'none'", "form-action 'self'")

PAGE_HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# A page with a name on it is asked for again each time, so that one that was taken down is gone everywhere.
_PERSONAL: Mapping[str, str] = {"X-Robots-Tag": "noindex, noarchive, nosnippet", "Cache-Control": "no-cache"}

STATIC_HEADERS: Mapping[str, str] = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


def headers(language: Language, *, names_people: bool) -> dict[str, str]:
    """What a page is sent with; one that names people is neither indexed nor kept.

    Source: domain practice after the Italian regulator's fines: indexing made published names worse.
    """
    return {**PAGE_HEADERS, "Content-Language": LANGUAGE_TAGS[language], **(_PERSONAL if names_people else {})}


def search_headers(language: Language, *, asked: bool) -> dict[str, str]:
    """What a page is sent with that has a search on it; what was found is not indexed, lest a name lead to it."""
    return {**headers(language, names_people=asked), "Content-Security-Policy": FORM_POLICY}


def file_headers(language: Language, name: str, *, indexable: bool) -> dict[str, str]:
    """What a file about a notice is sent with; its name says which notice, and nothing of what is in it."""
    sent = headers(language, names_people=not indexable)
    del sent["Content-Type"]
    return {**sent, "Cache-Control": "no-cache", "Content-Disposition": f'inline; filename="{name}"'}


def asking_headers(language: Language) -> dict[str, str]:
    """What a page is sent with whose script asks the API."""
    return {**headers(language, names_people=False), "Content-Security-Policy": ASKING_POLICY}


def checking_headers(language: Language) -> dict[str, str]:
    """What a page is sent with whose script checks what its reader chooses, and asks nobody."""
    return {**headers(language, names_people=False), "Content-Security-Policy": CHECKING_POLICY}


def form_headers(language: Language) -> dict[str, str]:
    """What a page is sent with that has a form; no copy of what was written in it is kept anywhere."""
    sent = {**headers(language, names_people=False), "Content-Security-Policy": FORM_POLICY}
    return {**sent, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def taking_headers(language: Language) -> dict[str, str]:
    """What a page is sent with on which the public fills in a form or reads by its code: kept and found nowhere."""
    private = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}
    return {**headers(language, names_people=False), **private, "Content-Security-Policy": TAKING_POLICY}


def whole_file_headers(language: Language, policy: str) -> dict[str, str]:
    """What a file is sent with that has script, style and policy in it, to be kept on a disk."""
    sent = headers(language, names_people=False)
    return {**sent, "Content-Security-Policy": f"{policy}; frame-ancestors 'none'", "Cache-Control": "no-cache"}
