"""The two mails that subscribers get: whether it was really them, and the digest of what is new.

Each has a text and an HTML part that say the same and load nothing. No candidate is named in either: a mail cannot be
taken back. The first one carries no word of whoever asked for it, so that nobody can send words of theirs through us.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from domain.date_words import in_words
from domain.law import Language
from domain.notice_filter import NoticeFilter
from domain.subscription import CONFIRM_WITHIN
from pages.notice_filter_words import filter_in_words
from pages.public_notice import notice_address
from pages.translations import LANGUAGE_TAGS, words
from pages.typesetting import set_page, template
from projections.digest import Digest, Entry, Told
from projections.visible_notice import Standing

_MAIL = template("subscription_mail.html")
# An address that is folded or encoded is none to a mail program: RFC 8058 wants it whole, in one line.
_WHOLE_LINES = SMTP.clone(max_line_length=900)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """From whom mails come, under which address the pages stand, and what the reader's own links end with."""

    sender: str
    public_url: str
    leave_token: str

    @property
    def origin(self) -> str:
        return self.public_url.rstrip("/")

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or "localhost"


@dataclass(frozen=True, slots=True)
class _Item:
    """One line of a mail: what it says, where it leads, and what stands under it."""

    says: str
    address: str
    more: str


@dataclass(frozen=True, slots=True)
class _Group:
    heading: str
    parts: tuple[tuple[str, tuple[_Item, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Matter:
    """What a mail says, from its subject to its last line."""

    subject: str
    opening: tuple[str, ...]
    groups: tuple[_Group, ...]
    act: tuple[str, str] | None
    closing: tuple[str, ...]
    leave: tuple[str, str]


def confirm_address(origin: str, language: Language, token: str) -> str:
    """Where a request is confirmed."""
    return f"{origin}/{language}/subscribe/confirm/{token}"


def leave_address(origin: str, language: Language, token: str) -> str:
    """Where a subscription is ended; a mail program may do it by itself with one POST.

    Source: RFC 8058.
    """
    return f"{origin}/{language}/subscribe/leave/{token}"


def confirmation_mail(
    to: str, head: Letterhead, language: Language, confirm_token: str, *, request: int, at: datetime
) -> EmailMessage:
    """Asks the owner of a mailbox whether it was they who asked; `request` keeps its repetitions the same mail."""
    say = words(language)
    matter = _Matter(
        subject=say("mail.confirm.subject", site=say("site.name")),
        opening=(say("mail.confirm.asked", site=say("site.name")), say("mail.confirm.what")),
        groups=(),
        act=(say("mail.confirm.act"), confirm_address(head.origin, language, confirm_token)),
        closing=(say("mail.confirm.otherwise", days=CONFIRM_WITHIN.days),),
        leave=(say("mail.confirm.not_me"), leave_address(head.origin, language, head.leave_token)),
    )
    return _message(to, head, language, matter, at, told_apart_by=f"request/{request}")


def digest_mail(
    to: str, head: Letterhead, language: Language, found: Digest, wanted: NoticeFilter, *, on: date, at: datetime
) -> EmailMessage:
    """What is new, by organ. The same news in a repetition are the same mail, by its Message-ID."""
    say = words(language)
    site, day = say("site.name"), in_words(on, language)
    count = say("mail.digest.one") if found.count == 1 else say("mail.digest.many", n=found.count)
    matter = _Matter(
        subject=say("mail.digest.subject", site=site, day=day, count=count),
        opening=(say("mail.digest.opening", day=day, chosen=filter_in_words(wanted, language)),),
        groups=tuple(_group(organ, entries, head.origin, language) for organ, entries in found.organs),
        act=None,
        closing=(say("mail.digest.names"),),
        leave=(say("mail.leave"), leave_address(head.origin, language, head.leave_token)),
    )
    return _message(to, head, language, matter, at, told_apart_by=f"digest/{on.isoformat()}")


def _group(organ: str, entries: tuple[Entry, ...], origin: str, language: Language) -> _Group:
    say = words(language)
    kinds = [told for told in Told if any(entry.told is told for entry in entries)]
    return _Group(
        organ,
        tuple(
            (
                say(f"mail.told.{told}"),
                tuple(_item(entry, origin, language) for entry in entries if entry.told is told),
            )
            for told in kinds
        ),
    )


def _item(entry: Entry, origin: str, language: Language) -> _Item:
    notice, say = entry.notice, words(language)
    closes_on, opens_on = in_words(notice.window.closes_on, language), in_words(notice.window.opens_on, language)
    if notice.standing.ended_early:
        ended_on = in_words(notice.ended_on or notice.window.closes_on, language)
        more = say("mail.ended_early", ended_on=ended_on)
    elif notice.standing is Standing.ENDED:
        more = say("mail.ended", opens_on=opens_on, closes_on=closes_on)
    else:
        more = say("mail.stands", opens_on=opens_on, closes_on=closes_on)
    if notice.open_objections:
        more += say("mail.held")
    number = say("notice.number", number=notice.number)
    return _Item(f"{notice.post_title} · {number}", f"{origin}{notice_address(notice.notice_id, language)}", more)


def _message(
    to: str, head: Letterhead, language: Language, matter: _Matter, at: datetime, *, told_apart_by: str
) -> EmailMessage:
    text = _text(matter, language)
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((words(language)("site.name"), head.sender))
    message["To"] = to
    message["Subject"] = matter.subject
    message["Date"] = format_datetime(at)
    # From what it says and to whom: sent again after a crash it is the same mail, with other news another one.
    mark = hashlib.sha256("\x1f".join((head.leave_token, told_apart_by, text)).encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{mark}@{head.host}>"
    message["List-Id"] = f"<notices.{head.host}>"
    message["List-Unsubscribe"] = f"<{matter.leave[1]}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    cte = "base64" if language == "zh" else "quoted-printable"  # seven bits and short lines pass every server
    message.set_content(text, cte=cte)
    message.add_alternative(set_page(_MAIL, language, matter=matter, origin=head.origin), subtype="html", cte=cte)
    message["Content-Language"] = LANGUAGE_TAGS[language]  # last: giving a message its parts takes such headers away
    message.policy = _WHOLE_LINES
    return message


def _text(matter: _Matter, language: Language) -> str:
    lines = [*matter.opening]
    for group in matter.groups:
        lines += [f"\n{group.heading}"]
        for heading, items in group.parts:
            lines += [f"\n  {heading}"]
            for item in items:
                lines += [f"  * {item.says}", f"    {item.more}", f"    {item.address}"]
    if matter.act:
        lines += ["", f"{matter.act[0]}", matter.act[1]]
    lines += ["", *matter.closing, "", matter.leave[0], matter.leave[1], ""]
    return "\n".join(lines)
