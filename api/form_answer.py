"""How forms of the public are answered: pages that nothing keeps, and problems in the reader's own language."""

from fastapi import FastAPI, Request, Response

from api.attachment import AttachmentRefused
from api.daily_limit import TooManyToday
from api.entry_sending import Sent, address_of
from api.form_body import FormBody, FormUnreadable, FromElsewhere
from api.problem import problem as problem_document
from api.public_notice import HTML, language_of
from api.visitor import Services
from api.writing import API
from domain.law import Language
from domain.refusal import Refusal
from pages.entry_form import FieldError
from pages.public_notice import problem_page
from pages.response_headers import taking_headers
from pages.translations import TRANSLATIONS, words
from pages.transparency_log import moment_in_words

ELSEWHERE = "This was sent by another site's page. Send it from a page of this service, or from a program."


def page(html: str, language: Language, status: int = 200) -> Response:
    """A page of taking part, which nothing keeps."""
    return Response(html, status, taking_headers(language), HTML)


def form_problem(kind: str, language: Language, status: int, **facts: object) -> Response:
    """What went wrong with a form as a whole, in one sentence, and one way on."""
    say = words(language)
    title, sentence, next_step = (say(f"entry.{kind}.{part}", **facts) for part in ("title", "sentence", "next"))
    return page(problem_page(language, title, sentence, next_step), language, status)


def install_forms(app: FastAPI) -> None:
    """Has the app answer a form that cannot be read, or that comes too often, in words."""

    @app.exception_handler(FromElsewhere)
    async def _from_elsewhere(request: Request, _: FromElsewhere) -> Response:
        if request.url.path.startswith(API):
            return problem_document(403, "sent_from_elsewhere", "Sent from another site", ELSEWHERE)
        return form_problem("refused_site", _language(request), 403)

    @app.exception_handler(FormUnreadable)
    async def _unreadable(request: Request, _: FormUnreadable) -> Response:
        return form_problem("unreadable", _language(request), 400)

    @app.exception_handler(TooManyToday)
    async def _too_many(request: Request, no: TooManyToday) -> Response:
        again_at = moment_in_words(no.again_at, _language(request))
        if request.url.path.startswith(API):
            detail = f"As much was sent as can be in a day. Send it again after {again_at}, or write, call or come."
            answer = problem_document(429, "too_many_today", "Too many for today", detail)
        else:
            answer = form_problem("too_many", _language(request), 429, at=again_at)
        return told_when(answer, no, request)


def told_when(answer: Response, no: TooManyToday, request: Request) -> Response:
    """An answer that says after how many seconds it is worth asking again."""
    services: Services = request.app.state.services
    seconds = (no.again_at - services.clock()).total_seconds()
    answer.headers["Retry-After"] = str(max(1, int(seconds) + 1))
    return answer


def sent_in(request: Request, body: FormBody) -> Sent:
    """What came with a form beside what it says."""
    return Sent(body.values.get("form", ""), body.values.get("work", ""), body.files, address_of(request))


def in_words(refusal: Refusal, language: Language) -> FieldError:
    """A refusal as the reader of a form understands it, at the field that it is about."""
    if isinstance(refusal, AttachmentRefused):
        return FieldError("files", words(language)(f"entry.file.{refusal.facts['reason']}", **refusal.facts))
    key = f"entry.error.{refusal.name}"
    return FieldError("", words(language)(key if key in TRANSLATIONS else "entry.error.refused"))


def _language(request: Request) -> Language:
    return language_of(str(request.path_params.get("language", "en"))) or "en"
