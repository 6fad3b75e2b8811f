"""A little work that whoever sends a form has done, so that sending thousands costs something; no third party is asked.

Each challenge belongs to one form: its solution is good for that form and no other, and that form for one entry.
"""

from base64 import b64decode
from typing import Literal

import orjson
from altcha.v1 import Challenge, PayloadType, create_challenge, verify_solution
from pydantic import BaseModel, ConfigDict, ValidationError

from api.form_key import FormKey
from domain.refusal import Refusal
from eventstore.keys import KeyStore

LARGEST_NUMBER = 150_000
"""Units: hashes at most, half of it on average: under a second on a desk, a few on a cheap phone."""

LONGEST_SOLUTION = 2_000


class WorkNotDone(Refusal):
    """The solution is none of this form's challenge."""

    rule = "house.proof_of_work_belongs_to_its_form"
    unlawful = False


class Work(BaseModel):
    """A challenge as its solver reads it: which number, put behind the salt, gives the hash?"""

    algorithm: Literal["SHA-256"] = "SHA-256"
    challenge: str
    maxNumber: int
    salt: str
    signature: str


class _Solved(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    algorithm: Literal["SHA-256"]
    challenge: str
    number: int
    salt: str
    signature: str


def work_for(form: FormKey, keys: KeyStore) -> Work:
    """The challenge of a form, in the shape that altcha's solvers read; the same for as long as the form lasts."""
    salt = _salt(form)
    number = int.from_bytes(keys.fingerprint(f"work\x1f{salt}".encode())[:8], "big") % (LARGEST_NUMBER + 1)
    made: Challenge = create_challenge(
        algorithm="SHA-256",
        max_number=LARGEST_NUMBER,
        salt_length=12,
        hmac_key=_key(keys),
        salt=salt,
        number=number,
        expires=None,
        params=None,
    )
    return Work(challenge=made.challenge, maxNumber=made.max_number, salt=made.salt, signature=made.signature)


def work_done(solution: str, form: FormKey, keys: KeyStore) -> bool:
    """Whether the work of a form was done; nothing sent means that it was not, which is allowed and said.

    Refuses: WorkNotDone, for what is sent and does not fit.
    """
    if not solution:
        return False
    try:
        solved = _Solved.model_validate(orjson.loads(b64decode(solution[:LONGEST_SOLUTION], validate=True)))
    except (ValueError, ValidationError):
        solved = None
    if solved is None or solved.salt != work_for(form, keys).salt or not _right(solved, keys):
        raise WorkNotDone(
            "The check that this form is sent by a person's device did not fit; "
            "wait until the page says that it is done, and send the form again.",
            field="work",
        )
    return True


def _right(solved: _Solved, keys: KeyStore) -> bool:
    said: PayloadType = {
        "algorithm": solved.algorithm,
        "challenge": solved.challenge,
        "number": solved.number,
        "salt": solved.salt,
        "signature": solved.signature,
    }
    # The form's own key says how long it lasts, by the service's clock.
    return verify_solution(said, _key(keys), check_expires=False)[0]


def _salt(form: FormKey) -> str:
    return f"{form.number}?expires={int(form.ends_at.timestamp())}"


def _key(keys: KeyStore) -> bytes:
    return keys.fingerprint(b"proof of work")
