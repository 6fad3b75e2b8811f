"""The witness reads a log by itself, from a web server that hands out files, and finds what was done to them."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from eventstore.transparency.merkle import leaf_hash
from eventstore.transparency.note import Note, Signature, Signer
from eventstore.transparency.tile import TiledLog
from eventstore.transparency.witness import AddCheckpoint
from runtime.witness_alarms import Alarm, Alarms
from runtime.witness_folder import WitnessFolder, WitnessUnusable
from runtime.witness_following import Follower, followers
from runtime.witness_process import Door
from runtime.witness_reading import Seen
from tests.eventstore.transparency.logs import Files, changed, entry, published
from tests.runtime.witnesses import ORIGIN, PATIENCE_SECONDS, a_witness, running, witness

SILENT_AFTER = 600.0
OTHER_PAST = "another past of "


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Office:
    """A log that somebody publishes as files, and the hand that changes them afterwards."""

    folder: Path
    url: str
    signer: Signer = field(default_factory=lambda: Signer.make(ORIGIN))

    def publish(self, size: int, salt: str = "", signer: Signer | None = None) -> Note:
        files, signed = published(size, salt, ORIGIN)
        note = signed.signed([signer or self.signer])
        self.write({**files, "checkpoint": bytes(note)})
        return note

    def write(self, files: Files) -> None:
        for path, content in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(content)

    def change(self, path: str, old: bytes, new: bytes) -> None:
        self.write(changed({path: (self.folder / path).read_bytes()}, path, old, new))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "public"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield Office(folder, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        serving.join()


@dataclass
class Watch:
    """A witness that reads when it is told to, at the time that it is told."""

    data: Path
    follower: Follower
    at: float = 1_800_000_000.0
    told: list[str] = field(default_factory=list)

    def read(self, later: float = 60.0) -> list[Alarm]:
        self.at += later
        self.follower.read()
        return self.follower.alarms.standing()

    def seen(self) -> int:
        found = Seen.of(WitnessFolder(self.data).of(ORIGIN))
        return found.front.size if found else -1

    def exit_of_check(self) -> int:
        return witness("check", "--data", str(self.data)).exit_code


@pytest.fixture
def watch(tmp_path: Path, office: Office) -> Watch:
    data = a_witness(tmp_path, office.signer)
    told: list[str] = []
    (follower,) = followers(WitnessFolder(data), Alarms(data / "alarms"), [office.url], SILENT_AFTER, told.append)
    found = Watch(data, follower, told=told, at=time.time())
    follower.clock = lambda: found.at
    return found


def test_growth_is_followed_across_tiles_and_restarts(office: Office, watch: Watch) -> None:
    for size in (0, 1, 255, 256, 256, 300, 900, 17_000):
        note = office.publish(size)
        assert watch.read() == []
        found = Seen.of(WitnessFolder(watch.data).of(ORIGIN))
        assert found is not None and found.note.text == note.text
    assert watch.told == [] and watch.exit_of_check() == 0


TAMPERED: dict[str, tuple[Callable[[Office], object], str, str]] = {
    "an entry": (
        lambda office: office.change("tile/entries/002", b"entry 700", b"entry 7OO"),
        "damaged",
        "tile/entries/002: the entry at 700 does not give the hash",
    ),
    "a tile": (
        lambda office: office.change("tile/0/002", leaf_hash(entry(700)), bytes(32)),
        "damaged",
        "tile/0/002: its hash 188 is wrong",
    ),
    "a tile above": (
        lambda office: (office.folder / "tile/1/000.p/3").write_bytes(bytes(96)),
        "damaged",
        "tile/1/000.p/3",
    ),
    "a tile is gone": (
        lambda office: (office.folder / "tile/entries/002").unlink(),
        "damaged",
        "tile/entries/002: it is not there",
    ),
    "rolled back": (lambda office: office.publish(250), "shrunk", "It shows 250 entries, and had signed for 300."),
    "rewritten": (lambda office: office.publish(300, OTHER_PAST), "fork", "300 entries do not begin with the 300"),
    "rewritten and grown": (
        lambda office: office.publish(900, OTHER_PAST),
        "fork",
        "900 entries do not begin with the 300",
    ),
    "another key": (
        lambda office: office.publish(900, signer=Signer.make(ORIGIN)),
        "unsigned",
        "No key that is trusted here",
    ),
    "a bad signature": (
        lambda office: (office.folder / "checkpoint").write_bytes(
            bytes(Note(office.publish(900).text, (Signature(ORIGIN, office.signer.verifier.key_id, bytes(64)),)))
        ),
        "unsigned",
        "does not fit the text",
    ),
    "a web page": (
        lambda office: (office.folder / "checkpoint").write_bytes(b"<!doctype html><p>Sign in"),
        "unsigned",
        "not signed as it must be",
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_done_to_a_log_is_an_alarm_until_it_is_mended(how: str, office: Office, watch: Watch) -> None:
    office.publish(300)
    assert watch.read() == []
    office.publish(900)
    spoil, kind, says = TAMPERED[how]
    spoil(office)
    for _ in range(2):
        (alarm,) = watch.read()
        assert alarm.kind == kind and says in alarm.what
    assert len(watch.told) == 1, "an alarm is told once"
    assert watch.seen() == 300, "nothing wrong is taken for seen"
    assert watch.exit_of_check() == 1
    office.publish(901)
    still = watch.read()
    assert watch.seen() == 901
    assert [one.kind for one in still] == (["fork"] if kind == "fork" else [])
    for note in alarm.evidence:
        assert kind == "unsigned" or Note.parse(note.encode()).signed_by([office.signer.verifier])


def test_a_log_that_cannot_be_read_is_silent_after_the_set_time(office: Office, watch: Watch) -> None:
    office.publish(10)
    assert watch.read() == []
    (office.folder / "checkpoint").unlink()
    assert watch.read(SILENT_AFTER - 1) == []
    (alarm,) = watch.read(2)
    assert alarm.kind == "silent" and office.url in alarm.what and "There is no checkpoint" in alarm.what
    office.publish(11)
    assert watch.read() == []


def test_silence_is_found_by_check_when_the_follower_itself_is_dead(office: Office, watch: Watch) -> None:
    office.publish(10)
    watch.at = time.time() - 2 * SILENT_AFTER
    assert watch.read(0) == []
    found = witness("check", "--json", "--data", str(watch.data))
    assert found.exit_code == 1
    (alarm,) = json.loads(found.stdout)["alarms"]
    assert alarm["kind"] == "silent" and "does `witness run --follow` run?" in alarm["what"]


def test_what_was_cosigned_is_held_against_what_is_shown(office: Office, watch: Watch) -> None:
    folder = WitnessFolder(watch.data)
    folder.remember(ORIGIN, published(300, OTHER_PAST, ORIGIN)[1].signed([office.signer]))
    office.publish(900)
    (alarm,) = watch.read()
    assert alarm.kind == "fork" and len(alarm.evidence) == 2


def test_a_log_asks_before_it_shows_and_must_show_in_time(office: Office, watch: Watch) -> None:
    office.publish(300)
    WitnessFolder(watch.data).remember(ORIGIN, published(310, origin=ORIGIN)[1].signed([office.signer]))
    assert watch.read(0) == []
    (alarm,) = watch.read(SILENT_AFTER + 60)
    assert alarm.kind == "shrunk" and "had signed for 310" in alarm.what
    office.publish(310)
    assert watch.read() == []


def test_what_was_read_counts_at_the_door_like_what_was_cosigned(office: Office, watch: Watch) -> None:
    folder = WitnessFolder(watch.data)
    door = Door(folder, watch.follower.alarms)
    assert door.add_checkpoint(asks(office, 0, 100)).status == 200
    office.publish(300)
    assert watch.read() == []
    behind = door.add_checkpoint(asks(office, 100, 250))
    assert (behind.status, behind.body) == (409, "300\n")
    assert door.add_checkpoint(asks(office, 300, 300, OTHER_PAST)).status == 422
    assert [alarm.kind for alarm in watch.read()] == ["fork"]
    assert door.add_checkpoint(asks(office, 300, 300)).status == 200
    assert door.add_checkpoint(asks(office, 300, 310)).status == 200
    cosigned = folder.last(ORIGIN)
    assert cosigned is not None and "\n310\n" in cosigned.text


def asks(office: Office, old: int, new: int, salt: str = "") -> bytes:
    files, signed = published(new, salt, ORIGIN)
    proof = TiledLog(files.__getitem__, new).consistency(old)
    return bytes(AddCheckpoint(old, tuple(proof), signed.signed([office.signer])))


def test_front_that_was_changed_on_the_disk_is_refused(office: Office, watch: Watch) -> None:
    office.publish(300)
    watch.read()
    file = WitnessFolder(watch.data).of(ORIGIN) / "seen.json"
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "front": {**kept["front"], "1": "A" * 43 + "="}}))
    with pytest.raises(WitnessUnusable, match="was changed"):
        watch.read()


def recheck(watch: Watch, place: object) -> tuple[int, str]:
    found = witness("recheck", "--from", str(place), "--data", str(watch.data))
    return found.exit_code, found.stdout + found.stderr


def test_recheck_finds_what_was_changed_long_ago_and_names_it(office: Office, watch: Watch) -> None:
    office.publish(900)
    assert watch.read() == []
    for place in (office.url, office.folder):
        code, said = recheck(watch, place)
        assert code == 0 and "900 entries hashed again" in said
    office.change("tile/entries/000", b"entry 77", b"entry 7_")
    assert watch.read() == [], "the follower reads what is new"
    for place in (office.url, office.folder):
        code, said = recheck(watch, place)
        assert code == 1 and "tile/entries/000: the entry at 77 " in said


def test_recheck_of_another_past_or_of_an_old_copy_says_so(office: Office, watch: Watch, tmp_path: Path) -> None:
    office.publish(900)
    watch.read()
    office.publish(900, OTHER_PAST)
    code, said = recheck(watch, office.url)
    assert code == 1 and said.startswith("fork: ")
    office.publish(600)
    code, said = recheck(watch, office.url)
    assert code == 1 and said.startswith("shrunk: ")
    code, said = recheck(watch, tmp_path / "nowhere")
    assert code == 2 and "is not a folder" in said


def test_process_follows_by_itself_and_shows_its_alarms(office: Office, tmp_path: Path) -> None:
    data = a_witness(tmp_path, office.signer)
    office.publish(300)
    with running(data, "--follow", office.url, "--every", "0.1") as (client, _):

        def stands(condition: Callable[[dict[str, list[dict[str, object]]]], bool]) -> None:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not condition(client.get("/status").json()):
                assert time.monotonic() < deadline

        stands(lambda said: bool(said["logs"][0]["read"]))
        assert 'investiture_witness_log_size{as="read",log="log.example/log"} 300.0' in client.get("/metrics").text
        office.publish(200)
        stands(lambda said: [alarm["kind"] for alarm in said["alarms"]] == ["shrunk"])
        office.publish(301)
        stands(lambda said: said["alarms"] == [])


def test_which_log_an_address_is_must_be_plain(office: Office, tmp_path: Path) -> None:
    data = a_witness(tmp_path, office.signer, Signer.make("second.example/log"))
    folder, alarms = WitnessFolder(data), Alarms(data / "alarms")

    def followed(url: str) -> str:
        return followers(folder, alarms, [url], SILENT_AFTER, lambda sentence: None)[0].origin

    assert followed("https://second.example/log/") == "second.example/log"
    for wrong, says in (("https://mirror.example/log", "cannot be told"), ("second.example/log", "no address")):
        with pytest.raises(WitnessUnusable, match=says):
            followed(wrong)
    folder.distrust(str(office.signer.verifier))
    assert followed("https://mirror.example/log") == "second.example/log"
