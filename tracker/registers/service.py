"""Taking a register in: one transaction, or nothing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select

from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import NotAllowed
from tracker.registers.catalogue import Names
from tracker.registers.models import ImportRun
from tracker.registers.plan import Plan, Progress, make_plan, nobody_waits
from tracker.registers.writing import Importer, Numbers, table_rows
from tracker.rules.workflow import Kind
from tracker.units.queries import Viewer

CHUNK = 2_000


@dataclass(frozen=True)
class Imported:
    """What came of a file: its plan, and the import that was recorded, if anything was new."""

    plan: Plan
    run: ImportRun | None


def preview(
    source: bytes,
    *,
    actor: Viewer,
    now: datetime,
    kind: str | None = None,
    confirmed: dict[str, set[str]] | None = None,
    progress: Progress = nobody_waits,
) -> Plan:
    """What taking in `source` for the actor's unit would do. Raises UnreadableWorkbook."""
    unit_id = _unit_of(actor)
    return make_plan(
        source,
        unit_id=unit_id,
        today=local_date(now),
        kind=kind,
        confirmed=confirmed,
        progress=progress,
    )


def take_in(
    source: bytes,
    *,
    file_name: str,
    actor: Viewer,
    now: datetime,
    kind: str | None = None,
    confirmed: dict[str, set[str]] | None = None,
    skip_errors: bool = False,
    progress: Progress = nobody_waits,
) -> Imported:
    """Takes a register in for the actor's unit, all of it or, with `skip_errors`, its good rows.

    confirmed: column -> folded names that may be created; None allows all. Nothing is written
    where rows have errors that may not be skipped, or where nothing is new: `run` is None then.
    `progress` may raise to stop; nothing is written then either. Raises UnreadableWorkbook.
    """
    plan = preview(
        source, actor=actor, now=now, kind=kind, confirmed=confirmed, progress=progress
    )
    if not plan.cases or (plan.errors and not skip_errors):
        return Imported(plan, None)
    unit_id = _unit_of(actor)
    importer = Importer(Kind(plan.register), unit_id, actor.user_id, new_id(), now)
    run = ImportRun(
        id=importer.import_id,
        unit_id=unit_id,
        user_id=actor.user_id,
        register=plan.register,
        file_name=file_name,
        file_digest=hashlib.sha256(source).hexdigest(),
        recorded_at=now,
        row_count=plan.rows,
        case_count=len(plan.cases),
        passed_over=plan.counts(),
        errors=plan.error_rows(),
    )
    with transaction():
        db.session.add(run)
        db.session.flush()
        _write(plan, importer, progress)
    return Imported(plan, run)


def previous_run(source: bytes, unit_id: UUID) -> ImportRun | None:
    """The import by which the very same file came in before for the unit."""
    digest = hashlib.sha256(source).hexdigest()
    return db.session.scalars(
        select(ImportRun)
        .where(ImportRun.unit_id == unit_id, ImportRun.file_digest == digest)
        .order_by(ImportRun.recorded_at.desc())
        .limit(1)
    ).first()


def _write(plan: Plan, importer: Importer, progress: Progress) -> None:
    names = Names.load()
    for column in plan.unknown:
        written = (getattr(row, column) for row in plan.cases)
        names.create(column, (name for name in written if name), importer.unit_id)
    numbers = Numbers(importer.kind, plan.cases)
    connection = db.session.connection()
    for start in range(0, len(plan.cases), CHUNK):
        progress(start, len(plan.cases))
        rows = plan.cases[start : start + CHUNK]
        for table, values in table_rows(rows, names, numbers, importer).items():
            if values:
                connection.execute(insert(table.__table__), values)
    progress(len(plan.cases), len(plan.cases))


def _unit_of(actor: Viewer) -> UUID:
    if actor.unit_id is None or not actor.may("register:import"):
        raise NotAllowed(_("Bạn không có quyền nhập sổ."))
    return actor.unit_id
