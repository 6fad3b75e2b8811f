"""One cast for all tests: the offices, the officers, the people, the posts."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from domain.case_file import Post
from domain.event import PackReference
from domain.identity import Actor, CaseId, OfficerId, OrganId, PersonId, Role
from domain.pack import Pack
from eventstore.packs import reference_of
from runtime.packs import read_pack
from runtime.settings import PROJECT

CASE = CaseId("case00000001")

PERSONNEL = Actor(
    officer=OfficerId("officer-personnel"), organ=OrganId("personnel-department"), roles=(Role.PERSONNEL,)
)
SCHOOL = Actor(officer=OfficerId("officer-school"), organ=OrganId("party-school"), roles=(Role.SCHOOL,))
SUPERVISION = Actor(
    officer=OfficerId("officer-supervision"), organ=OrganId("supervision-organ"), roles=(Role.SUPERVISION,)
)
DECIDERS = Actor(officer=OfficerId("officer-secretary"), organ=OrganId("committee"), roles=(Role.DECISION_BODY,))
DISCIPLINE = Actor(
    officer=OfficerId("officer-discipline"), organ=OrganId("discipline-organ"), roles=(Role.SUPERVISION,)
)
CO_MANAGING = Actor(
    officer=OfficerId("officer-comanaging"), organ=OrganId("co-managing-organ"), roles=(Role.SUPERVISION,)
)
AUDIT = Actor(officer=OfficerId("officer-audit"), organ=OrganId("audit-office"), roles=(Role.SUPERVISION,))
MODERATOR = Actor(officer=OfficerId("officer-moderator"), organ=OrganId("moderation-desk"), roles=(Role.MODERATOR,))

CHEN = PersonId("person-chen")
LI = PersonId("person-li")

DIRECTOR = Post(
    post_id="water-bureau/director",
    title="Director of the Water Bureau",
    unit="Water Bureau",
    rank="division_and_above",
)
CLERK = Post(post_id="registry/head-clerk", title="Head Clerk", unit="Registry", rank="officer")


@cache
def pack(pack_id: str) -> Pack:
    """A pack as it is shipped."""
    return read_pack(PROJECT / "packs" / f"{pack_id}.yaml")


def reference(pack_id: str) -> PackReference:
    return reference_of(pack(pack_id))


def at(day: str, hour: int = 9, timezone: str = "Asia/Shanghai") -> datetime:
    """An instant: a civil day and an hour of it somewhere."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZoneInfo(timezone)).astimezone(UTC)
