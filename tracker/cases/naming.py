"""The codes of other cases in a story: read only by who may see those cases."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases.models import Case
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.rules.workflow import CODE_PREFIXES
from tracker.units.queries import Viewer

# What the entries of these actions say is written by the application, with the other's code.
NAMING = frozenset({"link", "unlink", "merge", "merge_in", "unmerge", "split", "part", "protect"})
_CODE = re.compile(rf"\b(?:{'|'.join(sorted(set(CODE_PREFIXES.values())))})-\d{{4}}-\d{{5,}}\b")


def discreet(viewer: Viewer, entries: Iterable[Any]) -> dict[int, str]:
    """The texts of those of `entries` that name a case which `viewer` may not see, without it.

    By the place of the entry. One query, none where no entry names a case.
    """
    naming = [(place, entry.text) for place, entry in enumerate(entries) if entry.action in NAMING]
    named = {code for _place, text in naming for code in _CODE.findall(text)}
    if not named:
        return {}
    seen = set(
        db.session.scalars(select(Case.code).where(Case.code.in_(sorted(named)), visible(viewer)))
    )

    def told(found: re.Match[str]) -> str:
        return found[0] if found[0] in seen else _("vụ việc khác")

    return {place: _CODE.sub(told, text) for place, text in naming}
