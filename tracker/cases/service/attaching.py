"""Files put to a case, and taken away from it: their content stays in the storage."""

from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from tracker.cases import files, queries, story
from tracker.cases.models import Answer, Attachment, Case, StoredFile
from tracker.cases.service.step import record, written
from tracker.core import content, preview
from tracker.core.clock import local_date
from tracker.core.db import db, is_sqlite, new_id, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.core.preview import Verdict
from tracker.core.storage import digest_of, storage
from tracker.rules.labels import mark as _m
from tracker.units.queries import Viewer

_REASONS = {
    Verdict.DAMAGED: _m("Tệp bị hỏng, không đọc được; hãy mở ra xem lại rồi gửi bản lành."),
    Verdict.TOO_LARGE: _m("Ảnh quá lớn: tối đa 80 triệu điểm ảnh."),
    Verdict.LOCKED: _m("Tệp PDF có mật khẩu; hãy bỏ mật khẩu rồi gửi lại."),
    Verdict.ACTIVE: _m("Tệp có mã lệnh bên trong; không nhận vì an toàn."),
}


def attach(
    case_id: UUID,
    *,
    actor: Viewer,
    file: IO[bytes],
    name: str,
    now: datetime,
    answer_id: UUID | None = None,
) -> Attachment:
    """Puts `file` to a case, or to one of its answers; `name` is what it was called.

    The same content sent to the same place again gives the file that is there. Raises Refused
    for what isn't taken in.
    """
    _permit(actor, case_id, "case:attach")
    found = content.recognise(file)
    name = content.shown_name(name, found)
    picture = _looked_at(file, found.media_type) if found.media_type in files.PREVIEWED else None
    digest, size = digest_of(file)
    # First the content, then the rows: what fails between leaves a content that nobody names.
    storage().put(digest, file)
    if picture is not None:
        files.keep_preview(digest, picture)
    with transaction():
        case = _locked(actor, case_id)
        _belongs(answer_id, case)
        if (there := _there(case_id, answer_id, digest)) is not None:
            return there
        _know(digest, size, found.media_type, now)
        attachment = Attachment(
            id=new_id(),
            case_id=case_id,
            answer_id=answer_id,
            digest=digest,
            name=name,
            user_id=actor.user_id,
            unit_id=actor.unit_id,
            recorded_at=now,
        )
        db.session.add(attachment)
        record(case, "attach", story.reportable(case), actor, local_date(now), now, name)
    return attachment


def detach(file_id: UUID, *, actor: Viewer, reason: str, now: datetime) -> Case:
    """Takes a file away from its case; the story says which, who and why."""
    reason = written(reason, "reason", _("Hãy ghi lý do gỡ tệp."))
    found = files.find(actor, file_id)
    if found is None:
        raise NotAllowed(_("Không tìm thấy tệp."))
    with transaction():
        case = _locked(actor, found[0].case_id)
        attachment = db.session.get_one(Attachment, file_id, populate_existing=True)
        if not files.may_remove(actor, attachment.user_id):
            raise NotAllowed(_("Chỉ người đã gửi tệp hoặc điều phối viên được gỡ tệp này."))
        if attachment.removed_at is None:
            attachment.removed_at = now
            said = f"{attachment.name}\n{reason}"
            record(case, "detach", story.reportable(case), actor, local_date(now), now, said)
    return case


def _permit(actor: Viewer, case_id: UUID, permission: str) -> None:
    if queries.find(actor, case_id) is None:
        raise NotAllowed(_("Không tìm thấy vụ việc."))
    if not actor.may(permission):
        raise NotAllowed(_("Bạn không có quyền làm việc này."))


def _locked(actor: Viewer, case_id: UUID) -> Case:
    case = queries.find(actor, case_id, for_update=True)
    if case is None:
        raise NotAllowed(_("Không tìm thấy vụ việc."))
    return case


def _looked_at(file: IO[bytes], media_type: str) -> bytes:
    """The preview of `file`, which proves that it can be read."""
    verdict, picture = preview.make(file, media_type)
    if verdict is not Verdict.FINE:
        raise Refused(_(_REASONS[verdict]), content.FIELD)
    return picture


def _belongs(answer_id: UUID | None, case: Case) -> None:
    if answer_id is None:
        return
    answer = db.session.get(Answer, answer_id)
    if answer is None or answer.case_id != case.id:
        raise Refused(_("Hãy chọn một mục trong danh sách."), "answer_id")


def _there(case_id: UUID, answer_id: UUID | None, digest: str) -> Attachment | None:
    return db.session.scalars(
        select(Attachment).where(
            Attachment.case_id == case_id,
            Attachment.answer_id == answer_id,
            Attachment.digest == digest,
            Attachment.removed_at.is_(None),
        )
    ).first()


def _know(digest: str, size: int, media_type: str, now: datetime) -> None:
    # Two cases may be sent the same new content at once: the second finds the first's row.
    insert = sqlite_insert if is_sqlite() else postgresql_insert
    row = {"digest": digest, "size": size, "media_type": media_type, "stored_at": now}
    db.session.execute(insert(StoredFile).values(**row).on_conflict_do_nothing())
