"""A public log as the tests of the pages show it."""

from dataclasses import replace
from datetime import UTC, datetime

from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.note import KeyKind, Signer
from eventstore.transparency.proof_file import Proof
from pages.transparency_log import Cosigned, LogNow
from projections.visible_notice import Change, NoticeVersion, PublicNotice, Published

LOG_SIGNER = Signer.make("gazette.example.org/log")
LOG = LOG_SIGNER.verifier
WITNESS = Signer.make("supervision.example", KeyKind.COSIGNATURE).verifier
AT = datetime(2026, 10, 9, 8, 30, tzinfo=UTC)
COSIGNED = Checkpoint(LOG.name, 12_300, bytes(32))
NOW = LogNow(
    signed=Checkpoint(LOG.name, 12_345, bytes(range(32))),
    cosigned=Cosigned(COSIGNED, (WITNESS.name,), AT),
    keys=Policy((LOG,), (WITNESS,)),
    looked_at=AT,
)
PROOF = bytes(Proof(153, (bytes(32),) * 14, COSIGNED.signed([LOG_SIGNER]), b"{}")).decode()
"""What a page carries; it has the form of a proof, and proves nothing."""

PUBLISHED = Published(
    text_sha256="5f" * 32,
    size=COSIGNED.size,
    root=COSIGNED.root.hex(),
    cosigned_by=(WITNESS.name,),
    cosigned_at=AT,
    by_own_witness=False,
    proof=PROOF,
)


def published_as(notice: PublicNotice, published: Published | None) -> PublicNotice:
    """The notice in its first version, published as is said."""
    first = NoticeVersion(1, Change.OPENED, notice.opened_on, notice.position, notice.hash, published=published)
    return replace(notice, versions=(first,))
