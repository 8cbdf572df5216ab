"""What the proposals of quick entry hit: learnt from a register's earlier rows, asked of the later.

The sample office's register: the first 80 % of its rows by date are past cases, the others are
asked about. Beside each share: that of always proposing the most frequent values.
"""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from bench.figures import median_milliseconds
from tracker import create_app
from tracker.cases import reference
from tracker.cases.catalogue import catalogue
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.db import db
from tracker.reception import proposals
from tracker.registers import demo
from tracker.rules.vietnamese import tokens
from tracker.rules.workflow import Role
from tracker.settings import PROJECT, Settings
from tracker.units.models import Membership
from tracker.units.queries import Viewer, viewer

LEARNT = 0.8
BEST = (1, 3)


def run() -> bool:
    """Prints the shares that are hit; True where each beats the most frequent value."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        app = _office(Path(folder))
        with app.test_request_context():
            return _measure(app)


def _office(folder: Path) -> Flask:
    own = {"TRACKER_INSTANCE": str(folder), "DATABASE_URL": "", "TRACKER_MODE": "local"}
    app = create_app(Settings.load(own))
    with app.app_context():
        upgrade(directory=str(PROJECT / "migrations"))
        reference.load()
        demo.load(clock.now())
        db.session.remove()
    return app


def _measure(app: Flask) -> bool:
    now = clock.now()
    cases = db.session.scalars(select(Case).order_by(Case.received_on, Case.serial)).all()
    edge = round(len(cases) * LEARNT)
    learnt, asked = cases[:edge], cases[edge:]
    past = proposals.Past(
        now, [each.id for each in learnt], [" ".join(tokens(each.content)) for each in learnt]
    )
    unit_id = cases[0].unit_id
    app.extensions["past_cases"] = {unit_id: past}
    person, choices = _officer(), catalogue(clock.local_date(now))

    def propose(case: Case) -> dict[str, list[UUID]]:
        found = proposals.proposals(person, case.content, unit_id, choices, now)
        return {name: [each.thing for each in some] for name, some in found.items()}

    given = [propose(case) for case in asked]
    spent, _result = median_milliseconds(lambda: propose(asked[0]), 20)
    print(f"\nProposals: {len(learnt)} rows learnt, {len(asked)} asked, {spent:.1f} ms each")
    beaten = [_show(name, given, learnt, asked) for name in proposals.FIELDS]
    return all(beaten)


def _show(
    name: str, given: Sequence[dict[str, list[UUID]]], learnt: Sequence[Case], asked: Sequence[Case]
) -> bool:
    column = proposals.FIELDS[name]
    truth: list[Any] = [getattr(case, column) for case in asked]
    frequent = [
        value for value, _n in Counter(getattr(case, column) for case in learnt).most_common()
    ]
    shares = []
    for most in BEST:
        hit = sum(
            value in each[name][:most] for value, each in zip(truth, given, strict=True)
        ) / len(asked)
        base = sum(value in frequent[:most] for value in truth) / len(asked)
        shares.append((hit, base))
        print(f"{column:<16} first {most}: {hit:6.1%}   most frequent: {base:6.1%}")
    return all(hit > base for hit, base in shares)


def _officer() -> Viewer:
    user_id = db.session.scalars(
        select(Membership.user_id).where(Membership.role == Role.RECEPTION_OFFICER)
    ).first()
    assert user_id is not None
    person = viewer(user_id, clock.local_date(clock.now()))
    assert person is not None
    return person
