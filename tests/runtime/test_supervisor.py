"""The supervisor's promises, shown with small processes of its own."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.child import Child, StartFailed
from runtime.supervisor import Supervisor, only_one, supervised

PATIENCE_SECONDS = 60.0
WAITS = "import signal; print('up', flush=True); signal.pause()"
STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\nwhile True: signal.pause()"


@contextlib.asynccontextmanager
async def a_supervisor(folder: Path) -> AsyncIterator[tuple[Supervisor, "asyncio.Queue[str]"]]:
    told: asyncio.Queue[str] = asyncio.Queue()
    async with supervised(folder / "logs", told.put_nowait) as supervisor:
        yield supervisor, told


def python_child(name: str, code: str, folder: Path) -> Child:
    log = folder / "logs" / f"{name}.log"

    async def has_spoken() -> bool:
        return log.exists() and log.read_text().endswith("up\n")

    return Child(name, (sys.executable, "-c", code), dict(os.environ), ready=has_spoken)


async def becomes_true(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.01)


def is_alive(process_id: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return False


async def test_killed_child_is_started_again(tmp_path: Path) -> None:
    async with a_supervisor(tmp_path) as (supervisor, told):
        await supervisor.start(python_child("clerk", WAITS, tmp_path))
        first = supervisor.process_id("clerk")
        os.kill(first, signal.SIGKILL)
        assert await asyncio.wait_for(told.get(), PATIENCE_SECONDS) == "clerk ended (SIGKILL); starting it again"
        await becomes_true(lambda: supervisor.process_id("clerk") != first)
        assert is_alive(supervisor.process_id("clerk"))


async def test_child_that_ends_by_itself_is_started_again_each_time(tmp_path: Path) -> None:
    async with a_supervisor(tmp_path) as (supervisor, told):
        brief = Child("brief", (sys.executable, "-c", "import time; time.sleep(0.2)"), dict(os.environ))
        await supervisor.start(brief)
        for _ in range(2):
            sentence = await asyncio.wait_for(told.get(), PATIENCE_SECONDS)
            assert sentence == "brief ended (exit status 0); starting it again"


async def test_nothing_is_left_after_the_stop(tmp_path: Path) -> None:
    async with a_supervisor(tmp_path) as (supervisor, told):
        await supervisor.start(python_child("first", WAITS, tmp_path), python_child("second", WAITS, tmp_path))
        processes = [supervisor.process_id(name) for name in ("first", "second")]
    assert not any(is_alive(process) for process in processes)
    assert told.empty(), "a stop that was asked for is not reported as an end"


async def test_latest_stage_stops_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    speaks = (
        "import signal, sys\n"
        f"def end(*_): open({str(order)!r}, 'a').write(sys.argv[1] + ' '); sys.exit()\n"
        "signal.signal(15, end); print('up', flush=True); signal.pause()"
    )
    async with a_supervisor(tmp_path) as (supervisor, _):
        for name in ("database", "engine", "api"):
            child = python_child(name, speaks, tmp_path)
            await supervisor.start(replace(child, command=(*child.command, name)))
    assert order.read_text() == "api engine database "


async def test_child_that_ignores_the_stop_is_killed_after_its_grace(tmp_path: Path) -> None:
    async with a_supervisor(tmp_path) as (supervisor, _):
        await supervisor.start(replace(python_child("stubborn", STUBBORN, tmp_path), grace_seconds=0.2))
        process = supervisor.process_id("stubborn")
    assert not is_alive(process)


async def test_hurry_does_not_wait_for_the_grace(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), a_supervisor(tmp_path) as (supervisor, _):
        await supervisor.start(replace(python_child("stubborn", STUBBORN, tmp_path), grace_seconds=600))
        supervisor.hurry()


async def test_start_that_cannot_succeed_says_the_last_words(tmp_path: Path) -> None:
    async with a_supervisor(tmp_path) as (supervisor, _):
        broken = python_child("broken", "raise SystemExit('no such pack')", tmp_path)
        with pytest.raises(StartFailed, match=r"(?s)broken ended 5 times.*no such pack"):
            await supervisor.start(broken)


async def test_single_run_that_fails_says_the_last_words(tmp_path: Path) -> None:
    async with a_supervisor(tmp_path) as (supervisor, _):
        migrate = python_child("migrate", "raise SystemExit('relation is missing')", tmp_path)
        with pytest.raises(StartFailed, match=r"(?s)migrate failed \(exit status 1\).*relation is missing"):
            await supervisor.run_once(migrate)


async def test_program_that_is_missing_is_named(tmp_path: Path) -> None:
    async with a_supervisor(tmp_path) as (supervisor, _):
        with pytest.raises(StartFailed, match="absent could not be started"):
            await supervisor.start(Child("absent", (str(tmp_path / "absent"),), {}))


def test_second_supervisor_on_a_folder_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(StartFailed, match="already runs on the folder"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
async def test_killed_supervisor_takes_its_children_with_it(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys\n"
        "from runtime.child import Child\n"
        "from runtime.supervisor import supervised\n"
        "async def main():\n"
        f"    async with supervised(pathlib.Path({str(tmp_path)!r}), print) as supervisor:\n"
        f"        await supervisor.start(Child('stubborn', (sys.executable, '-c', {STUBBORN!r}), {{}}))\n"
        "        print(supervisor.process_id('stubborn'), flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    orphan = int(await asyncio.wait_for(parent.stdout.readline(), PATIENCE_SECONDS))
    assert is_alive(orphan)
    parent.kill()
    await parent.wait()
    await becomes_true(lambda: not is_alive(orphan))
