"""How a person wants to be reached, who hears in their place, and trying the ways out."""

import re
from datetime import date, datetime
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.chasing import links
from tracker.chasing.models import Correspondent
from tracker.chasing.recipients import colleagues
from tracker.chasing.ways import WAYS, NotSent, Parcel
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import Refused
from tracker.rules import persons
from tracker.rules.chasing import HOURS
from tracker.units.queries import Viewer

# What every mail server takes; whether there is such a box, a try tells.
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def of(actor: Viewer) -> Correspondent:
    """How the actor is reached; where nothing was kept, an empty one that isn't written."""
    assert actor.user_id is not None
    kept = db.session.get(Correspondent, actor.user_id)
    return kept or Correspondent(user_id=actor.user_id, mail="", telephone="", hour=HOURS[0] + 1)


def change(
    *,
    actor: Viewer,
    mail: str,
    telephone: str,
    hour: int,
    away_from: date | None,
    away_until: date | None,
    stand_in_id: UUID | None,
    now: datetime,
) -> None:
    """Keeps how the actor is reached from now on, and who hears it while they are away.

    hour: local. away_from, away_until: the first and the last local date. Raises Refused beside
    the field.
    """
    mail, telephone = mail.strip(), persons.telephone(telephone)
    if mail and not _MAIL.fullmatch(mail):
        raise Refused(_("Hãy ghi địa chỉ dạng ten@co-quan.vn."), "mail")
    if telephone and (warning := persons.telephone_warning(telephone)):
        raise Refused(_(warning), "telephone")
    if hour not in HOURS:
        raise Refused(_("Giờ nhận thư từ 7 đến 16."), "hour")
    _check_days(away_from, away_until, local_date(now))
    if stand_in_id is not None and stand_in_id not in colleagues(actor, local_date(now)):
        raise Refused(_("Chỉ người cùng vai trò ở cùng đơn vị mới nghe thay được."), "stand_in_id")
    with transaction():
        person = db.session.merge(of(actor))
        person.mail, person.telephone, person.hour = mail, telephone, hour
        person.away_from, person.away_until = away_from, away_until
        person.stand_in_id = stand_in_id


def _check_days(away_from: date | None, away_until: date | None, today: date) -> None:
    if away_from and not away_until:
        raise Refused(_("Hãy ghi cả ngày cuối vắng mặt."), "away_until")
    if away_until and not away_from:
        raise Refused(_("Hãy ghi cả ngày đầu vắng mặt."), "away_from")
    if away_from and away_until and away_until < max(away_from, today):
        raise Refused(_("Ngày cuối không trước ngày đầu, cũng không trước hôm nay."), "away_until")


def try_out(way_name: str, *, actor: Viewer) -> None:
    """Sends the actor a few words by one way, at once. Raises Refused with what came back."""
    way, settings = WAYS[way_name], current_app.extensions["settings"]
    if not way.is_there(settings):
        raise Refused(_("Hệ thống chưa được cài đặt để gửi bằng cách này."))
    address = way.address(of(actor))
    if not address:
        raise Refused(_("Bạn chưa ghi địa chỉ hoặc số điện thoại của mình."))
    with force_locale(actor.language):
        words = _("Đây là thư thử của Dân Nguyện: nếu đọc được thì lời nhắc việc cũng sẽ đến.")
        parcel = Parcel(
            key=str(new_id()),
            to=address,
            subject=_("Thư thử của Dân Nguyện"),
            text=f"{words}\n{links.inbox_address()}\n",
            html=f'<p>{words}</p><p><a href="{links.inbox_address()}">Dân Nguyện</a></p>',
        )
    db.session.rollback()
    try:
        way.send(settings, parcel)
    except NotSent as failure:
        raise Refused(_("Không gửi được: %(error)s", error=str(failure))) from failure
