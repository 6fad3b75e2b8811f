"""A mail server on loopback that takes what it is given, or refuses it as a test says."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from runtime.embedded import free_port

LINK = re.compile(r"https?://\S+/subscribe/(confirm|leave)/[0-9a-z]+")


@dataclass
class Mailbox:
    """What came, and with what the server answers to recipients and to texts."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    to_recipient: str = ""
    to_text: str = ""

    def knows(self, _: SMTP, __: Session, ___: Envelope, ____: str, said: Any) -> AuthResult:
        """Lets in whoever has the right word."""
        return AuthResult(success=said.password == b"open sesame", handled=False)

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        if self.to_text:
            return self.to_text
        assert isinstance(envelope.content, bytes)
        found: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(found)
        return "250 OK"


@contextmanager
def mailbox(tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """The server, for as long as the block lasts; one that can encrypt takes nothing before it does."""
    box = Mailbox(free_port())
    knows: dict[str, Any] = {"authenticator": box.knows, "auth_required": True, "require_starttls": True} if tls else {}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, decode_data=False, tls_context=tls, **knows)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def link(mail: EmailMessage, act: str) -> str:
    """The path behind the link of a mail for an act."""
    found = next(match[0] for match in LINK.finditer(text(mail)) if match[1] == act)
    return "/" + found.split("/", 3)[3]


def text(mail: EmailMessage) -> str:
    """The plain part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
