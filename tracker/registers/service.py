"""Taking a register in: one transaction, or nothing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Table, func, select

from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.registers.bulk import insert_rows
from tracker.registers.catalogue import Names
from tracker.registers.models import ImportRun
from tracker.registers.plan import Confirmed, Plan, Progress, make_plan, nobody_waits
from tracker.registers.writing import Importer, Numbers, table_rows, versions
from tracker.rules.vietnamese import clean
from tracker.rules.workflow import Kind
from tracker.units.queries import Viewer

CHUNK = 500
LONGEST_FILE_NAME = 200


@dataclass(frozen=True)
class Imported:
    """What came of a file: its plan, and the import that was recorded, if any case was new."""

    plan: Plan
    run: ImportRun | None


def preview(
    source: Path,
    *,
    actor: Viewer,
    now: datetime,
    unit_id: UUID | None = None,
    kind: str | None = None,
    confirmed: Confirmed | None = None,
    progress: Progress = nobody_waits,
) -> Plan:
    """What taking in the file `source` would do.

    unit_id: the unit that kept the register, needed where the actor imports for several. kind: the
    only register that is looked for. confirmed: the unknown names that may be created; None
    allows all. Raises UnreadableWorkbook.
    """
    return make_plan(
        source,
        unit_id=_keeping(actor, unit_id),
        today=local_date(now),
        kind=kind,
        confirmed=confirmed,
        progress=progress,
    )


def take_in(
    source: Path,
    *,
    file_name: str,
    actor: Viewer,
    now: datetime,
    unit_id: UUID | None = None,
    kind: str | None = None,
    confirmed: Confirmed | None = None,
    skip_errors: bool = False,
    import_id: UUID | None = None,
    progress: Progress = nobody_waits,
) -> Imported:
    """Takes the cases of the file `source` in, as `preview` shows them.

    Nothing is taken in where a row has errors, unless `skip_errors` leaves those rows out.
    file_name: as people know the file. Raises UnreadableWorkbook.
    """
    unit_id = _keeping(actor, unit_id)
    runs_before = _run_count(unit_id)
    plan = preview(
        source,
        actor=actor,
        now=now,
        unit_id=unit_id,
        kind=kind,
        confirmed=confirmed,
        progress=progress,
    )
    if not plan.cases or (plan.errors and not skip_errors):
        return Imported(plan, None)
    importer = Importer(Kind(plan.register), unit_id, actor.user_id, import_id or new_id(), now)
    with transaction():
        numbers = Numbers(importer.kind, plan.cases)
        # Whoever else imports waits for our numbers, so this can't change any more.
        if _run_count(unit_id) != runs_before:
            raise OutOfDate(_("Sổ của đơn vị vừa được nhập ở nơi khác. Hãy đọc lại tệp."))
        run = _run(plan, source, clean(file_name)[-LONGEST_FILE_NAME:], importer)
        _write(plan, numbers, importer, progress)
    return Imported(plan, run)


def _run(plan: Plan, source: Path, file_name: str, importer: Importer) -> ImportRun:
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    run = ImportRun(
        id=importer.import_id,
        unit_id=importer.unit_id,
        user_id=importer.user_id,
        register=plan.register,
        file_name=file_name,
        file_digest=digest,
        recorded_at=importer.now,
        row_count=plan.rows,
        case_count=len(plan.cases),
        passed_over=plan.counts(),
        errors=plan.told_errors(),
    )
    db.session.add(run)
    db.session.flush()
    return run


def _write(plan: Plan, numbers: Numbers, importer: Importer, progress: Progress) -> None:
    names = Names.load(importer.unit_id)
    for column in plan.unknown:
        written = (getattr(case.row, column) for case in plan.cases)
        names.create(column, written, importer.unit_id)
    connection = db.session.connection()
    for start in range(0, len(plan.cases), CHUNK):
        progress(start, len(plan.cases))
        cases = plan.cases[start : start + CHUNK]
        for model, rows in table_rows(cases, names, numbers, importer).items():
            table = model.__table__
            assert isinstance(table, Table)
            insert_rows(connection, table, rows)
    db.session.execute(versions(importer))
    progress(len(plan.cases), len(plan.cases))


def _run_count(unit_id: UUID) -> int:
    statement = select(func.count()).select_from(ImportRun).where(ImportRun.unit_id == unit_id)
    return db.session.scalar(statement) or 0


def _keeping(actor: Viewer, wanted: UUID | None) -> UUID:
    """The unit for which `actor` imports; Refused where they have to say which."""
    units = list(actor.units_for("register:import"))
    if not units:
        raise NotAllowed(_("Bạn không có quyền nhập sổ."))
    if wanted is None and len(units) == 1:
        return units[0]
    if wanted not in units:
        raise Refused(_("Hãy chọn đơn vị giữ sổ."), "unit_id")
    return wanted
