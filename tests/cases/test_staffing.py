"""What is kept closely goes only where somebody may see it; what isn't may go anywhere."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.cases.conftest import Visitor
from tests.factories import Office, make_unit, make_user
from tracker.cases import service
from tracker.core.errors import Refused
from tracker.rules.workflow import Kind, Role


def test_a_denunciation_is_not_given_where_only_workers_are(office: Office, now: datetime) -> None:
    unit = make_unit("Phòng Y tế dự phòng", office.committee)
    make_user(Role.AGENCY_WORKER, unit)
    case, coordinator = office.log(now, kind=Kind.DENUNCIATION), office.viewer(Role.COORDINATOR)
    for given in ({"lead_id": unit.id}, {"lead_id": office.agency.id, "supporting_ids": [unit.id]}):
        with pytest.raises(Refused, match="chưa có ai được xem") as refusal:
            service.assign(case.id, actor=coordinator, now=now, **given)
        assert refusal.value.field == next(iter(reversed(given)))
    make_user(Role.AGENCY_HEAD, unit)
    assert service.assign(case.id, actor=coordinator, lead_id=unit.id, now=now).lead_unit_id


def test_other_cases_may_go_to_a_unit_without_people(
    office: Office, now: datetime, visit: Callable[[Role], Visitor]
) -> None:
    unit = make_unit("Phòng Y tế dự phòng", office.committee)
    visitor = visit(Role.COORDINATOR)
    for lead, is_warned in ((unit, True), (office.agency, False)):
        case = office.log(now)
        page = visitor.post(f"/cases/{case.id}/assignments", lead_id=lead.id, version=case.version)
        said = " ".join(page.select_one("#notices").text.split())
        assert ("Chưa có ai dùng hệ thống ở Phòng Y tế dự phòng" in said) is is_warned
