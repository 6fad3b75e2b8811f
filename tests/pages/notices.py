"""The cast of notices that the tests of the pages show."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.law import Citation, Confidence, Text
from domain.working_days import Counting, Period, Unit, Window, due
from projections.visible_notice import (
    Change,
    NoticeCandidate,
    NoticeVersion,
    Objections,
    PublicNotice,
    VisibleNotice,
    visible,
)
from runtime.calendars import calendar_for

PUBLIC_URL = "https://gazette.example.org"
OPENED_ON = date(2026, 9, 30)
WHILE_OPEN = date(2026, 10, 9)
LAST_DAY = date(2026, 10, 13)
AFTERWARDS = date(2026, 11, 22)

_REGULATIONS_2019 = Text(
    en="Regulations on the Selection and Appointment of Party and Government Leading Cadres (2019)",
    zh="《党政领导干部选拔任用工作条例》（2019年）",
)
_OWN_RULES = Text(en="Rules of this service", zh="本服务的规则")


def working_days(jurisdiction: str, opens_on: date, n: int) -> Window:
    """A window of working days after the opening day."""
    return due(calendar_for(jurisdiction), opens_on, Period(n=n, unit=Unit.WORKING_DAY), Counting.EXCLUSIVE)


def citation(confidence: Confidence, *, article: str = "", says: Text | None = None) -> Citation:
    """A rule of which we are as sure as is said."""
    own = confidence is Confidence.OWN_CHOICE
    return Citation(
        rule="notice.minimum",
        pack="cn.sr2019@1",
        says=says or Text(en="The notice stands for not less than 5 working days.", zh="公示期不少于5个工作日。"),
        instrument=_OWN_RULES if own else _REGULATIONS_2019,
        article=article,
        in_force_from=None if own else date(2019, 3, 3),
        confidence=confidence,
    )


CHINESE = PublicNotice(
    notice_id="n7q2m5xk4w",
    number="2026/153",
    case_id="c4k8t2v9zr",
    post_title="市水务局局长",
    unit="临河市水务局",
    rank=Text(en="County and division level, chief", zh="县处级正职"),
    pack=Text(
        en="Selection and appointment of leading cadres in China (2019)", zh="中国党政领导干部选拔任用（2019年条例）"
    ),
    pack_reference="cn.sr2019@1#6f1e0c2b",
    jurisdiction="CN",
    timezone="Asia/Shanghai",
    opened_on=OPENED_ON,
    window=working_days("CN", OPENED_ON, 5),
    candidates=(
        NoticeCandidate(
            candidate_id="p3d9f",
            shown=(
                ("full_name", "龑文澜"),
                ("sex", "女"),
                ("birth_year_month", "1978-05"),
                ("education", "大学，工学学士"),
                ("party", "中共党员"),
                ("present_post", "临河市水务局副局长"),
                (
                    "results",
                    "主持完成老城区供水管网改造，三年间管网漏损率由百分之十九降至百分之九。\n建立河道巡查公开制度。",
                ),
                ("integrity_statement", "个人有关事项报告与核查结果一致，未收到需要查核的信访举报。"),
            ),
        ),
    ),
    rules=(
        citation(Confidence.CONFIRMED, article="第四十二条"),
        citation(
            Confidence.EARLIER_TEXT,
            article="第四十二条",
            says=Text(
                en="What the notice says must be true, accurate and easy to supervise.",
                zh="公示内容应当真实准确，便于监督。",
            ),
        ),
        citation(
            Confidence.OWN_CHOICE,
            says=Text(en="The opening day of the notice is not counted.", zh="公示首日不计入公示期。"),
        ),
    ),
    objections_to=Text(
        en="Supervision organ of Linhe City\n12 Binhe Road, Linhe\nTelephone 12380",
        zh="临河市监督机关\n临河市滨河路12号\n电话：12380",
    ),
    position=153,
    hash="3f0a8d5c94b1e27760d1f4ab83c95e02b7d648f1a05c3e9d72861fb40ce95a17",
    versions=(NoticeVersion(1, Change.OPENED, OPENED_ON, 153, "3f0a8d5c94b1e27760d1f4ab83c95e02"),),
)

ENGLISH = PublicNotice(
    notice_id="k2h6w8s3pd",
    number="2026/171",
    case_id="c9m1x7b5qe",
    post_title="Chair of the Harbour Safety Board",
    unit="Department of Ports and Coastal Waters",
    rank=Text(en="Board chair", zh="委员会主席"),
    pack=Text(en="Standard procedure", zh="标准程序"),
    pack_reference="standard@1#c81d20e4",
    jurisdiction="GB-ENG",
    timezone="Europe/London",
    opened_on=date(2026, 10, 5),
    window=working_days("GB-ENG", date(2026, 10, 5), 10),
    candidates=(
        NoticeCandidate("a1", (("full_name", "Marian Oduya"), ("present_post", "Harbour master, Saltmouth"))),
        NoticeCandidate("b2", (("full_name", "Thomas Eddlestone"), ("present_post", "Marine accident inspector"))),
    ),
    rules=(
        citation(
            Confidence.OWN_CHOICE,
            says=Text(en="The notice stands for not less than 10 working days.", zh="公示期不少于10个工作日。"),
        ),
    ),
    objections_to=Text(
        en="Office of the Supervisor of Appointments\nQuay House, Saltmouth", zh="任用监督办公室\n索尔特茅斯码头楼"
    ),
    objections=Objections(lodged=1, open=1),
    position=171,
    hash="b1946ac92492d2347c6235b4d2611184f9a2c3d0e7b8615a4c3d2e1f0a9b8c7d",
    versions=(NoticeVersion(1, Change.OPENED, date(2026, 10, 5), 171, "b1946ac92492d2347c6235b4d2611184"),),
)

PROVISIONAL = replace(CHINESE, notice_id="z9y8x7", number="2027/4", window=working_days("CN", date(2027, 2, 1), 7))


def forgotten(notice: PublicNotice) -> PublicNotice:
    """The notice after everybody in it was forgotten."""
    return replace(notice, candidates=tuple(replace(candidate, shown=()) for candidate in notice.candidates))


def corrected(notice: PublicNotice) -> PublicNotice:
    """The notice after its post and then a name in it were put right."""
    first = notice.versions[0]
    later = (
        NoticeVersion(2, Change.RECOUNTED, date(2026, 10, 7), 160, "aa" * 32),
        NoticeVersion(
            3, Change.CORRECTED, date(2026, 10, 8), 161, "bb" * 32, "The name had a wrong character.", "full_name"
        ),
    )
    return replace(notice, versions=(first, *later))


def on(notice: PublicNotice, day: date) -> VisibleNotice:
    """What anybody may read of a notice at noon of a day."""
    return visible(notice, datetime.combine(day, time(12), ZoneInfo(notice.timezone)))


def held(notice: PublicNotice, by: int) -> PublicNotice:
    """The notice with so many objections that wait."""
    return replace(notice, objections=Objections(lodged=by, open=by))
