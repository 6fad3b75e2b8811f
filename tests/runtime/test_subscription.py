"""Subscribers by a real mail server: asked, told once, left with one click, and nowhere to be read afterwards."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import SecretStr

from domain.event import Event
from domain.identity import PersonId
from domain.subscription import (
    CONFIRM_WITHIN,
    DigestSent,
    Ending,
    MailRefused,
    SubscriptionEnded,
    SubscriptionLapsed,
    SubscriptionRequested,
    subscription_stream,
)
from eventstore.codec import decode
from eventstore.store import NotApproved
from eventstore.verifying import verify_log
from runtime.mailer import FolderMailer, MailerAway, SmtpMailer
from runtime.settings import Settings
from runtime.subscription import Subscribers, Swept
from tests.conftest import FreshDatabase
from tests.desk import Desk, open_desk
from tests.eventstore.whole_database import everything_in
from tests.runtime.certificates import certificate, serving_with
from tests.runtime.mailbox import Mailbox, link, mailbox, text
from tests.runtime.test_forgetting import Died, Dying

READER = "zephyrine.reader@example.org"
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


@pytest.fixture
async def desk(settings: Settings, box: Mailbox) -> AsyncIterator[Desk]:
    sending = settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{box.port}"})
    async with open_desk(sending) as opened:
        yield opened


class Post:
    """The sender of mails of a desk, and the reader at the other end."""

    def __init__(self, desk: Desk, box: Mailbox):
        self.desk, self.box = desk, box
        self.sender = Subscribers(desk.house, SmtpMailer(desk.house.settings), desk.clock)

    async def swept(self) -> Swept:
        await self.desk.project()
        return await self.sender.sweep()

    async def asked(self, **wish: Any) -> None:
        body = {"address": READER, "often": "each_day", **wish}
        answer = await self.desk.http.post("/api/v1/subscriptions", json=body)
        assert answer.status_code == 202, answer.text

    async def subscribed(self, **wish: Any) -> PersonId:
        """Somebody who asked and confirmed; the mailbox is emptied of the question."""
        await self.asked(**wish)
        await self.swept()
        question = self.box.mails.pop()
        assert (await self.desk.http.post(link(question, "confirm"))).status_code == 200
        return PersonId(link(question, "leave").rsplit("/", 1)[1][:16])

    async def of(self, person: PersonId) -> list[Event]:
        return [decode(row).event for row in await self.desk.house.store.read_stream(subscription_stream(person))]


@pytest.fixture
def post(desk: Desk, box: Mailbox) -> Post:
    return Post(desk, box)


async def test_nothing_is_sent_but_the_question_until_the_owner_says_yes(post: Post, desk: Desk) -> None:
    await post.asked()
    assert await post.swept() == Swept(asked=1)
    await desk.noticed()
    desk.clock.at += A_DAY
    assert await post.swept() == Swept()
    (question,) = post.box.mails
    assert question["To"] == READER and question["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    seen = await desk.http.get(link(question, "confirm"))  # as a scanner of links does
    assert seen.status_code == 200 and "<button" in seen.text
    desk.clock.at += A_DAY
    assert await post.swept() == Swept()


async def test_the_same_request_sends_one_mail_an_hour_and_answers_always_the_same(post: Post, desk: Desk) -> None:
    answers = []
    for _ in range(3):
        answers.append((await desk.http.post("/api/v1/subscriptions", json={"address": READER})).json())
        await post.swept()
    assert len(post.box.mails) == 1 and answers[0] == answers[1] == answers[2]
    desk.clock.at += timedelta(hours=1)
    await post.asked(often="each_week")
    assert (await post.swept()).asked == 1


async def test_a_mailbox_gets_five_questions_a_day_whoever_asks(post: Post) -> None:
    for number in range(8):
        await post.asked(filter={"organ": f"Unit {number}"})
    await post.swept()
    assert len(post.box.mails) == 5


async def test_a_digest_is_grouped_tells_each_notice_once_and_names_nobody(post: Post, desk: Desk) -> None:
    await post.subscribed()
    await desk.noticed(unit="Registry", title="Head Clerk")
    await desk.noticed(unit="Archive", title="Archivist", post_id="archive/1")
    desk.clock.at += A_DAY
    assert await post.swept() == Swept(told=1)
    (mail,) = post.box.mails
    said = text(mail)
    assert said.index("Archive") < said.index("Archivist") < said.index("Registry") < said.index("Head Clerk")
    assert "Amina" not in str(mail) and "2 notices" in mail["Subject"]
    assert await post.swept() == Swept()
    desk.clock.at += A_DAY
    assert await post.swept() == Swept() and len(post.box.mails) == 1


async def test_only_what_was_asked_for_is_told(post: Post, desk: Desk) -> None:
    await post.subscribed(filter={"organ": "Archive"})
    await desk.noticed(unit="Registry")
    desk.clock.at += A_DAY
    assert await post.swept() == Swept()


async def test_whoever_hears_each_week_hears_on_a_monday(post: Post, desk: Desk) -> None:
    desk.clock.at += timedelta(hours=9)  # this Monday's mails are out
    await post.subscribed(often="each_week")
    await desk.noticed()
    for days in range(1, 9):
        desk.clock.at += A_DAY
        assert (await post.swept()).told == (desk.clock.at.weekday() == 0), days


@pytest.mark.parametrize("done", [False, True], ids=["failed", "failed but persisted"])
async def test_a_crash_between_sending_and_recording_doubles_the_same_message(
    post: Post, desk: Desk, done: bool
) -> None:
    person = await post.subscribed()
    await desk.noticed()
    desk.clock.at += A_DAY
    await desk.project()
    dying = replace(desk.house, store=cast(Any, Dying(desk.house.store, "append", done)))
    with pytest.raises(Died):
        await Subscribers(dying, SmtpMailer(desk.house.settings), desk.clock).sweep()
    await post.swept()
    assert len({mail["Message-ID"] for mail in post.box.mails}) == 1
    assert len(post.box.mails) == (1 if done else 2)
    told = [event for event in await post.of(person) if isinstance(event, DigestSent)]
    assert len(told) == 1 and told[0].count == 1


async def test_an_unconfirmed_request_lapses_after_three_days_and_its_address_is_gone(
    post: Post, desk: Desk, database: FreshDatabase
) -> None:
    await post.asked()
    await post.swept()
    question = post.box.mails.pop()
    desk.clock.at += CONFIRM_WITHIN + timedelta(seconds=1)
    await post.swept()
    assert (await post.swept()).destroyed == 1
    person = PersonId(link(question, "leave").rsplit("/", 1)[1][:16])
    assert isinstance((await post.of(person))[-1], SubscriptionLapsed)
    assert (await desk.http.post(link(question, "confirm"))).status_code == 404
    assert READER.encode() not in await everything_in(database.superuser_url)


async def test_one_click_of_the_mail_program_ends_it_and_the_address_can_be_read_nowhere(
    post: Post, desk: Desk, database: FreshDatabase
) -> None:
    person = await post.subscribed(filter={"organ": "Registry"})
    await desk.noticed()
    desk.clock.at += A_DAY
    await post.swept()
    mail = post.box.mails.pop()
    stream = subscription_stream(person)
    sealed = (await desk.house.store.read_sealed([(await desk.house.store.read_stream(stream))[0].position])).values()
    ciphertext = [part.ciphertext for parts in sealed for part in parts]
    assert ciphertext and ciphertext[0] in await everything_in(database.superuser_url)
    address = mail["List-Unsubscribe"].strip("<>").removeprefix(desk.house.settings.public_url)
    left = await desk.http.post(
        address,
        content="List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert left.status_code == 200 and left.headers["Cache-Control"] == "no-store"
    assert await desk.house.keys.open_keys([f"person/{person}"]) == {}
    everything = await everything_in(database.superuser_url) + await everything_in(database.keys_superuser_url)
    assert READER.encode() not in everything and ciphertext[0] not in everything
    ended = (await post.of(person))[-1]
    assert isinstance(ended, SubscriptionEnded) and ended.because is Ending.LEFT
    assert (await desk.http.post(address)).status_code == 200  # pressed twice
    desk.clock.at += A_WEEK
    assert (await post.swept()).told == 0
    assert (await verify_log(desk.house.store)).events == await desk.log_size()


async def test_a_crash_between_leaving_and_destroying_is_made_good(post: Post, desk: Desk) -> None:
    person = await post.subscribed()
    row = (await desk.house.store.read_stream(subscription_stream(person)))[0]
    with pytest.raises(NotApproved):
        await desk.house.store.destroy_subscription(row.position)
    ended = SubscriptionEnded(subscriber_id=person, ended_on=desk.clock.at.date(), because=Ending.LEFT)
    await post.sender._note(person, ended, "left")
    assert await desk.house.keys.open_keys([f"person/{person}"])
    assert (await post.swept()).destroyed == 1
    assert await desk.house.keys.open_keys([f"person/{person}"]) == {}
    assert (await post.swept()).destroyed == 0


async def test_whoever_comes_back_is_somebody_new(post: Post, desk: Desk) -> None:
    first = await post.subscribed()
    await post.asked(filter={"q": "clerk"})
    await post.swept()
    other = post.box.mails.pop()
    await desk.http.post(link(other, "leave"))
    await post.asked(filter={"q": "clerk"})
    await post.swept()
    again = post.box.mails.pop()
    assert link(again, "leave") != link(other, "leave")
    assert isinstance((await post.of(first))[0], SubscriptionRequested)
    assert not any(isinstance(event, SubscriptionEnded) for event in await post.of(first))


async def test_an_address_that_is_refused_three_days_running_is_written_to_no_more(post: Post, desk: Desk) -> None:
    person = await post.subscribed()
    post.box.to_recipient = "550 no such mailbox"
    await desk.noticed()
    for _ in range(4):
        desk.clock.at += A_DAY
        await post.swept()
        await post.swept()
    refusals = [event for event in await post.of(person) if isinstance(event, MailRefused)]
    ended = (await post.of(person))[-1]
    assert [event.status for event in refusals] == [550, 550, 550]
    assert isinstance(ended, SubscriptionEnded) and ended.because is Ending.REFUSED
    assert await desk.house.keys.open_keys([f"person/{person}"]) == {}


async def test_a_delay_is_borne_and_tried_again_later(post: Post, desk: Desk) -> None:
    await post.asked()
    post.box.to_text = "451 try again later"
    assert await post.swept() == Swept()
    post.box.to_text = ""
    assert await post.swept() == Swept()
    desk.clock.at += timedelta(minutes=1)
    assert await post.swept() == Swept(asked=1)


async def test_a_server_that_is_away_loses_nothing(post: Post, desk: Desk) -> None:
    await post.asked()
    await desk.project()
    nobody = desk.house.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:9"})
    with pytest.raises(MailerAway) as away:
        await Subscribers(desk.house, SmtpMailer(nobody), desk.clock).sweep()
    assert READER not in str(away.value)
    assert await post.swept() == Swept(asked=1)


async def test_somebody_forgotten_by_another_way_is_written_to_no_more(post: Post, desk: Desk) -> None:
    person = await post.subscribed()
    await desk.house.keys.destroy(person)
    await desk.noticed()
    desk.clock.at += A_DAY
    assert await post.swept() == Swept()
    ended = (await post.of(person))[-1]
    assert isinstance(ended, SubscriptionEnded) and ended.because is Ending.FORGOTTEN


async def test_without_a_server_a_mail_lies_in_the_folder_and_the_same_one_lies_there_once(desk: Desk) -> None:
    folder = desk.house.settings.data / "mail"
    await desk.http.post("/api/v1/subscriptions", json={"address": READER})
    await desk.project()
    dying = replace(desk.house, store=cast(Any, Dying(desk.house.store, "append", False)))
    with pytest.raises(Died):
        await Subscribers(dying, FolderMailer(folder), desk.clock).sweep()
    assert (await Subscribers(desk.house, FolderMailer(folder), desk.clock).sweep()).asked == 1
    (file,) = folder.iterdir()
    assert file.suffix == ".eml" and READER.encode() in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "notices@gazette.example.org", READER, "Notices"
    mail.set_content("What is new.")
    return mail


def sending(settings: Settings, url: str, **more: Any) -> SmtpMailer:
    return SmtpMailer(settings.model_copy(update={"smtp_url": url, **more}))


async def test_a_server_that_is_not_this_machine_gets_nothing_unencrypted(box: Mailbox, settings: Settings) -> None:
    # Another spelling of the loopback address, which is taken for a server elsewhere.
    with pytest.raises(MailerAway, match="SMTPNotSupportedError"):
        await sending(settings, f"smtp://127.1:{box.port}").send(a_mail())
    assert box.mails == []


async def test_a_server_that_encrypts_must_be_known_and_is_told_the_password_only_then(
    settings: Settings, tmp_path: Path
) -> None:
    known, other = certificate(tmp_path, "localhost"), certificate(tmp_path, "elsewhere.example")
    right, wrong = {"smtp_password": SecretStr("open sesame")}, {"smtp_password": SecretStr("open barley")}
    with mailbox(serving_with(known)) as box:
        url = f"smtp://reader@localhost:{box.port}"
        with pytest.raises(MailerAway, match="SSLCertVerificationError"):
            await sending(settings, url, smtp_roots=other, **right).send(a_mail())
        with pytest.raises(MailerAway, match="535"):
            await sending(settings, url, smtp_roots=known, **wrong).send(a_mail())
        assert box.mails == []
        mailer = sending(settings, url, smtp_roots=known, **right)
        await mailer.send(a_mail())
        await mailer.send(a_mail())
        await mailer.rest()
        assert len(box.mails) == 2


@pytest.mark.parametrize("url", ["http://mail.example.org", "mail.example.org:25", "smtp://"])
def test_an_address_that_is_no_mail_server_stops_the_process_at_its_start(url: str, settings: Settings) -> None:
    with pytest.raises(ValueError, match="smtp_url"):
        sending(settings, url)
