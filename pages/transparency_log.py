"""The page of the public log, and the verifier in it, which is also one file that works on a disk without a network.

They say how the log stands and hold the keys; what a proof says is worked out in the reader's browser alone.
"""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.date_words import in_words
from domain.law import Language
from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.note import Verifier
from pages.static_files import STATIC_FILES
from pages.translations import TRANSLATIONS, other
from pages.typesetting import set_page, template

_PAGE = template("transparency_log.html")
_FILE = template("log_verifier_file.html")
_SAYS = "log.says."

SCRIPTS = ("sha2.js", "ed25519.js", "log_proof.js", "log_verifier.js")
STYLES = ("gazette.css", "staff_page.css", "transparency_log.css")
SHORT_ROOT = 16
LOG_ADDRESSES = (
    ("checkpoint", "/log/checkpoint"),
    ("cosigned", "/log/cosigned"),
    ("keys", "/log/keys"),
    ("tiles", "/log/tile/0/000"),
    ("entries", "/log/tile/entries/000"),
    ("proof", "/log/proof/0"),
    ("case", "/log/proof/cases/0123456789ab"),
)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The largest tree that witnesses have stood in for, and when the last of them did."""

    checkpoint: Checkpoint
    witnesses: tuple[str, ...]
    at: datetime

    @property
    def by_itself(self) -> bool:
        """Whether every witness is named under the log: one of the installation's own, which proves nothing."""
        return all(name.startswith(f"{self.checkpoint.origin}/") for name in self.witnesses)


@dataclass(frozen=True, slots=True)
class LogNow:
    """How the public log stands, as its own files say."""

    signed: Checkpoint
    cosigned: Cosigned | None
    keys: Policy | None
    alarm: str | None = None
    alarm_since: datetime | None = None
    looked_at: datetime | None = None

    def holding(self, position: int) -> Checkpoint | None:
        """The checkpoint that vouches for an entry: the newest cosigned one, or one that is signed alone."""
        known = (self.cosigned.checkpoint if self.cosigned else None, self.signed)
        return next((one for one in known if one is not None and position < one.size), None)


@dataclass(frozen=True, slots=True)
class _Key:
    holder: str
    name: str
    id: str
    text: str


def log_address(language: Language) -> str:
    """Where the public log is explained and proofs are checked."""
    return f"/{language}/log"


def transparency_log_page(log: LogNow | None, language: Language, *, public_url: str) -> str:
    """What the public log is, how it stands, by which keys it is checked, and a verifier."""
    keys = log.keys if log else None
    return set_page(
        _PAGE,
        language,
        log=log,
        keys=_keys(keys),
        key_lines=str(keys or ""),
        scripts=SCRIPTS,
        sayings=sayings(language),
        log_addresses=LOG_ADDRESSES,
        moment=lambda at: moment_in_words(at, language),
        grouped=grouped,
        short_root=short_root,
        here=log_address(language),
        there=log_address(other(language)),
        origin=public_url.rstrip("/"),
    )


def verifier_file(log: LogNow | None, language: Language, *, public_url: str) -> str:
    """The verifier as one file: script, style and keys are in it, and its policy forbids it every connection."""
    return set_page(
        _FILE,
        language,
        keys=str(log.keys if log and log.keys else ""),
        sayings=sayings(language),
        policy=FILE_POLICY,
        script=_SCRIPT,
        style=_STYLE,
        here=log_address(language),
        origin=public_url.rstrip("/"),
    )


def sayings(language: Language) -> dict[str, str]:
    """The sentences of the verifier by the names that its script gives them, with places for its facts."""
    return {key.removeprefix(_SAYS): says.in_(language) for key, says in TRANSLATIONS.items() if key.startswith(_SAYS)}


def short_root(checkpoint: Checkpoint) -> str:
    """A root, shortened to what an eye can compare."""
    return f"{checkpoint.root.hex()[:SHORT_ROOT]}…"


def grouped(number: int) -> str:
    """A number of entries as people read it."""
    return f"{number:,}"


def moment_in_words(at: datetime, language: Language) -> str:
    """A day and an hour in UTC, which is the same for whoever reads it."""
    utc = at.astimezone(UTC)
    return f"{in_words(utc.date(), language)}{'' if language == 'zh' else ', '}{utc:%H:%M} UTC"


def _keys(policy: Policy | None) -> Sequence[_Key]:
    if policy is None:
        return ()
    return [*(_key("log", key) for key in policy.log), *(_key("witness", key) for key in policy.witnesses)]


def _key(holder: str, key: Verifier) -> _Key:
    return _Key(holder, key.name, key.key_id.hex(), str(key))


def _together(names: Sequence[str]) -> str:
    return "\n".join(STATIC_FILES[name].content.decode() for name in names)


def _only(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


_SCRIPT = _together(SCRIPTS)
_STYLE = _together(STYLES)
FILE_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src {_only(_SCRIPT)}",
        f"style-src {_only(_STYLE)}",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
