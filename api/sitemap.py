"""What search engines may take in: the pages that name nobody, and the notices whose pack lets them be indexed."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from api.visitor import Services
from domain.notice_filter import NoticeFilter, NoticeState
from pages.translations import LANGUAGE_TAGS
from projections.notice_list import find_notices
from projections.visible_notice import VisibleNotice

router = APIRouter(include_in_schema=False)

ADDRESSES = ("/", "/notices", "/figures", "/index", "/regimes/", "/training", "/training/reports", "/log")
"""Pages that stand for good, below the language."""

LARGEST = 25_000
"""Units: notices; a sitemap holds 50,000 addresses at most, and each notice has two."""


@router.api_route("/sitemap.xml", methods=["GET", "HEAD"])
async def sitemap(request: Request) -> Response:
    """The pages that may be indexed, each with its other language."""
    services: Services = request.app.state.services
    running = await find_notices(services.pool, NoticeFilter(state=NoticeState.OPEN), services.clock(), limit=LARGEST)
    body = sitemap_of(services.public_url, running.notices)
    return Response(body, media_type="application/xml", headers={"Cache-Control": "public, max-age=3600"})


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
async def robots(request: Request) -> Response:
    """Everybody may read; what is not to be indexed says so itself, page by page."""
    services: Services = request.app.state.services
    said = f"User-agent: *\nAllow: /\nSitemap: {services.public_url.rstrip('/')}/sitemap.xml\n"
    return Response(said, media_type="text/plain", headers={"Cache-Control": "public, max-age=3600"})


def sitemap_of(public_url: str, running: tuple[VisibleNotice, ...]) -> str:
    """The sitemap, in the order of its addresses; notices that may not be indexed are left out."""
    paths = [*ADDRESSES, *sorted(f"/notices/{found.notice_id}" for found in running if found.indexable)]
    entries = "".join(entry for path in paths for entry in _entries(public_url.rstrip("/"), path))
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {spaces}>\n{entries}</urlset>\n'


def _entries(origin: str, path: str) -> Iterator[str]:
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{escape(f"{origin}/{language}{path}")}"/>'
        for language, tag in LANGUAGE_TAGS.items()
    )
    for language in LANGUAGE_TAGS:
        yield f"<url><loc>{escape(f'{origin}/{language}{path}')}</loc>{others}</url>\n"
