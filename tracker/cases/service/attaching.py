"""Files put to a case, and taken away from it: their content stays in the storage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from tracker.cases import acting, files, queries, story
from tracker.cases.models import Answer, Attachment, Case, StoredFile
from tracker.cases.service.step import record, written
from tracker.core import content, preview
from tracker.core.clock import local_date
from tracker.core.db import db, is_sqlite, new_id, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.core.preview import Verdict
from tracker.core.storage import digest_of, storage
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import clean
from tracker.units.queries import Viewer

MOST_FILES = 10
BYTES_OF_A_MEGABYTE = 1024 * 1024

_REASONS = {
    Verdict.DAMAGED: _m("Tệp bị hỏng, không đọc được; hãy mở ra xem lại rồi gửi bản lành."),
    Verdict.TOO_LARGE: _m("Ảnh quá lớn: tối đa 80 triệu điểm ảnh."),
    Verdict.LOCKED: _m("Tệp PDF có mật khẩu; hãy bỏ mật khẩu rồi gửi lại."),
    Verdict.ACTIVE: _m("Tệp có mã lệnh bên trong; không nhận vì an toàn."),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was found fit to be taken in. picture: its preview, None for a type without."""

    file: IO[bytes]
    name: str
    digest: str
    size: int
    media_type: str
    picture: bytes | None


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
    permit(actor, case_id, "case:attach")
    taken = examined(file, name)
    keep(taken)
    with transaction():
        case = _locked(actor, case_id)
        _belongs(answer_id, case, actor)
        if (there := _there(case_id, answer_id, taken.digest)) is not None:
            return there
        unit_id = acting.unit_for("attach", case, actor)
        attachment = put(taken, case_id, answer_id, actor, unit_id, now)
        record(case, "attach", story.reportable(case), actor, local_date(now), now, taken.name)
    return attachment


def take_in(given: Sequence[tuple[IO[bytes], str]]) -> list[Taken]:
    """Takes files with their names into the storage, all of them or none: rows name them later.

    The same content twice is one. Raises Refused beside `files` with what is wrong with which.
    """
    if len(given) > MOST_FILES:
        raise Refused(_("Mỗi lần tối đa %(most)s tệp.", most=MOST_FILES), "files")
    taken: dict[str, Taken] = {}
    wrong = []
    for file, name in given:
        try:
            found = examined(file, name)
        except Refused as refusal:
            wrong.append(f"{clean(name)}: {refusal.reason}")
        else:
            taken.setdefault(found.digest, found)
    if wrong:
        raise Refused(" ".join(wrong), "files")
    for each in taken.values():
        keep(each)
    return list(taken.values())


def attach_within(case: Case, taken: Sequence[Taken], actor: Viewer, now: datetime) -> None:
    """Puts what `take_in` took to a case that the actor works on, inside the caller's transaction.

    What is there already isn't put there again.
    """
    for each in taken:
        if _there(case.id, None, each.digest) is None:
            put(each, case.id, None, actor, acting.unit_for("attach", case, actor), now)
            record(case, "attach", story.reportable(case), actor, local_date(now), now, each.name)


def put(
    taken: Taken,
    case_id: UUID,
    answer_id: UUID | None,
    actor: Viewer,
    unit_id: UUID | None,
    now: datetime,
) -> Attachment:
    """The row of a file that was taken in for a unit, inside the caller's transaction."""
    know(taken, now)
    attachment = Attachment(
        id=new_id(),
        case_id=case_id,
        answer_id=answer_id,
        digest=taken.digest,
        name=taken.name,
        user_id=actor.user_id,
        unit_id=unit_id,
        recorded_at=now,
    )
    db.session.add(attachment)
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
        if not files.may_remove(actor, case, attachment.user_id):
            raise NotAllowed(
                _(
                    "Chỉ người đã gửi tệp hoặc điều phối viên được gỡ tệp này; vụ việc đã kết thúc"
                    " thì chỉ điều phối viên."
                )
            )
        if attachment.removed_at is None:
            attachment.removed_at = now
            said = f"{attachment.name}\n{reason}"
            record(case, "detach", story.reportable(case), actor, local_date(now), now, said)
    return case


def permit(actor: Viewer, case_id: UUID, permission: str) -> None:
    """Raises NotAllowed before a file is looked at, where `actor` may put none to the case."""
    if queries.find(actor, case_id) is None:
        raise NotAllowed(_("Không tìm thấy vụ việc."))
    if not actor.may(permission):
        raise NotAllowed(_("Bạn không có quyền làm việc này."))


def _locked(actor: Viewer, case_id: UUID) -> Case:
    case = queries.find(actor, case_id, for_update=True)
    if case is None:
        raise NotAllowed(_("Không tìm thấy vụ việc."))
    return case


def examined(file: IO[bytes], name: str) -> Taken:
    """The file, found fit to be taken in. Raises Refused beside the field `file`."""
    digest, size = digest_of(file)
    most = current_app.extensions["settings"].max_upload_megabytes
    if size > most * BYTES_OF_A_MEGABYTE:
        raise Refused(_("Tệp quá lớn: tối đa %(most)s MB.", most=most), content.FIELD)
    found = content.recognise(file)
    name = content.shown_name(name, found)
    picture = _looked_at(file, found.media_type) if found.media_type in files.PREVIEWED else None
    return Taken(file, name, digest, size, found.media_type, picture)


def keep(taken: Taken) -> None:
    """Puts the content into the storage."""
    # First the content, then the rows: what fails between leaves a content that nobody names.
    taken.file.seek(0)
    storage().put(taken.digest, taken.file)
    if taken.picture is not None:
        files.keep_preview(taken.digest, taken.picture)


def _looked_at(file: IO[bytes], media_type: str) -> bytes:
    """The preview of `file`, which proves that it can be read."""
    verdict, picture = preview.make(file, media_type)
    if verdict is not Verdict.FINE:
        raise Refused(_(_REASONS[verdict]), content.FIELD)
    return picture


def _belongs(answer_id: UUID | None, case: Case, actor: Viewer) -> None:
    if answer_id is None:
        return
    answer = db.session.get(Answer, answer_id)
    if answer is None or answer.case_id != case.id:
        raise Refused(_("Hãy chọn một mục trong danh sách."), "answer_id")
    if not files.may_add_to(actor, answer):
        raise Refused(_("Chỉ đơn vị đã trả lời gửi thêm tệp vào trả lời ấy."), "answer_id")


def _there(case_id: UUID, answer_id: UUID | None, digest: str) -> Attachment | None:
    return db.session.scalars(
        select(Attachment).where(
            Attachment.case_id == case_id,
            Attachment.answer_id == answer_id,
            Attachment.digest == digest,
            Attachment.removed_at.is_(None),
        )
    ).first()


def know(taken: Taken, now: datetime) -> None:
    """Writes the row of its content, inside the caller's transaction."""
    # Two cases may be sent the same new content at once: the second finds the first's row.
    insert = sqlite_insert if is_sqlite() else postgresql_insert
    row = {
        "digest": taken.digest,
        "size": taken.size,
        "media_type": taken.media_type,
        "stored_at": now,
    }
    db.session.execute(insert(StoredFile).values(**row).on_conflict_do_nothing())
