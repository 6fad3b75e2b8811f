"""The system account that the embedded database runs under, and what that account may reach.

PostgreSQL refuses to run as root. An installation started by root therefore hands its database
to an account of its own, and lets that account through, not into, the folders on the way.
"""

import os
import stat
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ACCOUNT_NAME = "investiture-db"

ACL_ATTRIBUTE = "system.posix_acl_access"
ACL_VERSION = 2
OWNER, NAMED_USER, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
NO_ID = 0xFFFFFFFF
SEARCH = 1
READ_BY_ALL = 0o444
SEARCH_BY_ALL = 0o111


@dataclass(frozen=True)
class Account:
    """A system account by its numbers."""

    uid: int
    gid: int


def database_account() -> Account | None:
    """The account that the database must run under; None when it is the caller's own.

    Refuses: a root installation on a machine where no account can be made.
    """
    if os.geteuid() != 0:
        return None
    import pwd

    # Another installation may be making the same account at this moment and hold the lock on the list of accounts.
    for _ in range(50):
        try:
            entry = pwd.getpwnam(ACCOUNT_NAME)
            return Account(entry.pw_uid, entry.pw_gid)
        except KeyError:
            reason = _make_account()
        time.sleep(0.1)
    raise PermissionError(
        f"PostgreSQL does not run as root, and the account {ACCOUNT_NAME} could not be made: {reason}. "
        "Start Investiture as an ordinary user instead."
    )


def _make_account() -> str:
    home = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    try:
        made = subprocess.run(
            ["useradd", "--system", "--user-group", *home, ACCOUNT_NAME], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return "the command useradd is missing"
    return made.stderr.strip()


def give(folder: Path, account: Account | None) -> None:
    """The folder exists, is nobody else's, and can be reached by the account that owns it.

    Refuses: a folder that somebody else put there, which below a shared folder may be a trap.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    owners = {os.geteuid()} | ({account.uid} if account else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise PermissionError(f"The folder {folder} belongs to somebody else; remove it or choose another DATA=.")
    if account is not None:
        os.chown(folder, account.uid, account.gid)
        let_through(folder, account)
    folder.chmod(0o700)


def let_through(target: Path, account: Account) -> None:
    """The account can walk to the target, and sees nothing more of the folders on the way.

    A folder that others may not enter gets an entry for this one account; where the file system
    knows no such entries, the folder's search bit for others is set, which shows no names either.
    """
    for folder in target.resolve().parents:
        if folder.stat().st_mode & SEARCH or folder.stat().st_uid == account.uid:
            continue
        try:
            _add_search_entry(folder, account.uid)
        except OSError:
            folder.chmod(folder.stat().st_mode | SEARCH)


def let_read(tree: Path, account: Account) -> None:
    """The account can read and run what lies in the tree: programs, nothing secret.

    A strict umask at the time of the installation may have kept them from everybody else.
    """
    let_through(tree, account)
    for path in (tree, *tree.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | READ_BY_ALL | (SEARCH_BY_ALL if mode & stat.S_IXUSR else 0)
        if mode != wanted:
            path.chmod(wanted)


def _add_search_entry(folder: Path, uid: int) -> None:
    entries = _access_entries(folder)
    entries[(NAMED_USER, uid)] = entries.get((NAMED_USER, uid), 0) | SEARCH
    # The mask caps every named entry, so that it has to allow the search too.
    entries[(MASK, NO_ID)] = entries.get((MASK, NO_ID), entries[(GROUP, NO_ID)]) | SEARCH
    packed = b"".join(struct.pack("<HHI", tag, rights, who) for (tag, who), rights in sorted(entries.items()))
    os.setxattr(folder, ACL_ATTRIBUTE, struct.pack("<I", ACL_VERSION) + packed)


def _access_entries(folder: Path) -> dict[tuple[int, int], int]:
    try:
        stored = os.getxattr(folder, ACL_ATTRIBUTE)
    except OSError:
        mode = folder.stat().st_mode
        return {(OWNER, NO_ID): mode >> 6 & 7, (GROUP, NO_ID): mode >> 3 & 7, (OTHER, NO_ID): mode & 7}
    return {(tag, who): rights for tag, rights, who in struct.iter_unpack("<HHI", stored[4:])}
