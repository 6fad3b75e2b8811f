"""The keys that open what is sealed, and the pseudonyms that people act and stand under.

The key store is another database than the log: destroying a key there makes every sealed part of its owner
unreadable, in the log, in its copies and in its backups.
"""

import hashlib
import hmac
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.identity import ALPHABET, PersonId

if TYPE_CHECKING:
    import asyncpg

KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPING = b"investiture: owner key v1"
REWRITE_SECONDS = 600.0
FORGOTTEN_KNOWN_SECONDS = 1.0
"""How long a process may go on knowing whom a pseudonym stood for."""


class MasterKey:
    """The one secret of an installation: it wraps the keys of the store and hides who a pseudonym stands for.

    Refuses: a file that does not hold 32 bytes in base64.
    """

    def __init__(self, secret: bytes, identity: bytes | None = None):
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, this one has {len(secret)}")
        self._secret = secret
        self.identity = identity or secret
        """What pseudonyms, command ids and payloads hang on; it stays when the key that wraps is changed."""
        self._wrapper = AESGCM(hmac.digest(secret, b"wrap", "sha256"))
        self._hiding = hmac.digest(self.identity, b"hide", "sha256")
        self._telling_apart = hmac.digest(self.identity, b"tell wishes apart", "sha256")
        self.payload_key = hmac.digest(self.identity, b"temporal payloads", "sha256")
        self.check = hmac.digest(secret, b"check", "sha256")
        """Tells whether a key store is this key's, and nothing about the key."""

    def standing_for(self, identity: bytes) -> "MasterKey":
        """This key, in an installation that was made with another one."""
        return MasterKey(self._secret, identity)

    @classmethod
    def read(cls, path: Path) -> "MasterKey":
        return cls(b64decode(path.read_text(encoding="ascii").strip(), validate=True))

    @staticmethod
    def make(path: Path) -> None:
        """Writes a new master key where there is none; never over an old one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())

    def wrap(self, owner: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._wrapper.encrypt(nonce, key, WRAPPING + owner.encode())

    def unwrap(self, owner: str, wrapped: bytes) -> bytes:
        return self._wrapper.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], WRAPPING + owner.encode())

    def hide(self, reference: str) -> bytes:
        """What a person's reference is filed under: nobody without the master key can tell whose it is."""
        return hmac.digest(self._hiding, hashlib.sha256(reference.encode()).digest(), "sha256")

    def fingerprint(self, wish: bytes) -> bytes:
        """Tells one wish from another; a plain hash would let anybody try names until one fits."""
        return hmac.digest(self._telling_apart, wish, "sha256")


class OwnerForgotten(Exception):
    """Something was to be sealed for somebody whose key was destroyed a moment ago; whoever comes back is another."""

    def __init__(self, owners: Sequence[str]):
        super().__init__(f"the key of {', '.join(owners)} was destroyed; nothing is sealed for them any more")
        self.owners = tuple(owners)


class WrongMasterKey(Exception):
    """The master key does not open the key store: it is another installation's."""

    def __init__(self) -> None:
        super().__init__(
            "The master key file does not belong to this key store. Put back the master.key that the installation "
            "was made with, from the copy that was kept apart; nothing was done with the wrong one."
        )


