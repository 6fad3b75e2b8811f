"""The files that pages need, from this host and no other."""

from fastapi import APIRouter, Response

from api.problem import NotFound
from pages.response_headers import STATIC_HEADERS
from pages.static_files import STATIC_FILES

router = APIRouter(include_in_schema=False)


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
async def static_file(name: str) -> Response:
    """A style sheet or a seal; pages name each with the hash of its content, so it may be kept for ever."""
    file = STATIC_FILES.get(name)
    if file is None:
        raise NotFound(f"There is no file “{name}” here.")
    return Response(file.content, media_type=file.media_type, headers=dict(STATIC_HEADERS))
