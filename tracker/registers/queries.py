"""Reads of imports: those of the units in which the viewer may import."""

from uuid import UUID

from sqlalchemy import Row, Select, select

from tracker.core.db import db
from tracker.registers.models import ImportRun
from tracker.rules.access import PERMISSIONS
from tracker.units.models import User
from tracker.units.queries import Viewer

LATEST = 50


def runs(viewer: Viewer) -> list[Row[ImportRun, str | None]]:
    """The latest imports with their importers' names (None: the command line), newest first."""
    return list(db.session.execute(_visible(viewer).limit(LATEST)))


def find(viewer: Viewer, run_id: UUID) -> ImportRun | None:
    """The import, if the viewer may see it."""
    row = db.session.execute(_visible(viewer).where(ImportRun.id == run_id)).first()
    return row[0] if row else None


def exists(run_id: UUID) -> bool:
    """Whether the import was recorded, and so all its cases with it."""
    return db.session.scalar(select(ImportRun.id).where(ImportRun.id == run_id)) is not None


def _visible(viewer: Viewer) -> Select[ImportRun, str | None]:
    units = {
        unit_id
        for role, reached in viewer.reach.items()
        if role in PERMISSIONS["register:import"]
        for unit_id in reached
    }
    return (
        select(ImportRun, User.name)
        .outerjoin(User, User.id == ImportRun.user_id)
        .where(ImportRun.unit_id.in_(units))
        .order_by(ImportRun.recorded_at.desc(), ImportRun.id.desc())
    )
