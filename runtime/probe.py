"""Whether a container's process could do its work now: what each one needs answers.

Used by the health checks of docker-compose.yml: `python -m runtime.probe <process>`.
"""

import asyncio
import sys

from runtime.settings import Settings, load_settings

PATIENCE_SECONDS = 4.0


async def api(settings: Settings) -> None:
    """The API says itself that it is ready."""
    import httpx2

    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as client:
        (await client.get(f"http://127.0.0.1:{settings.port}/readyz")).raise_for_status()


async def projector(settings: Settings) -> None:
    """The log answers."""
    import asyncpg

    password = settings.database_password.get_secret_value() if settings.database_password else None
    connection = await asyncpg.connect(settings.database_url, password=password, timeout=PATIENCE_SECONDS)
    await connection.close()


async def relay(settings: Settings) -> None:
    """The log and the engine answer."""
    from temporalio.client import Client

    await projector(settings)
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    if not await client.service_client.check_health():
        raise ConnectionError(f"the engine at {settings.temporal_address} is not serving")


PROBES = {"api": api, "worker": relay, "projector": projector, "publisher": projector, "relay": relay}


def main(process: str) -> int:
    """Zero when the process could do its work; otherwise the reason is printed."""
    try:
        asyncio.run(asyncio.wait_for(PROBES[process](load_settings()), PATIENCE_SECONDS))
    except Exception as reason:
        print(f"{process}: {type(reason).__name__}: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