class KeyStore(Protocol):
    """Keys by owner, pseudonyms by reference."""

    async def keys_for(self, owners: Sequence[str]) -> dict[str, bytes]:
        """The owners' keys; made, durably, where there is none yet.

        Refuses: OwnerForgotten.
        """
        ...

    async def open_keys(self, owners: Sequence[str]) -> dict[str, bytes]:
        """The keys of those owners who still have one; a forgotten owner is left out."""
        ...

    async def subject_for(self, reference: str) -> PersonId:
        """The pseudonym of the person of that reference; the same one every time, made where there is none yet."""
        ...

    async def find_subject(self, reference: str) -> PersonId | None:
        """The pseudonym of the person of that reference, when there is one; none is made."""
        ...

    async def subjects_for(self, references: Sequence[str]) -> dict[str, PersonId]:
        """The pseudonyms of many people by their references, made where there is none yet."""
        ...

    async def find_subjects(self, references: Sequence[str]) -> dict[str, PersonId]:
        """The pseudonyms of those people who have one already; none is made."""
        ...

    async def knows_subject(self, subject: PersonId) -> bool:
        """Whether a pseudonym stands for anybody here; that of somebody who was forgotten stands for nobody."""
        ...

    async def destroy(self, person: PersonId, along: Sequence[str] = ()) -> None:
        """The person's key is gone for good, and who they were: nobody can link the pseudonym to a reference again.

        `along`: owners whose keys go too and who get another when something is sealed for them again.
        Idempotent by: the person.
        """
        ...

    async def discard(self, owners: Sequence[str]) -> None:
        """Keys of what was never a person's are gone for good, and out of dead rows.

        Idempotent by: the owners.
        """
        ...

    async def rewrite(self) -> None:
        """What was destroyed does not rest in dead rows either."""
        ...

    @property
    def forgotten(self) -> int:
        """Rises when somebody is forgotten, so that whoever keeps names in memory can drop them."""
        ...

    def fingerprint(self, wish: bytes) -> bytes:
        """A keyed hash that tells whether two wishes are the same, and nothing else about them."""
        ...


def key_of(person: PersonId) -> str:
    """The owner of the key that seals what is said of somebody."""
    return f"person/{person}"


def keyed_id(keys: KeyStore, *parts: str) -> UUID:
    """An id that the same parts always give, and from which nobody without the master key can try what they were.

    Source: RFC 9562 section 5.8, whose version Python 3.11 cannot set by itself.
    """
    number = int.from_bytes(keys.fingerprint("\x1f".join(parts).encode())[:16], "big")
    return UUID(int=number & ~(0xF << 76) & ~(0x3 << 62) | 0x8 << 76 | 0x2 << 62)


def new_subject() -> str:
    """A pseudonym that says nothing. Units: 16 characters of five bits."""
    drawn = secrets.randbits(80)
    return "".join(ALPHABET[drawn >> 5 * place & 31] for place in range(16))


