"""Imports at work in the background, as they are kept: each can be watched, left, returned to.

A job is a folder in the instance: the uploaded file, and its state as JSON, replaced as a whole
at each step. It is kept outside of the database because an import is one long transaction
there, and its progress has to be seen before that ends. What it imports bears the job's id.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Literal
from uuid import UUID

from flask import current_app

from tracker.core.clock import local_date
from tracker.core.db import new_id
from tracker.registers import queries
from tracker.units.queries import Viewer

Stage = Literal["reading", "read", "unchanged", "writing", "done", "failed", "cancelled"]
"""A job that was read waits for an answer, unless nothing in its file is new: unchanged."""

AT_WORK = ("reading", "writing")
KEPT_FOR = timedelta(days=7)
"""An answer that doesn't come in this time won't; what people wrote must not lie about."""


@dataclass(frozen=True)
class Job:
    """Where an import stands: `done` of `total` rows. `plan` is what the page shows of it.

    unit_id: of the unit that kept the register, where the person said which.
    failure: "unreadable" (plan says why), "interrupted", or a sentence for the person.
    """

    id: UUID
    user_id: str
    file_name: str
    stage: Stage
    unit_id: str | None = None
    done: int = 0
    total: int = 0
    failure: str = ""
    plan: dict[str, Any] = field(default_factory=dict)

    @property
    def is_at_work(self) -> bool:
        return self.stage in AT_WORK

    @property
    def is_open(self) -> bool:
        """Whether it is at work or waits for the person's answer."""
        return self.is_at_work or self.stage == "read"

    @property
    def is_asked_to_stop(self) -> bool:
        return (self.folder / "cancel").exists()

    @property
    def kept_by(self) -> UUID | None:
        """The unit that kept the register, None where the person imports for one alone."""
        return UUID(self.unit_id) if self.unit_id else None

    @property
    def percent_done(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def folder(self) -> Path:
        return _all_folders() / str(self.id)

    @property
    def source(self) -> Path:
        """The uploaded file, as long as it is needed."""
        return self.folder / "register"


def create(upload: IO[bytes], file_name: str, viewer: Viewer, unit_id: UUID | None) -> Job:
    """A new job for the uploaded file; nobody finds it before it is saved."""
    unit = str(unit_id) if unit_id else None
    job = Job(new_id(), str(viewer.user_id), file_name, "reading", unit)
    job.folder.mkdir(mode=0o700, parents=True)
    with job.source.open("wb") as file:
        shutil.copyfileobj(upload, file)
    return job


def save(job: Job) -> None:
    """Keeps the job's state; forgets the file of one that is over."""
    draft = job.folder / f"{new_id()}.draft"
    draft.write_text(json.dumps(asdict(job), ensure_ascii=False, default=str), encoding="utf-8")
    draft.replace(job.folder / "state.json")
    if not job.is_open:
        job.source.unlink(missing_ok=True)


def find(job_id: UUID, viewer: Viewer) -> Job | None:
    """The viewer's own job; None if there is no such job of theirs."""
    job = _load(job_id)
    if job is None or job.user_id != str(viewer.user_id):
        return None
    if job.is_at_work and not _is_held(job):
        # It may have ended after it was loaded and before it was found let go.
        job = _load(job_id)
        if job is not None and job.is_at_work:
            job = ended(job, "failed", "interrupted")
            save(job)
    return job


def open_jobs(viewer: Viewer) -> Iterator[Job]:
    """The viewer's jobs that are at work or wait for an answer, newest first."""
    for folder in sorted(_folders(), reverse=True):
        job = find(UUID(folder.name), viewer)
        if job is not None and job.is_open:
            yield job


def waiting() -> Iterator[tuple[UUID, date, UUID]]:
    """Each import of anybody on this machine that waits for its person's answer.

    Its id, the local date since when it waits, and whose it is.
    """
    for folder in sorted(_folders()):
        with suppress(FileNotFoundError):  # another process removed it
            job = _load(UUID(folder.name))
            if job is not None and job.stage == "read":
                since = datetime.fromtimestamp((folder / "state.json").stat().st_mtime, UTC)
                yield job.id, local_date(since), UUID(job.user_id)


def ended(job: Job, stage: Stage, failure: str = "") -> Job:
    """The job at its end. What the database has of it counts, not what was on the way."""
    if queries.exists(job.id):
        return replace(job, stage="done", failure="")
    return replace(job, stage=stage, failure=failure)


def hold(job: Job) -> IO[bytes]:
    """Marks the job as at work until what is returned is closed, or our process ends."""
    lock = (job.folder / "lock").open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def decide(job: Job) -> bool:
    """Takes the one answer that a job which was read waits for; False if it was taken."""
    try:
        (job.folder / "decided").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def ask_again(job: Job) -> None:
    """Lets the job wait for another answer."""
    (job.folder / "decided").unlink(missing_ok=True)


def ask_to_stop(job: Job) -> None:
    """Lets whoever works on the job know that it shall stop."""
    (job.folder / "cancel").touch()


def forget_old(now: datetime) -> None:
    """Removes the jobs of which nothing was heard for `KEPT_FOR`."""
    for folder in _folders():
        with suppress(FileNotFoundError):  # another process removed it
            if folder.stat().st_mtime < (now - KEPT_FOR).timestamp():
                shutil.rmtree(folder)


def _load(job_id: UUID) -> Job | None:
    path = _all_folders() / str(job_id) / "state.json"
    if not path.exists():
        return None
    state = json.loads(path.read_text(encoding="utf-8"))
    return Job(**{**state, "id": UUID(state["id"])})


def _is_held(job: Job) -> bool:
    with (job.folder / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _all_folders() -> Path:
    instance: Path = current_app.extensions["settings"].instance
    return instance / "imports"


def _folders() -> list[Path]:
    return list(_all_folders().iterdir()) if _all_folders().exists() else []
