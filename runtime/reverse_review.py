"""Opens the reverse reviews that are due: a sanction, a failed probation or lapsed training brings the case back.

A record that a verification counted and that was corrected since does too, or holds the case until the letter is out.

One way only: what the read model says is due and missing is opened under an id that cause and case give. So it does
not matter who dies when: until the opening is in the log it is found missing again, and a second one is the same one.
"""

from collections.abc import Callable
from datetime import datetime

import asyncpg

from domain.identity import SYSTEM, CandidateId, CaseId
from domain.inquiry import OpenReverseReview, inquiry_id_of, reverse_review_command_id
from domain.refusal import CaseIsSuspended
from domain.training_doubt import DoubtTraining
from eventstore.contention import TooBusy
from eventstore.inquiry_recording import record_inquiry
from eventstore.patience import rest
from projections.inquiry import DueReview, due_reviews
from runtime.clock import now
from runtime.connections import House

RETRY_SECONDS = 1.0
DATABASE_AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError)


class ReverseReviews:
    """Sees to it that every reverse review that is due is opened."""

    def __init__(self, house: House, clock: Callable[[], datetime] = now):
        self._house = house
        self._clock = clock

    async def run(self, report: Callable[[str], None]) -> None:
        """Opens what is due whenever the log has grown, until cancelled."""
        while True:
            try:
                async for _ in self._house.store.news():
                    if opened := await self.sweep():
                        report(f"reverse reviews opened: {opened}")
            except (*DATABASE_AWAY, TooBusy) as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def sweep(self) -> int:
        """Opens everything that is due; gives how many were opened now.

        Idempotent by: the command id, from cause and case.
        """
        return sum([await self._open(due) for due in await due_reviews(self._house.pool)])

    async def _open(self, due: DueReview) -> bool:
        case_id = CaseId(due.case_id)
        if due.to_hold is not None:
            return await self._hold(case_id, CandidateId(due.to_hold), due)
        kept = await record_inquiry(
            self._house.recorder,
            case_id,
            inquiry_id_of(case_id, due.because_of),
            OpenReverseReview.model_validate({"cause": due.cause, "because_of": due.because_of}),
            actor=SYSTEM,
            command_id=reverse_review_command_id(case_id, due.because_of),
            at=self._clock(),
        )
        return bool(kept.events) and not kept.repeated

    async def _hold(self, case_id: CaseId, candidate: CandidateId, due: DueReview) -> bool:
        """A case without a letter yet is held; one that rests is held once it goes on."""
        command_id = reverse_review_command_id(case_id, due.because_of)
        command = DoubtTraining(candidate_id=candidate, because_of=due.because_of)
        try:
            receipt = await self._house.recorder.record(
                case_id, command, actor=SYSTEM, command_id=command_id, at=self._clock()
            )
        except CaseIsSuspended:
            return False
        return bool(receipt.events) and not receipt.repeated
