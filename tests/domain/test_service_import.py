"""A file of the in-service register is the personnel department's to send."""

import pytest

from domain.refusal import WrongOrgan
from domain.service_import import ImportServices, ServiceImportReceived, import_services
from tests.domain.refusals import assert_whole
from tests.examples import PERSONNEL, SCHOOL


def test_that_it_came_is_recorded_with_how_many_lines_it_has() -> None:
    events = import_services("i1", ImportServices(lines=7), actor=PERSONNEL)
    assert events == [ServiceImportReceived(import_id="i1", organ=PERSONNEL.organ, lines=7)]


def test_no_school_sends_one() -> None:
    with pytest.raises(WrongOrgan) as caught:
        import_services("i1", ImportServices(lines=7), actor=SCHOOL)
    assert_whole(caught.value)
