"""The work on imports in the background: reading, and taking in what was confirmed."""

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import IO, Any
from uuid import UUID

from flask import Flask, current_app
from flask_babel import force_locale

from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.registers import jobs, service
from tracker.registers.catalogue import CATALOGUES
from tracker.registers.jobs import Job, Stage
from tracker.registers.plan import Plan, Progress
from tracker.registers.remarks import UnreadableWorkbook
from tracker.units.queries import Viewer

MOST_SHOWN = 500

Chosen = Mapping[str, list[str]]
"""Column -> unknown names, as the plan tells them, that may be created."""


class Stopped(Exception):
    """The person asked the job to stop."""


def start(upload: IO[bytes], file_name: str, viewer: Viewer, unit_id: UUID | None) -> Job:
    """Keeps the uploaded file of the unit and begins to read it in the background."""
    jobs.forget_old(now())
    job = jobs.create(upload, file_name, viewer, unit_id)
    _in_background(job, viewer, lambda: _read(job, viewer))
    return job


def confirm(job: Job, viewer: Viewer, chosen: Chosen, *, skip_errors: bool) -> None:
    """Begins to take in a register that was read, creating the `chosen` names.

    A second click finds the first at work and changes nothing.
    """
    if job.stage != "read" or not jobs.decide(job):
        return
    job = replace(job, stage="writing", done=0)
    _in_background(job, viewer, lambda: _write(job, viewer, chosen, skip_errors))


def cancel(job: Job) -> None:
    """Asks a job to stop; one that waits for an answer is over at once."""
    jobs.ask_to_stop(job)
    if job.stage == "read" and jobs.decide(job):
        jobs.save(replace(job, stage="cancelled"))


def _read(job: Job, viewer: Viewer) -> Job:
    plan = service.preview(
        job.source, actor=viewer, now=now(), unit_id=job.kept_by, progress=_teller(job)
    )
    return _was_read(job, plan)


def _write(job: Job, viewer: Viewer, chosen: Chosen, skip_errors: bool) -> Job:
    imported = service.take_in(
        job.source,
        file_name=job.file_name,
        actor=viewer,
        now=now(),
        unit_id=job.kept_by,
        confirmed={
            column: frozenset(map(CATALOGUES[column].key, names))
            for column, names in chosen.items()
        },
        skip_errors=skip_errors,
        import_id=job.id,
        progress=_teller(job),
    )
    if imported.run is None:
        return _was_read(job, imported.plan, refused=chosen)
    return replace(job, stage="done")


def _was_read(job: Job, plan: Plan, refused: Chosen | None = None) -> Job:
    """The job with what it would do. refused: the names chosen, where errors forbade to do it."""
    stage: Stage = "read" if plan.cases or plan.errors else "unchanged"
    told = {"is_refused": refused is not None, "confirmed": dict(refused or {})}
    return replace(job, stage=stage, plan=_summary(plan) | told)


def _summary(plan: Plan) -> dict[str, Any]:
    """What the page shows of a plan: all counts, and the first of many rows."""
    repeated = [row for row in plan.passed_over if row.reason == "repeated" and row.detail]
    return {
        "rows": plan.rows,
        "cases": len(plan.cases),
        "counts": plan.counts(),
        "repeated": [
            {"row": row.row, "reason": row.detail.reason, "values": dict(row.detail.values)}
            for row in repeated[:MOST_SHOWN]
            if row.detail
        ],
        "repeated_count": len(repeated),
        "unknown": plan.unknown,
        "errors": plan.told_errors(MOST_SHOWN),
        "error_count": len(plan.errors),
        "error_rows": plan.error_row_count(),
        "notes": [{"reason": note.reason, "values": dict(note.values)} for note in plan.notes],
    }


def _in_background(job: Job, viewer: Viewer, work: Callable[[], Job]) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    held = jobs.hold(job)
    jobs.save(job)

    def run() -> None:
        with closing(held), app.app_context(), force_locale(viewer.language):
            result = _result(job, work)
            if result.stage == "read" and result.is_asked_to_stop:
                result = replace(result, stage="cancelled")
            jobs.save(result)
            if result.stage == "read":
                jobs.ask_again(result)
            db.session.remove()

    threading.Thread(target=run, name=f"import-{job.id}", daemon=True).start()


def _result(job: Job, work: Callable[[], Job]) -> Job:
    """The job after the work, however that ended."""
    try:
        return work()
    except Stopped:
        return jobs.ended(job, "cancelled")
    except UnreadableWorkbook as error:
        why = {"reason": error.remark.reason, "values": dict(error.remark.values)}
        return replace(job, stage="failed", failure="unreadable", plan=why)
    except Refused as refusal:
        return jobs.ended(job, "failed", refusal.reason)
    except Exception:
        current_app.logger.exception("import %s failed", job.id)
        db.session.rollback()
        return jobs.ended(job, "failed", "interrupted")


def _teller(job: Job) -> Progress:
    def tell(done: int, total: int) -> None:
        if job.is_asked_to_stop:
            raise Stopped
        jobs.save(replace(job, done=done, total=total))

    return tell
