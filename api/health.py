"""Whether this process lives, whether it is ready, and what it counts."""

import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from api.answers import JSON
from api.visitor import Services
from projections.reading import AWAY, positions, standings

router = APIRouter(include_in_schema=False)

LOG_SIZE = Gauge("investiture_log_events", "Events in the log")
BEHIND = Gauge("investiture_events_behind", "Events that a reader of the log has not seen yet", ["reader"])
READABLE = Gauge("investiture_log_readable", "1 when the log could be read just now")


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers."""
    return Response(b'{"alive":true}', media_type=JSON)


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """The log can be read, packs are adopted, and the read models are being kept up to date."""
    services: Services = request.app.state.services
    try:
        size = await services.store.size()
        found = await standings(services.pool)
    except AWAY as problem:
        return Response(orjson.dumps({"ready": False, "why": str(problem)}), 503, media_type=JSON)
    behind = {projection.name: size - 1 - projection.position for projection in found}
    stopped = {projection.name: projection.problem for projection in found if projection.problem}
    ready = size > 0 and not stopped
    body = {"ready": ready, "log_size": size, "behind": behind, "stopped": stopped}
    return Response(orjson.dumps(body), 200 if ready else 503, media_type=JSON)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus figures; no address, no name, no id in any of them."""
    services: Services = request.app.state.services
    try:
        size = await services.store.size()
        LOG_SIZE.set(size)
        for reader, position in (await positions(services.pool)).items():
            BEHIND.labels(reader).set(size - 1 - position)
    except AWAY:
        READABLE.set(0)
    else:
        READABLE.set(1)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
