"""Adopting a version of a pack: its whole text goes on the log, so that old cases never lose their law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.event import Event, StreamId
from domain.pack import Pack
from domain.refusal import Refusal

SHIPPED = "shipped with the program"


class PackAdopted(Event):
    """A version of a pack may be opened under from its date on; who adopted it stands beside the event, as always."""

    schema_version: ClassVar[int] = 2

    pack_id: str
    pack_version: int
    digest: str
    effective_from: date
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """The wish to adopt a version: why, from when if later than the pack says, and on which day it is wished.

    `by_program`: the program brings its own packs along, and asks nobody for a date.
    """

    reason: str
    today: date
    effective_from: date | None = None
    by_program: bool = False


class PackTextChanged(Refusal):
    """A pack's text changed while its version did not: running cases pin the old text."""

    rule = "house.an_adopted_version_keeps_its_text"


class PackVersionOutOfTurn(Refusal):
    """Versions of a pack follow one another."""

    rule = "house.pack_versions_follow_one_another"


class AdoptionReachesBack(Refusal):
    """A later version takes effect on a day that is not over yet: history is not written anew."""

    rule = "house.an_adoption_changes_no_past"


def pack_stream(pack_id: str) -> StreamId:
    return StreamId(f"pack/{pack_id}")


def adopt_pack(pack: Pack, digest: str, text: str, earlier: Sequence[PackAdopted], wish: Adoption) -> PackAdopted:
    """The next version of a pack is adopted from today or a later day on; the first from whatever day it says.

    Refuses: PackTextChanged, PackVersionOutOfTurn, AdoptionReachesBack.
    """
    _follows(pack, earlier, wish)
    return PackAdopted(
        pack_id=pack.id,
        pack_version=pack.version,
        digest=digest,
        effective_from=_takes_effect(pack, earlier, wish),
        reason=wish.reason,
        text=text,
    )


def _follows(pack: Pack, earlier: Sequence[PackAdopted], wish: Adoption) -> None:
    if not earlier:
        return
    if any(known.pack_version == pack.version for known in earlier):
        raise PackTextChanged(
            f"The text of {pack.id}@{pack.version} differs from the one that was adopted under this version. "
            "State a new version in the changed text.",
            field="version",
            version=pack.version,
        )
    newest = max(known.pack_version for known in earlier)
    # An installation may have skipped a release, and with it a version that was shipped.
    if pack.version < newest if wish.by_program else pack.version != newest + 1:
        raise PackVersionOutOfTurn(
            f"Version {newest} of `{pack.id}` is the newest that was adopted, so the next is {newest + 1}, "
            f"and the text says {pack.version}. State {newest + 1} in it.",
            field="version",
            version=pack.version,
            newest=newest,
        )


def _takes_effect(pack: Pack, earlier: Sequence[PackAdopted], wish: Adoption) -> date:
    earliest = max(
        [pack.effective_from, *((wish.today, *(known.effective_from for known in earlier)) if earlier else ())]
    )
    wanted = wish.effective_from or (earliest if wish.by_program else pack.effective_from)
    if wanted < earliest:
        raise AdoptionReachesBack(
            f"`{pack.id}@{pack.version}` cannot take effect on {wanted:%-d %B %Y}: it says that it is in force from "
            f"{pack.effective_from:%-d %B %Y}, and what was decided under an earlier version before today stays so. "
            f"State {earliest:%-d %B %Y} or a later day as its effective_from.",
            field="effective_from",
            effective_from=wanted,
            earliest=earliest,
        )
    return wanted
