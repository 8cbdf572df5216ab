"""What a citizen is given for a turn: the code of the case, and a secret of their own.

The secret is a keyed digest of the turn's id. It is stored nowhere, and can be printed again.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases import queries as cases
from tracker.cases.models import Case, CaseMerge, Submission
from tracker.core.crypto import key_ring
from tracker.core.db import db
from tracker.core.web import day
from tracker.reception.models import Event
from tracker.rules.access import Confidentiality
from tracker.units.models import Unit
from tracker.units.queries import Viewer

# Without what is mistaken for something else when it is read out or copied: 0 O, 1 I L.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
SECRET_LENGTH = 8
GROUP = 4
LONGEST_MESSAGE = 160
"""Of a text message without marks, in characters: a longer one is paid for twice."""
PROTECTED_PREFIX = "BN"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: no name, no kind, nothing of what was said. place: where it was received."""

    turn_id: UUID
    code: str
    secret: str
    received_on: date
    due_on: date | None
    unit: str
    place: str | None

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What the slip says, as label and value."""
        given = [
            (_("Đơn vị tiếp nhận"), self.unit),
            (_("Địa điểm tiếp nhận"), self.place),
            (_("Ngày tiếp nhận"), day(self.received_on)),
            (_("Hạn trả lời"), day(self.due_on) if self.due_on else None),
        ]
        return [(label, value) for label, value in given if value]

    def message(self, address: str) -> str:
        """A text message of at most 160 characters without marks, as far as `address` allows."""
        opened = _(
            "Mã %(code)s, mã bí mật %(secret)s. Tra cứu: %(address)s",
            code=self.code,
            secret=self.secret,
            address=address,
        )
        dates = _("Tiếp nhận %(day)s.", day=day(self.received_on))
        if self.due_on:
            dates += " " + _("Hạn trả lời %(day)s.", day=day(self.due_on))
        whole = without_marks(f"{dates} {opened}")
        return whole if len(whole) <= LONGEST_MESSAGE else without_marks(opened)

    def mail(self, address: str) -> str:
        """A mail's text, its first line the subject."""
        rows = [*self.rows, (_("Mã"), self.code), (_("Mã bí mật"), self.secret)]
        return "\n".join(
            (
                _("Giấy biên nhận %(code)s", code=self.code),
                "",
                *(f"{label}: {value}" for label, value in rows),
                "",
                _("Xem tình hình giải quyết tại %(address)s", address=address),
                keep_to_yourself(),
            )
        )


def keep_to_yourself() -> str:
    """The warning that stands on every receipt."""
    return _("Giữ kín mã bí mật: ai có cả hai mã thì xem được tình hình giải quyết.")


def secret_of(turn_id: UUID) -> str:
    """The secret of a turn's receipt, such as KDR7 M2XA."""
    number = int.from_bytes(key_ring().digest("receipt", turn_id.bytes))
    letters = ""
    for _place in range(SECRET_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return f"{letters[:GROUP]} {letters[GROUP:]}"


def code_of(case: Case) -> str:
    """The code on the receipt: the case's own, which tells its kind; of a denunciation one that
    tells nothing (Law on Denunciations, 8 and 47-58)."""
    if case.confidentiality == Confidentiality.DENUNCIATION:
        return f"{PROTECTED_PREFIX}-{case.serial:06d}"
    return case.code


def without_marks(text: str) -> str:
    """`text` in plain letters, capitals kept, as every telephone shows them."""
    parts = unicodedata.normalize("NFD", text.translate(str.maketrans("đĐ–", "dD-")))
    return "".join(part for part in parts if not unicodedata.combining(part))


def find(viewer: Viewer, case_id: UUID, turn_id: UUID) -> Receipt | None:
    """The receipt of a turn that stands, if `viewer` may see its case.

    It bears the code that the citizen came under, which goes on working after a merge; the
    present one where that other case is closed to `viewer`.
    """
    found = db.session.execute(
        select(Submission, Case, CaseMerge.case_id, Unit.name, Event.place)
        .join(Case, Case.id == Submission.case_id)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(CaseMerge, CaseMerge.id == Submission.merge_id)
        .outerjoin(Event, Event.id == Submission.event_id)
        .where(
            Submission.id == turn_id,
            Submission.voided_at.is_(None),
            Case.id == case_id,
            cases.visible(viewer),
        )
    ).first()
    if found is None:
        return None
    turn, case, came_under_id, unit, place = found
    came_under = cases.find(viewer, came_under_id) if came_under_id else None
    return Receipt(
        turn_id=turn.id,
        code=code_of(came_under or case),
        secret=secret_of(turn.id),
        received_on=turn.received_on,
        due_on=case.due_on,
        unit=unit,
        place=place,
    )