class MemoryKeyStore:
    """Keys that live as long as their process."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}
        self._subjects: dict[str, PersonId] = {}
        self._destroyed: set[str] = set()
        self._master = MasterKey(secrets.token_bytes(KEY_BYTES))

    def fingerprint(self, wish: bytes) -> bytes:
        return self._master.fingerprint(wish)

    async def keys_for(self, owners: Sequence[str]) -> dict[str, bytes]:
        if gone := sorted(self._destroyed.intersection(owners)):
            raise OwnerForgotten(gone)
        return {owner: self._keys.setdefault(owner, secrets.token_bytes(KEY_BYTES)) for owner in owners}

    async def destroy(self, person: PersonId, along: Sequence[str] = ()) -> None:
        self._destroyed.add(key_of(person))
        for owner in (key_of(person), *along):
            self._keys.pop(owner, None)
        self._subjects = {reference: kept for reference, kept in self._subjects.items() if kept != person}

    async def discard(self, owners: Sequence[str]) -> None:
        self._destroyed.update(owners)
        for owner in owners:
            self._keys.pop(owner, None)

    async def rewrite(self) -> None:
        pass

    @property
    def forgotten(self) -> int:
        return len(self._destroyed)

    async def open_keys(self, owners: Sequence[str]) -> dict[str, bytes]:
        return {owner: self._keys[owner] for owner in owners if owner in self._keys}

    async def subject_for(self, reference: str) -> PersonId:
        return self._subjects.setdefault(reference, PersonId(new_subject()))

    async def find_subject(self, reference: str) -> PersonId | None:
        return self._subjects.get(reference)

    async def subjects_for(self, references: Sequence[str]) -> dict[str, PersonId]:
        return {reference: await self.subject_for(reference) for reference in references}

    async def find_subjects(self, references: Sequence[str]) -> dict[str, PersonId]:
        return {reference: self._subjects[reference] for reference in references if reference in self._subjects}

    async def knows_subject(self, subject: PersonId) -> bool:
        return subject in self._subjects.values()


class PostgresKeyStore:
    """Keys in a database of their own, each wrapped by the master key.

    Pseudonyms are kept in this process once they were read, until somebody is forgotten, which every process hears of
    within a second; keys are read each time, so that a destroyed one is gone at once everywhere. The row of a destroyed
    key of a person stays, empty, so that no other is ever made in its place.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", master: MasterKey):
        self._pool = pool
        self._master = master
        self._subjects: dict[bytes, PersonId] = {}
        self.forgotten = 0
        self._asked_at = -FORGOTTEN_KNOWN_SECONDS

    def fingerprint(self, wish: bytes) -> bytes:
        return self._master.fingerprint(wish)

    async def keys_for(self, owners: Sequence[str]) -> dict[str, bytes]:
        owners = sorted(owners)  # in one order everywhere, so that two statements never wait for each other
        wrapped = [self._master.wrap(owner, secrets.token_bytes(KEY_BYTES)) for owner in owners]
        # Durable before anything is sealed with it: a sealed part whose key was lost would be lost as well.
        rows = await self._pool.fetch(
            "WITH made AS (INSERT INTO owner_key (owner, wrapped) SELECT * FROM unnest($1::text[], $2::bytea[]) "
            "WHERE coalesce((SELECT value FROM master_key_check), $3) = $3 "
            "ON CONFLICT (owner) DO NOTHING RETURNING owner, wrapped) "
            "SELECT * FROM made UNION ALL SELECT owner, wrapped FROM owner_key WHERE owner = ANY ($1)",
            list(owners),
            wrapped,
            self._master.check,
        )
        # A key that somebody else has just made is in neither half: the snapshot is older, and the conflict hides it.
        found = self._unwrapped(rows) if len(rows) == len(owners) else await self.open_keys(owners)
        if gone := [owner for owner in owners if owner not in found]:
            await self.check_master_key()  # after a change of the key, a process that holds the old one makes none
            self._subjects.clear()
            raise OwnerForgotten(gone)
        return found

    async def destroy(self, person: PersonId, along: Sequence[str] = ()) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO owner_key (owner, wrapped) VALUES ($1, NULL) "
                "ON CONFLICT (owner) DO UPDATE SET wrapped = NULL",
                key_of(person),
            )
            await connection.execute("DELETE FROM owner_key WHERE owner = ANY ($1)", list(along))
            await connection.execute("DELETE FROM subject WHERE subject = $1", person)
            await connection.execute("UPDATE forgotten SET people = people + 1")
        self._asked_at = -FORGOTTEN_KNOWN_SECONDS
        await self._hear_who_was_forgotten()

    async def discard(self, owners: Sequence[str]) -> None:
        await self._pool.execute(
            "INSERT INTO owner_key (owner, wrapped) SELECT owner, NULL FROM unnest($1::text[]) AS owner "
            "ON CONFLICT (owner) DO UPDATE SET wrapped = NULL",
            list(owners),
        )
        await self.rewrite()

    async def rewrite(self) -> None:
        # A dead row keeps its bytes, and a plain vacuum leaves them on the page: whoever has the disk and the master
        # key could still open them. The store has a row a person, so that nobody waits long for it.
        async with self._pool.acquire() as connection:
            await connection.execute("SET statement_timeout = 0")
            try:
                for table in ("owner_key", "subject"):
                    await connection.execute(f"VACUUM (FULL) {table}", timeout=REWRITE_SECONDS)
            finally:
                if not connection.is_closed():
                    await connection.execute("SET statement_timeout = DEFAULT")

    async def _hear_who_was_forgotten(self) -> None:
        """Drops the pseudonyms in memory once somebody was forgotten: whoever comes back gets another."""
        if monotonic() - self._asked_at < FORGOTTEN_KNOWN_SECONDS:
            return
        self._asked_at = monotonic()
        people = int(await self._pool.fetchval("SELECT people FROM forgotten"))
        if people != self.forgotten:
            self.forgotten = people
            self._subjects.clear()

    async def open_keys(self, owners: Sequence[str]) -> dict[str, bytes]:
        return self._unwrapped(
            await self._pool.fetch("SELECT owner, wrapped FROM owner_key WHERE owner = ANY ($1)", list(owners))
        )

    def _unwrapped(self, rows: "Sequence[asyncpg.Record]") -> dict[str, bytes]:
        try:
            return {owner: self._master.unwrap(owner, wrapped) for owner, wrapped in rows if wrapped is not None}
        except InvalidTag as problem:
            raise WrongMasterKey from problem

    async def subject_for(self, reference: str) -> PersonId:
        await self._hear_who_was_forgotten()
        hidden = self._master.hide(reference)
        known = self._subjects.get(hidden)
        if known is not None:
            return known
        made = await self._pool.fetchval(
            "INSERT INTO subject (reference, subject) VALUES ($1, $2) ON CONFLICT (reference) DO NOTHING "
            "RETURNING subject",
            hidden,
            new_subject(),
        )
        found = PersonId(made or await self._pool.fetchval("SELECT subject FROM subject WHERE reference = $1", hidden))
        self._subjects[hidden] = found
        return found

    async def find_subject(self, reference: str) -> PersonId | None:
        await self._hear_who_was_forgotten()
        hidden = self._master.hide(reference)
        if (known := self._subjects.get(hidden)) is not None:
            return known
        found = await self._pool.fetchval("SELECT subject FROM subject WHERE reference = $1", hidden)
        return PersonId(found) if found else None

    async def subjects_for(self, references: Sequence[str]) -> dict[str, PersonId]:
        await self._hear_who_was_forgotten()
        hidden = {self._master.hide(reference): reference for reference in references}
        # In one order everywhere: two statements that make the same people would otherwise wait for each other.
        new = sorted(name for name in hidden if name not in self._subjects)
        if new:
            await self._pool.execute(
                "INSERT INTO subject (reference, subject) SELECT * FROM unnest($1::bytea[], $2::text[]) "
                "ON CONFLICT (reference) DO NOTHING",
                new,
                [new_subject() for _ in new],
            )
        return await self._found(hidden)

    async def find_subjects(self, references: Sequence[str]) -> dict[str, PersonId]:
        await self._hear_who_was_forgotten()
        return await self._found({self._master.hide(reference): reference for reference in references})

    async def knows_subject(self, subject: PersonId) -> bool:
        known: bool = await self._pool.fetchval("SELECT EXISTS (SELECT FROM subject WHERE subject = $1)", subject)
        return known

    async def _found(self, hidden: Mapping[bytes, str]) -> dict[str, PersonId]:
        if unread := [name for name in hidden if name not in self._subjects]:
            rows = await self._pool.fetch("SELECT reference, subject FROM subject WHERE reference = ANY ($1)", unread)
            self._subjects.update((name, PersonId(subject)) for name, subject in rows)
        return {reference: self._subjects[name] for name, reference in hidden.items() if name in self._subjects}

    async def check_master_key(self) -> None:
        """The master key is the one that this store was made with, as far as a check value was kept yet.

        Refuses: WrongMasterKey.
        """
        kept = await self._pool.fetchval("SELECT value FROM master_key_check")
        if kept is not None and not hmac.compare_digest(kept, self._master.check):
            raise WrongMasterKey

    async def keep_check(self) -> None:
        """Has the store know its master key from now on; a store that has keys already must open with it.

        Refuses: WrongMasterKey.
        """
        self._unwrapped(
            await self._pool.fetch("SELECT owner, wrapped FROM owner_key WHERE wrapped IS NOT NULL LIMIT 1")
        )
        await self._pool.execute(
            "INSERT INTO master_key_check (value) VALUES ($1) ON CONFLICT DO NOTHING", self._master.check
        )
        await self.check_master_key()
