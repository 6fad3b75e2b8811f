"""Cases about whose notice something is sent in, and the occasion on which it is."""

from datetime import datetime
from typing import Any

from domain.appointment import Case
from domain.attachment import FileAttachment
from domain.case_opening import WithdrawCase
from domain.identity import PUBLIC, Actor
from domain.occasion import Occasion
from domain.pack import Pack
from domain.public_notice import OpenPublicNotice
from runtime.calendars import calendar_for
from tests.examples import PERSONNEL, at, pack
from tests.lives import at_stage, run_out
from tests.spec import Story

START = at("2026-03-02")
LATER = at("2026-03-20")
HASH = "5e" * 32


def noticed(pack_id: str = "standard") -> Story:
    return at_stage(pack_id, "public_notice", START).when(OpenPublicNotice(), PERSONNEL, START)


def not_yet_noticed() -> Case:
    return at_stage("standard", "public_notice", START).case


def past_its_notice() -> Case:
    return run_out(noticed(), "public_notice").case


def withdrawn() -> Case:
    return noticed().when(WithdrawCase(reason="The post was given up for good."), PERSONNEL, START).case


def on(actor: Actor = PUBLIC, at: datetime = START, law: Pack | None = None, command_id: str = "command-1") -> Occasion:
    return Occasion(at, actor, law or pack("standard"), calendar_for("GB-ENG"), command_id, "Europe/London")


def taking(**rules: Any) -> Pack:
    """`standard` with other rules of taking part."""
    law = pack("standard")
    changed = {
        name: getattr(law.taking_part, name).model_copy(update={"value": value}) for name, value in rules.items()
    }
    return law.model_copy(update={"taking_part_rules": law.taking_part.model_copy(update=changed)})


def a_file(**said: Any) -> FileAttachment:
    whole = {"kind": "objection", "file_name": "note.png", "media_type": "image/png", "content": "aGVsbG8="}
    return FileAttachment.model_validate(whole | said)
