"""The page on which people ask how they stand by their training, and staff how a unit does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from domain.law import Language, Text
from domain.pack import Pack
from domain.training_standing import Counts
from pages.staff_page import StaffPage


@dataclass(frozen=True, slots=True)
class _Regime:
    """A regime that can be asked about: its ranks by the names that the page's script gives them."""

    id: str
    title: str
    ranks: dict[str, str]


STANDING = StaffPage("/training/standing", "training_standing", ("standing", "explain"))


def training_standing_page(packs: Sequence[Pack], language: Language, *, public_url: str) -> str:
    """The form, and the sheets that its script fills in; the same for everybody."""
    regimes = [_regime(pack, language) for pack in packs]
    return STANDING.in_(
        language,
        public_url=public_url,
        regimes=regimes,
        ranks=dict(chain.from_iterable(regime.ranks.items() for regime in regimes)),
        parts=dict(chain.from_iterable(_parts(pack, language) for pack in packs)),
        kinds={f"{pack.id}:{name}": said.in_(language) for pack in packs for name, said in pack.training.kinds.items()},
        methods={
            f"{pack.id}:{name}": said.in_(language) for pack in packs for name, said in pack.training.methods.items()
        },
        counts=[str(counts) for counts in Counts],
    )


def _regime(pack: Pack, language: Language) -> _Regime:
    ranks = {f"{pack.id}:{rank.id}": rank.title.in_(language) for rank in pack.ranks}
    return _Regime(pack.id, pack.title.in_(language), ranks)


def _parts(pack: Pack, language: Language) -> Iterator[tuple[str, str]]:
    """Each part of a requirement by what it is a part of."""
    training = pack.training
    titles: dict[str, Text] = {**training.kinds, **training.methods}
    for part in chain.from_iterable(requirement.parts for requirement in training.requirements):
        named = [titles[name].in_(language) for name in (*part.kinds, *part.methods)]
        yield f"{pack.id}:{part.id}", ("、" if language == "zh" else ", ").join(named)
