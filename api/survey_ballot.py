"""The ballot of a survey: a form without a script, a token or an account. Its code is typed, and stands in no address.

Nothing is logged and nothing counted but how many forms came from an address today. No form key is needed: a code
votes once, and another site's page has none.
"""

import re

from fastapi import APIRouter, Request, Response

from api.daily_limit import TooManyToday
from api.entry_sending import address_of, limit_of
from api.form_answer import told_when
from api.form_body import read_form
from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from domain.law import Language
from domain.receipt_code import NotAReceiptCode, read_receipt_code
from domain.survey import Survey, SurveyStatus
from domain.survey_ballot import Answers, AnswersNotWhole
from domain.survey_running import SurveyNotOpen
from eventstore.ballot_box import BallotBox, CodeUnknown, CodeUsed
from eventstore.survey_recording import cast_ballot, survey_of
from pages.response_headers import form_headers
from pages.survey_ballot import BallotTyped, ballot_cast_page, ballot_page, ballot_rest_page
from pages.transparency_log import moment_in_words

public = APIRouter(include_in_schema=False)
ADDRESS = "/{language}/surveys/{survey_id}/ballot"
_ID = re.compile("[0-9a-z]{12}")


@public.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show_ballot(request: Request, language: str, survey_id: str) -> Response:
    """The ballot while the survey is open; before and after it, when that is."""
    spoken, survey = language_of(language), await _survey(request, survey_id)
    if spoken is None or survey is None:
        return missing(spoken or "en")
    if survey.status is not SurveyStatus.OPEN:
        return _page(ballot_rest_page(survey, spoken), spoken)
    return _page(ballot_page(survey, BallotTyped(), spoken), spoken)


@public.post(ADDRESS)
async def send_ballot(request: Request, language: str, survey_id: str) -> Response:
    """Puts the ballot into the box, or shows the form again with what to put right."""
    spoken, survey = language_of(language), await _survey(request, survey_id)
    if spoken is None or survey is None:
        return missing(spoken or "en")
    values = (await read_form(request)).values
    choices = {asked.id: values[f"q-{asked.id}"] for asked in survey.method.questions if f"q-{asked.id}" in values}
    ticks = tuple(tick.id for tick in survey.method.ticks if values.get(f"t-{tick.id}") == "1")
    typed = BallotTyped(values.get("code", ""), choices, ticks, values.get("text", ""))
    try:
        limit_of(request.app).ballot(address_of(request))
        answers = Answers(choices=choices, ticks=ticks, text=typed.text)
        code, services = read_receipt_code(typed.code), _services(request)
        box = BallotBox(services.pool, services.keys)
        await cast_ballot(services.recorder, box, survey_id, code, answers, services.clock())
    except TooManyToday as no:
        says = {"too_often": moment_in_words(no.again_at, spoken)}
        return told_when(_again(survey, typed, spoken, "too_often", 429, says), no, request)
    except AnswersNotWhole as no:
        return _again(survey, typed, spoken, no.field or "answers")
    except (NotAReceiptCode, CodeUnknown):
        return _again(survey, typed, spoken, "code")
    except CodeUsed:
        return _again(survey, typed, spoken, "used", 409)
    except SurveyNotOpen:
        return _page(ballot_rest_page(survey, spoken), spoken, 409)
    return _page(ballot_cast_page(survey, spoken), spoken)


def _again(
    survey: Survey,
    typed: BallotTyped,
    language: Language,
    wrong: str,
    status: int = 422,
    says: dict[str, str] | None = None,
) -> Response:
    return _page(ballot_page(survey, typed, language, wrong=wrong, at=(says or {}).get(wrong, "")), language, status)


def _page(html: str, language: Language, status: int = 200) -> Response:
    return Response(html, status, form_headers(language), HTML)


async def _survey(request: Request, survey_id: str) -> Survey | None:
    if not _ID.fullmatch(survey_id):
        return None
    services = _services(request)
    return await survey_of(services.recorder, survey_id, services.clock())


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services
