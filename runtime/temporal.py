"""The one wiring to the engine that worker, relay, tests and the demonstration share."""

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.case_following import CaseFollowing
from activities.stream_following import StreamFollowing
from runtime.settings import Settings
from workflows.appointment import AppointmentWorkflow
from workflows.durable_names import TASK_QUEUE
from workflows.joint_meeting import JointMeetingWorkflow
from workflows.organ_request import OrganRequestWorkflow
from workflows.problem import ProblemWorkflow
from workflows.supervision_watch import SupervisionWatchWorkflow
from workflows.survey import SurveyWorkflow

WORKFLOWS: tuple[type, ...] = (
    *(AppointmentWorkflow, ProblemWorkflow, JointMeetingWorkflow, OrganRequestWorkflow),
    *(SurveyWorkflow, SupervisionWatchWorkflow),
)
"""Everything that a worker follows, and that is replayed before a release."""

ENCODING = b"binary/investiture-aes-gcm"
NONCE_BYTES = 12


class SealedPayloads(PayloadCodec):
    """Payloads carry ids and versions only, and are sealed all the same: the engine's operators need not read them."""

    def __init__(self, key: bytes):
        self._cipher = AESGCM(key)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._seal(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, payload.SerializeToString(), ENCODING)
        return Payload(metadata={"encoding": ENCODING}, data=sealed)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._open(payload) for payload in payloads]

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        plain = self._cipher.decrypt(payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:], ENCODING)
        return Payload.FromString(plain)


def data_converter(payload_key: bytes) -> DataConverter:
    """How values travel through the engine, and the sentences of errors, which may quote what nobody foresaw."""
    return replace(
        pydantic_data_converter,
        payload_codec=SealedPayloads(payload_key),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


@cache
def engine_library() -> Runtime:
    """The engine's library, which speaks through our logging and never onto a command's output."""
    heard = LogForwardingConfig(logger=logging.getLogger("temporal"))
    library = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"), forwarding=heard)
    return Runtime(telemetry=TelemetryConfig(logging=library))


async def connect(settings: Settings, payload_key: bytes) -> Client:
    """A connection to the engine.

    Refuses: RuntimeError, when it cannot be reached.
    """
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(payload_key),
        runtime=engine_library(),
    )


def sandbox() -> SandboxedWorkflowRunner:
    """Runs workflows where they cannot reach a clock, chance or the network."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(
        "domain", "eventstore", "activities", "pydantic"
    )
    return SandboxedWorkflowRunner(restrictions=restrictions)


def appointment_worker(
    client: Client,
    following: CaseFollowing,
    *,
    sandboxed: bool = False,
    cached_cases: int = 1000,
) -> Worker:
    """A worker for cases and for what stands beside them.

    Tests run it sandboxed, which catches what is not deterministic; production does not.
    """
    beside = StreamFollowing(following.recorder, following.ahead)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=[
            *(following.read_case, following.let_timer_run_out),
            *(beside.read_stream, beside.let_stream_timer_run_out),
        ],
        workflow_runner=sandbox() if sandboxed else UnsandboxedWorkflowRunner(),
        max_cached_workflows=cached_cases,
        # How long a case waits for the worker that last had it, when that one was killed.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=5),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )
