"""Who said something without an account: as much of it as they chose to tell, and to whom."""

from enum import StrEnum

from domain.refusal import Refusal

RECEIPT = r"^[0-9a-f]{64}$"
"""SHA-256 of a receipt code, in hexadecimal."""


class Identity(StrEnum):
    """Who may learn who it was that said something."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class NameMisplaced(Refusal):
    rule = "house.a_name_is_given_or_it_is_not"
    unlawful = False


def name_fits(identity: Identity | None, name: str | None, *, field: str) -> Identity:
    """The identity as it was stated, or as there is a name: one that is given without a word is kept in confidence.

    Refuses: NameMisplaced.
    """
    if identity is None:
        return Identity.CONFIDENTIAL if name else Identity.ANONYMOUS
    if (identity is Identity.ANONYMOUS) is (name is not None):
        raise NameMisplaced(
            "Somebody anonymous gives no name, and somebody named or in confidence gives one. "
            "Leave the name out, state it, or choose another `identity`.",
            field=field,
        )
    return identity
