"""Imports at work in the background: they can be watched, left, returned to and cancelled.

A job is a folder in the instance: the uploaded file, and its state as JSON, replaced as a whole
at each step. It is kept outside of the database because the import is one long transaction
there, and its progress has to be seen before that ends.
"""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from flask import Flask, current_app
from flask_babel import force_locale

from tracker.core.clock import now
from tracker.core.db import db, new_id
from tracker.core.errors import Refused
from tracker.registers import service
from tracker.registers.plan import Plan
from tracker.registers.remarks import UnreadableWorkbook
from tracker.units.queries import Viewer

Stage = Literal["reading", "read", "writing", "done", "failed", "cancelled"]
AT_WORK = ("reading", "writing")
SILENT_FOR = timedelta(minutes=2)
KEPT_ERRORS = 500


class Cancelled(Exception):
    """The person asked the job to stop."""


@dataclass(frozen=True)
class Job:
    """Where an import stands. `heard_at` is when its worker last said so (ISO, UTC)."""

    id: str
    user_id: str
    file_name: str
    stage: Stage
    heard_at: str
    done: int = 0
    total: int = 0
    failure: str = ""
    run_id: str = ""
    plan: dict[str, Any] = field(default_factory=dict)

    @property
    def is_at_work(self) -> bool:
        return self.stage in AT_WORK

    @property
    def percent_done(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def start(source: bytes, file_name: str, viewer: Viewer) -> Job:
    """Keeps the uploaded file and begins to read it in the background."""
    job = Job(str(new_id()), str(viewer.user_id), file_name, "reading", _heard())
    folder = _folder(job.id)
    folder.mkdir(mode=0o700, parents=True)
    (folder / "register").write_bytes(source)
    _save(job)
    _in_background(_read, job, viewer)
    return job


def confirm(
    job: Job, viewer: Viewer, confirmed: dict[str, set[str]], *, skip_errors: bool
) -> Job:
    """Begins to take in a register that was read, creating the `confirmed` names.

    A second click finds the first at work and changes nothing.
    """
    try:
        _confirmed_mark(job).touch(exist_ok=False)
    except FileExistsError:
        return job
    job = replace(job, stage="writing", heard_at=_heard(), done=0)
    _save(job)
    _in_background(_write, job, viewer, confirmed, skip_errors)
    return job


def cancel(job: Job) -> None:
    """Asks a job to stop; one that waits for an answer is over at once."""
    (_folder(job.id) / "cancel").touch()
    if not job.is_at_work:
        _save(replace(job, stage="cancelled"))
        _forget_file(job)


def find(job_id: UUID, viewer: Viewer) -> Job | None:
    """The viewer's own job; None if there is no such job of his."""
    path = _folder(str(job_id)) / "state.json"
    if not path.exists():
        return None
    job = Job(**json.loads(path.read_text()))
    if job.user_id != str(viewer.user_id):
        return None
    silent = now() - datetime.fromisoformat(job.heard_at)
    if job.is_at_work and silent > SILENT_FOR:
        return replace(job, stage="failed", failure="interrupted")
    return job


def _read(job: Job, viewer: Viewer) -> Job:
    source = _source(job)
    plan = service.preview(source, actor=viewer, now=now(), progress=_teller(job))
    previous = viewer.unit_id and service.previous_run(source, viewer.unit_id)
    summary = _summary(plan)
    summary["previous"] = previous.recorded_at.isoformat() if previous else ""
    return replace(job, stage="read", plan=summary)


def _write(
    job: Job, viewer: Viewer, confirmed: dict[str, set[str]], skip_errors: bool
) -> Job:
    imported = service.take_in(
        _source(job),
        file_name=job.file_name,
        actor=viewer,
        now=now(),
        confirmed=confirmed,
        skip_errors=skip_errors,
        progress=_teller(job),
    )
    if imported.run is None:
        _confirmed_mark(job).unlink()
        return replace(job, stage="read", plan=_summary(imported.plan))
    _forget_file(job)
    return replace(job, stage="done", run_id=str(imported.run.id))


def _summary(plan: Plan) -> dict[str, Any]:
    """What the page shows of a plan: all counts, and the first of many errors."""
    return {
        "register": plan.register,
        "rows": plan.rows,
        "cases": len(plan.cases),
        "counts": plan.counts(),
        "repeated": [
            [row.row, row.detail.reason, dict(row.detail.values)]
            for row in plan.passed_over
            if row.reason == "repeated" and row.detail
        ][:KEPT_ERRORS],
        "unknown": plan.unknown,
        "errors": [
            [each.row, each.column, each.value, each.why.reason, dict(each.why.values)]
            for each in plan.errors[:KEPT_ERRORS]
        ],
        "error_count": len(plan.errors),
        "error_rows": len({(each.sheet, each.row) for each in plan.errors}),
        "notes": [[note.reason, dict(note.values)] for note in plan.notes],
    }


def _in_background(work: Callable[..., Job], job: Job, *arguments: Any) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    viewer: Viewer = arguments[0]

    def run() -> None:
        with app.app_context(), force_locale(viewer.language):
            try:
                result = work(job, *arguments)
            except Cancelled:
                result = replace(job, stage="cancelled")
                _forget_file(job)
            except UnreadableWorkbook as error:
                failure = {"failure": [error.remark.reason, dict(error.remark.values)]}
                result = replace(job, stage="failed", failure="unreadable", plan=failure)
            except Refused as refusal:
                result = replace(job, stage="failed", failure=refusal.reason)
            except Exception:
                app.logger.exception("import %s failed", job.id)
                result = replace(job, stage="failed", failure="interrupted")
            finally:
                db.session.remove()
            _save(replace(result, heard_at=_heard()))

    threading.Thread(target=run, name=f"import-{job.id}", daemon=True).start()


def _teller(job: Job) -> Callable[[int, int], None]:
    cancelled = _folder(job.id) / "cancel"

    def tell(done: int, total: int) -> None:
        if cancelled.exists():
            raise Cancelled
        _save(replace(job, done=done, total=total, heard_at=_heard()))

    return tell


def _heard() -> str:
    return now().isoformat()


def _folder(job_id: str) -> Path:
    instance: Path = current_app.extensions["settings"].instance
    return instance / "imports" / job_id


def _source(job: Job) -> bytes:
    return (_folder(job.id) / "register").read_bytes()


def _confirmed_mark(job: Job) -> Path:
    return _folder(job.id) / "confirmed"


def _forget_file(job: Job) -> None:
    (_folder(job.id) / "register").unlink(missing_ok=True)


def _save(job: Job) -> None:
    folder = _folder(job.id)
    draft = folder / f"state.{threading.get_ident()}"
    draft.write_text(json.dumps(asdict(job), ensure_ascii=False))
    os.replace(draft, folder / "state.json")
