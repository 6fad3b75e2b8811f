"""Handing mails over: to an SMTP server, or to a folder where nothing pretends to have been sent.

Nothing here logs or repeats an address, and neither do the faults that it raises: a server's answer often quotes it.
"""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from runtime.settings import Settings

PATIENCE_SECONDS = 20.0
FOLDER = "mail"


class MailRefusedForGood(Exception):
    """The receiving side says that it will never take mail for this address."""

    def __init__(self, status: int):
        super().__init__(f"refused with {status}")
        self.status = status


class MailDelayed(Exception):
    """This one mail was not taken now; later it may be. Units: an SMTP status, 0 where there was none."""

    def __init__(self, status: int):
        super().__init__(f"delayed with {status}")
        self.status = status


class MailerAway(Exception):
    """No mail goes out at all just now."""


class Mailer(Protocol):
    """Takes mails."""

    async def send(self, message: EmailMessage) -> None:
        """The mail is out of our hands: durable with whoever takes it on.

        Refuses: MailRefusedForGood, MailDelayed.
        Raises: MailerAway.
        """
        ...

    async def rest(self) -> None:
        """Lets go of what it holds open, until the next mail."""
        ...


def mailer_of(settings: Settings) -> Mailer | None:
    """How this installation sends; None where nobody has said how, so that it takes on no subscription."""
    if settings.smtp_url:
        return SmtpMailer(settings)
    return FolderMailer(settings.data / FOLDER) if settings.mode == "embedded" else None


class FolderMailer:
    """Puts each mail into a folder as it would have gone out; the same mail again replaces itself."""

    def __init__(self, folder: Path):
        self.folder = folder

    async def send(self, message: EmailMessage) -> None:
        await asyncio.to_thread(self._write, message)

    def _write(self, message: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = sha256(str(message["Message-ID"]).encode()).hexdigest()[:32]
        unfinished = self.folder / f".{name}.new"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(self.folder / f"{name}.eml")

    async def rest(self) -> None:
        pass


class SmtpMailer:
    """Speaks to one server, encrypted unless the server is on this machine, and keeps the line open for a while.

    Refuses: an address of a server that it cannot use, when it is made.
    """

    def __init__(self, settings: Settings):
        found = urlsplit(settings.smtp_url or "")
        if found.scheme not in ("smtp", "smtps") or not found.hostname:
            raise ValueError("smtp_url must read smtp://host:587 (STARTTLS) or smtps://host:465")
        self._host, self._whole = found.hostname, found.scheme == "smtps"
        self._port = found.port or (465 if self._whole else 587)
        self._user = unquote(found.username) if found.username else None
        self._password = settings.secret("smtp_password") or unquote(found.password or "")
        self._trust = ssl.create_default_context(cafile=settings.smtp_roots)
        self._line: smtplib.SMTP | None = None

    async def send(self, message: EmailMessage) -> None:
        await asyncio.to_thread(self._send, message)

    async def rest(self) -> None:
        await asyncio.to_thread(self._hang_up)

    def _send(self, message: EmailMessage) -> None:
        try:
            self._open_line().send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            ((status, _),) = refused.recipients.values()
            self._hang_up()
            raise (MailRefusedForGood(status) if status >= 500 else MailDelayed(status)) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError) as refused:
            self._hang_up()  # it is we who are refused, whoever the mail is for
            raise MailerAway(f"the mail server answers {refused.smtp_code}") from None
        except smtplib.SMTPResponseException as refused:
            self._hang_up()  # of the whole text: too large, or taken for spam; not the address's fault
            raise MailDelayed(refused.smtp_code) from None
        except (smtplib.SMTPException, OSError) as away:
            self._hang_up()
            raise MailerAway(type(away).__name__) from None

    def _open_line(self) -> smtplib.SMTP:
        if self._line is not None:
            return self._line
        if self._whole:
            line: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=PATIENCE_SECONDS, context=self._trust)
        else:
            line = smtplib.SMTP(self._host, self._port, timeout=PATIENCE_SECONDS)
            line.ehlo()
            if line.has_extn("starttls") or not _on_this_machine(self._host):
                line.starttls(context=self._trust)  # a server elsewhere that cannot encrypt gets nothing
        if self._user is not None:
            line.login(self._user, self._password)
        self._line = line
        return line

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sent_from(settings: Settings) -> str:
    """The address that mails come from; where none is set, one of the host under which the public knows us."""
    return settings.smtp_from or f"notices@{urlsplit(settings.public_url).hostname or 'localhost'}"
