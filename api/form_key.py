"""The key of one form: signed here, bound to what the form is for, and worth one entry.

Nothing is kept of it. The entry's command id and its receipt code both follow from it, so that a form that is sent
twice gives one entry and one code, and one that is sent again with another text is refused by the log.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.receipt_code import receipt_code
from domain.refusal import Refusal
from eventstore.keys import KeyStore, keyed_id

LASTS = timedelta(hours=24)
_WRITTEN = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})")


class FormNotOurs(Refusal):
    """The form's key was not made here for this."""

    rule = "house.a_form_is_for_one_purpose"
    unlawful = False


class FormTooOld(Refusal):
    """The form was asked for too long ago."""

    rule = "house.a_form_lasts_a_day"
    unlawful = False


@dataclass(frozen=True, slots=True)
class FormKey:
    """A random number, what the form is for, and when it was asked for."""

    number: str
    purpose: str
    asked_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.asked_at + LASTS

    def written(self, keys: KeyStore) -> str:
        """The key as it stands in the form, signed."""
        return f"{self.number}.{int(self.asked_at.timestamp())}.{_signature(self, keys)}"

    def command_id(self, keys: KeyStore) -> UUID:
        """The id that the log knows the form's entry by."""
        return keyed_id(keys, "form", self.purpose, self.number)

    def receipt_code(self, keys: KeyStore) -> str:
        """The code of the form's entry; it can be worked out by nobody who has the form and not the master key."""
        return receipt_code(keys.fingerprint(f"receipt code\x1f{self.purpose}\x1f{self.number}".encode()))


def purpose_of(kind: str, target: str) -> str:
    """What a form is for: what it says, and about which notice or entry."""
    return f"{kind}/{target}"


def new_form_key(purpose: str, at: datetime) -> FormKey:
    """The key of a form that is being handed out."""
    return FormKey(secrets.token_urlsafe(16), purpose, at.replace(microsecond=0))


def read_form_key(written: str, purpose: str, at: datetime, keys: KeyStore) -> FormKey:
    """The key that came back with a form.

    Refuses: FormNotOurs, FormTooOld.
    """
    found = _WRITTEN.fullmatch(written)
    key = FormKey(found[1], purpose, datetime.fromtimestamp(int(found[2]), UTC)) if found else None
    if found is None or key is None or not hmac.compare_digest(_signature(key, keys), found[3]):
        raise FormNotOurs("This form was not made for this page; open the page again and send it from there.")
    if at > key.ends_at:
        raise FormTooOld("This form is older than 24 hours; check what stands in it below and send it again.")
    return key


def _signature(key: FormKey, keys: KeyStore) -> str:
    said = f"form key\x1f{key.purpose}\x1f{key.number}\x1f{int(key.asked_at.timestamp())}"
    return urlsafe_b64encode(keys.fingerprint(said.encode())).decode().rstrip("=")
