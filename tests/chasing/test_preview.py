"""What would leave at an instant, said and not done."""

from datetime import date

from sqlalchemy import func, select

from tests.chasing.conftest import at
from tests.chasing.test_reminding import EARLY, assigned
from tests.factories import Office
from tracker.chasing.models import Reminder
from tracker.chasing.preview import preview
from tracker.chasing.service.reminding import remind
from tracker.core.db import db
from tracker.rules.workflow import Role


def test_it_names_who_would_hear_what_and_writes_nothing(office: Office) -> None:
    case = assigned(office)
    worker = office.user(Role.AGENCY_WORKER)
    assert list(preview(at(EARLY))) == [
        f"{worker.name} ({worker.login}): 1 việc",
        f"  {case.code}  Trả lời  còn 5 ngày làm việc",
    ]
    assert db.session.scalar(select(func.count()).select_from(Reminder)) == 0
    remind(at(EARLY))
    assert list(preview(at(EARLY, 9))) == ["Không có việc nào cần nhắc."]


def test_what_is_no_case_is_named_too(office: Office) -> None:
    administrator = office.user(Role.ADMINISTRATOR)
    day = at(date(2026, 10, 1))
    found = list(preview(day))
    assert found[0] == f"{administrator.name} ({administrator.login}): 1 việc"
    assert found[1].startswith("  Lịch làm việc năm sau chưa có  Nhập lịch nghỉ, làm bù  ")
    remind(day)
    assert list(preview(day)) == ["Không có việc nào cần nhắc."]
