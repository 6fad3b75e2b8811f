"""Whether this process lives, whether it is ready, and what it counts."""

import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from api.answers import JSON
from api.transparency_log import alarm_of
from api.visitor import Services
from projections.reading import AWAY, positions, standings
from projections.webhook import webhooks_by_state

router = APIRouter(include_in_schema=False)

LOG_SIZE = Gauge("investiture_log_events", "Events in the log")
BEHIND = Gauge("investiture_events_behind", "Events that a reader of the log has not seen yet", ["reader"])
PUBLISHED = Gauge("investiture_log_published_events", "Events that a published checkpoint was signed for")
COSIGNED = Gauge("investiture_log_cosigned_events", "Events that the witness has cosigned")
ALARM = Gauge("investiture_log_alarm", "1 while an alarm of the public log stands")
WEBHOOKS = Gauge("investiture_webhooks", "Webhooks by how they stand: active, failing, disabled", ["state"])
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
    if alarm := alarm_of(request.app):  # the service goes on; somebody must look all the same
        body["log_alarm"] = alarm
    return Response(orjson.dumps(body), 200 if ready else 503, media_type=JSON)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus figures; no address, no name, no id in any of them."""
    services: Services = request.app.state.services
    said = request.app.state.log_standing.of(services.public_log)
    PUBLISHED.set(said.get("size", 0))
    COSIGNED.set(said.get("cosigned_size", 0))
    ALARM.set(1 if said.get("alarm") else 0)
    try:
        size = await services.store.size()
        LOG_SIZE.set(size)
        for reader, position in (await positions(services.pool)).items():
            BEHIND.labels(reader).set(size - 1 - position)
        for state, webhooks in (await webhooks_by_state(services.pool)).items():
            WEBHOOKS.labels(state).set(webhooks)
    except AWAY:
        READABLE.set(0)
    else:
        READABLE.set(1)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
