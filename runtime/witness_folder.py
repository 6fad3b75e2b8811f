"""The folder of a witness: its key, the logs whose keys it was told to trust, and what it cosigned of each.

Whoever can write here can make the witness forget, so the folder belongs to the organ that runs it and to nobody else.
"""

import contextlib
import fcntl
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from eventstore.durable_file import keep, make_folder
from eventstore.transparency.note import KeyKind, Note, Signer, UnreadableKey, UnreadableNote, Verifier

KEY = "witness.key"
LOCK = "witness.lock"
KEYS = "keys"
COSIGNED = "cosigned"
LONGEST_FOLDER_NAME = 200


class WitnessUnusable(Exception):
    """A witness cannot work; the sentence says what stands in the way and what to do."""


@dataclass(frozen=True, slots=True)
class WitnessFolder:
    """What a witness keeps, and the memory by which it decides."""

    path: Path

    @classmethod
    def make(cls, path: Path, name: str) -> "WitnessFolder":
        """A new witness with a key of its own.

        Refuses: WitnessUnusable, for a folder that has a key and for a name that keys cannot have.
        """
        folder = cls(path)
        try:
            signer = Signer.make(name, KeyKind.COSIGNATURE)
            make_folder(path.parent)
            path.mkdir(mode=0o700, exist_ok=True)
            signer.write(path / KEY)
        except FileExistsError:
            raise WitnessUnusable(f"{path / KEY} is there already, and is left as it is.") from None
        except ValueError:
            raise WitnessUnusable(f"“{name}” is no name for a key: it has a space or a plus, or is empty.") from None
        except OSError as problem:
            raise WitnessUnusable(f"{path} cannot be written: {problem.strerror}.") from None
        make_folder(path / "logs")
        return folder

    def signer(self) -> Signer:
        """The witness's key.

        Refuses: WitnessUnusable.
        """
        file = self.path / KEY
        try:
            signer = Signer.read(file)
            open_to_others = stat.S_IMODE(file.stat().st_mode) & 0o077
        except FileNotFoundError:
            how = f"Make a witness there first: investiture witness init --data {self.path} --name NAME."
            raise WitnessUnusable(f"{self.path} has no witness's key. {how}") from None
        except OSError as problem:
            raise WitnessUnusable(f"{file} cannot be read: {problem.strerror}.") from None
        except UnreadableKey:
            raise WitnessUnusable(f"{file} holds no signing key. Put the kept copy back.") from None
        if signer.kind is not KeyKind.COSIGNATURE:
            raise WitnessUnusable(f"{file} holds a log's key; a witness has one of its own.")
        if open_to_others:
            raise WitnessUnusable(f"{file} can be read by others than its owner. First: chmod 600 {file}.")
        return signer

    def rotate(self) -> Signer:
        """A new key under the same name; what was cosigned is remembered, and the old key kept among the retired.

        Survives: a crash at any moment, after which the old key or the new one is there, whole.
        Refuses: WitnessUnusable, while the witness runs.
        """
        with self.held():
            old = self.signer()
            retired, new = self.path / "retired" / f"{old.verifier.key_id.hex()}.key", self.path / f"{KEY}.new"
            new.unlink(missing_ok=True)  # left by a crash, and known to nobody
            signer = Signer.make(old.name, KeyKind.COSIGNATURE)
            signer.write(new)
            if not retired.exists():
                make_folder(retired.parent)
                retired.hardlink_to(self.path / KEY)
            new.replace(self.path / KEY)
            return signer

    def of(self, origin: str) -> Path:
        """The folder of one log."""
        return self.path / "logs" / f"{quote(origin, safe='')}.log"

    def logs(self) -> dict[str, tuple[Verifier, ...]]:
        """The logs that this witness knows, by name, with the keys that it trusts for each.

        Refuses: WitnessUnusable.
        """
        trusted: dict[str, tuple[Verifier, ...]] = {}
        for file in sorted((self.path / "logs").glob(f"*.log/{KEYS}")):
            try:
                keys = [Verifier.parse(line) for line in file.read_text(encoding="utf-8").splitlines()]
            except (OSError, ValueError) as problem:
                raise WitnessUnusable(f"{file} holds something else than keys. {problem}") from None
            for key in keys:
                trusted[key.name] = (*trusted.get(key.name, ()), key)
        return trusted

    def trust(self, key: Verifier) -> bool:
        """The key's signatures count from now on; whether that is new. A log may have several, old and new.

        Refuses: WitnessUnusable, for a key that is no log's.
        """
        self.signer()
        if key.kind is not KeyKind.NOTE:
            raise WitnessUnusable(f"The key of {key.name} is a witness's. Ask the office for the key of its log.")
        if len(self.of(key.name).name) > LONGEST_FOLDER_NAME:
            raise WitnessUnusable(f"The name of the log has {len(key.name)} letters, too many for a folder's name.")
        known = self.logs().get(key.name, ())
        if key not in known:
            self._keep_keys(key.name, (*known, key))
        return key not in known

    def distrust(self, key: str) -> Verifier:
        """A key's signatures count no longer; what was cosigned under it is not forgotten. Named whole or by its id.

        Refuses: WitnessUnusable, for a key that is not trusted.
        """
        self.signer()
        for origin, keys in self.logs().items():
            for found in keys:
                if key.strip() in (str(found), found.key_id.hex()):
                    self._keep_keys(origin, tuple(one for one in keys if one != found))
                    return found
        raise WitnessUnusable(f"“{key.strip()[:80]}” is no key that this witness trusts; `witness show` lists them.")

    def _keep_keys(self, origin: str, keys: tuple[Verifier, ...]) -> None:
        keep(self.of(origin) / KEYS, "".join(f"{key}\n" for key in keys).encode())

    def last(self, origin: str) -> Note | None:
        """The last checkpoint of a log that was cosigned.

        Refuses: WitnessUnusable: a witness that cannot read what it saw must not begin anew.
        """
        return note_in(self.of(origin) / COSIGNED)

    def cosigned_at(self, origin: str) -> float:
        """When a log's last checkpoint was cosigned. Units: seconds since 1970, UTC."""
        return (self.of(origin) / COSIGNED).stat().st_mtime

    def remember(self, origin: str, note: Note) -> None:
        """Keeps a checkpoint, durably, before anybody hears of it."""
        keep(self.of(origin) / COSIGNED, bytes(note))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """At most one process is this witness; the kernel gives the folder back however it ends.

        Refuses: WitnessUnusable.
        """
        self.signer()
        with (self.path / LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WitnessUnusable(
                    f"A witness already runs on {self.path}: two would not know of each other."
                ) from None
            yield


def note_in(file: Path) -> Note | None:
    """A note that was kept in a file, if there is the file.

    Refuses: WitnessUnusable.
    """
    try:
        return Note.parse(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, UnreadableNote) as problem:
        raise WitnessUnusable(f"{file} cannot be read, and nothing may stand in for it: {problem}") from None
