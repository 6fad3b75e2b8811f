"""A file of training records that a school sends signed: that it came, who vouches for it, and how it came out."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.identity import Actor, OrganId, Role
from domain.refusal import Refusal, WrongOrgan
from domain.school_key import SchoolKey, SchoolKeys


class ImportTraining(Command):
    """A school sends a file of training records, each line one record, and vouches for it with its signature."""

    pack: str = Field(max_length=80, description="the pack whose kinds and methods of training are meant")
    lines: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the file, byte for byte")
    key_id: str | None = Field(None, max_length=80)
    signature: str | None = Field(None, max_length=200, description="Ed25519 over `signed_statement`, base64")


class TrainingImportReceived(Event):
    """A school's signed file came.

    Digest and signature are sealed: of a short file whoever read them could try what it says until they fit.
    """

    import_id: str
    organ: OrganId
    pack_id: str
    lines: int
    key_id: str
    sha256: Annotated[str | None, Confidential(to="training_import")] = None
    signature: Annotated[str | None, Confidential(to="training_import")] = None


class TrainingImportCompleted(Event):
    """Each line of a file has its outcome: so many are on file, so many were refused or could not be read."""

    import_id: str
    organ: OrganId
    on_file: int
    refused: int
    invalid: int


class SignatureMissing(Refusal):
    rule = "house.a_school_vouches_for_its_file"
    unlawful = False


class SignatureWrong(Refusal):
    rule = "house.a_school_vouches_for_its_file"


def training_import_stream(import_id: str) -> StreamId:
    """The stream of a file: who sent it and vouched for it, and how it came out each time."""
    return StreamId(f"training_import/{import_id}")


def signed_statement(pack: str, sha256: str) -> bytes:
    """What a school signs of a file: what it is for, under which pack, and the file by its digest.

    A signature over the file alone could be sent again for another pack, or with what the file was never meant for.
    """
    return f"investiture training import\npack {pack}\nsha256 {sha256}\n".encode()


def import_training(
    import_id: str,
    keys: SchoolKeys,
    command: ImportTraining,
    *,
    actor: Actor,
    genuine: Callable[[SchoolKey], bool],
) -> list[Event]:
    """A school's file is taken in when a key of that school, which is not revoked, has signed it for that pack.

    `genuine`: whether the signature over the statement is that key's.
    Source: features F25 and F26.
    Refuses: WrongOrgan, SignatureMissing, KeyUnknown, KeyRevoked, SignatureWrong.
    Idempotent by: the file, the school, the key and the pack.
    """
    if Role.SCHOOL not in actor.roles:
        raise WrongOrgan(
            "`import_training` is the school's: whoever plans training does not write its results. Ask the school.",
            duty_holder=str(Role.SCHOOL),
            organ=actor.organ,
        )
    if command.key_id is None or command.signature is None:
        raise SignatureMissing(
            "The file is not signed, so nobody vouches for it. Sign it with a key of the school "
            "(`investiture training sign`) and name key and signature in the header `Investiture-Signature`.",
            field="Investiture-Signature",
        )
    key = keys.in_force(command.key_id)
    if not genuine(key):
        raise SignatureWrong(
            f"The signature is not that of key {key.id} over this file for `{command.pack}`: the file was changed "
            "after it was signed, or another file or another pack was signed. Check both, and sign anew.",
            field="Investiture-Signature",
            key_id=key.id,
        )
    received = TrainingImportReceived(
        import_id=import_id,
        organ=actor.organ,
        pack_id=command.pack,
        lines=command.lines,
        key_id=key.id,
        sha256=command.sha256,
        signature=command.signature,
    )
    return [received]
