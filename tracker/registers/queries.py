"""Reads of imports: those of the units in which the viewer may import."""

from uuid import UUID

from sqlalchemy import Select, select

from tracker.core.db import db
from tracker.registers.models import ImportRun
from tracker.rules.access import PERMISSIONS
from tracker.units.models import User
from tracker.units.queries import Viewer

LATEST = 50


def _visible(viewer: Viewer) -> Select[tuple[ImportRun, str | None]]:
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
        .order_by(ImportRun.recorded_at.desc())
    )


def runs(viewer: Viewer) -> list[tuple[ImportRun, str | None]]:
    """The latest imports with their importers' names, newest first."""
    return list(db.session.execute(_visible(viewer).limit(LATEST)).tuples())


def find(viewer: Viewer, run_id: UUID) -> ImportRun | None:
    """The import, if the viewer may see it."""
    return db.session.scalars(_visible(viewer).where(ImportRun.id == run_id)).first()
