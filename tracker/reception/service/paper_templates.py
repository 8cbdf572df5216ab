"""Templates of papers that an office makes its own: put in once they were tried, taken back."""

import re
import zipfile
from datetime import datetime
from io import BytesIO
from typing import IO
from uuid import UUID

from docx.opc.exceptions import PackageNotFoundError
from flask_babel import gettext as _
from jinja2 import TemplateError

from tracker.cases.service.attaching import examined, keep, know
from tracker.core.clock import local_date
from tracker.core.content import FIELD, WORD
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import Refused
from tracker.reception.models import PaperTemplate
from tracker.reception.paper_contents import template_in_use
from tracker.reception.printing import render
from tracker.rules.papers import PAPERS, Paper, sample
from tracker.units.administration import must_manage, note
from tracker.units.models import Unit
from tracker.units.queries import Viewer
from tracker.units.unit_queries import exists_on

MOST_BYTES = 2 * 1024 * 1024
# What Word would fetch from elsewhere when the paper is opened; a link is followed by hand only.
_FETCHED = re.compile(rb'<Relationship\b(?=[^>]*TargetMode="External")(?![^>]*/hyperlink")[^>]*>')


def put_in(
    *, actor: Viewer, unit_id: UUID, paper: str, file: IO[bytes], name: str, now: datetime
) -> PaperTemplate:
    """From now on `unit_id`, and those below it in the same form of papers, print from `file`.

    paper: a name of `rules.papers`. name: what the file was called. The template that held
    before is kept. Raises Refused beside `file` for what can't be printed from, by its place.
    """
    must_manage(actor, unit_id)
    taken = examined(file, name)
    if taken.media_type != WORD.media_type or taken.size > MOST_BYTES:
        raise Refused(_("Mẫu phải là tệp Word .docx, không quá 2 MB."), FIELD)
    tried(PAPERS[paper], file)
    keep(taken)
    with transaction():
        unit = db.session.get(Unit, unit_id, with_for_update=True, populate_existing=True)
        if unit is None or not exists_on(unit, local_date(now)):
            raise Refused(_("Đơn vị không có trong thời gian này."), "unit_id")
        know(taken, now)
        if (before := template_in_use(PAPERS[paper], unit_id)) is not None:
            before.retired_at = now
        template = PaperTemplate(
            id=new_id(),
            unit_id=unit_id,
            paper=paper,
            file_name=taken.name,
            digest=taken.digest,
            user_id=actor.user_id,
            recorded_at=now,
        )
        db.session.add(template)
        note(actor, "add", PaperTemplate.__tablename__, template.id, now, text=taken.name)
    return template


def take_back(template_id: UUID, *, actor: Viewer, now: datetime) -> PaperTemplate:
    """The template is used no more; the unit prints as those above it do, or from ours."""
    with transaction():
        template = db.session.get_one(
            PaperTemplate, template_id, with_for_update=True, populate_existing=True
        )
        must_manage(actor, template.unit_id)
        if template.retired_at is None:
            template.retired_at = now
            note(actor, "retire", PaperTemplate.__tablename__, template_id, now)
    return template


def tried(paper: Paper, file: IO[bytes]) -> bytes:
    """What the template prints with invented data. Raises Refused where it prints nothing."""
    file.seek(0)
    content = file.read()
    _must_fetch_nothing(content)
    try:
        return render(BytesIO(content), sample(paper))
    except (TemplateError, SyntaxError, PackageNotFoundError, KeyError, ValueError) as error:
        raise Refused(_("Mẫu này không in ra được; hãy sửa từ mẫu có sẵn."), FIELD) from error


def _must_fetch_nothing(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".rels") and _FETCHED.search(archive.read(name)):
                raise Refused(_("Mẫu lấy nội dung từ nơi khác khi mở; hãy chép vào tệp."), FIELD)
