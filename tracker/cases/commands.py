"""The command `tracker check-files`: whether the store still holds what the database names."""

import hashlib

import click
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases.models import StoredFile
from tracker.core.db import db
from tracker.core.storage import BLOCK_BYTES, StorageFailure, storage


@click.command("check-files")
def check_files() -> None:
    """Đối chiếu từng tệp trong kho với mã băm của nó; chỉ đọc, không sửa gì."""
    wrong = 0
    digests = db.session.scalars(select(StoredFile.digest).order_by(StoredFile.digest)).all()
    for digest in digests:
        if (complaint := _complaint(digest)) is not None:
            wrong += 1
            click.echo(f"{digest}: {complaint}", err=True)
    if wrong:
        raise click.ClickException(
            _("%(wrong)s trong %(all)s tệp bị mất hoặc hỏng.", wrong=wrong, all=len(digests))
        )
    click.echo(_("Đã đối chiếu %(all)s tệp: đủ và nguyên vẹn.", all=len(digests)))


def _complaint(digest: str) -> str | None:
    found = hashlib.sha256()
    try:
        with storage().open(digest) as content:
            while block := content.read(BLOCK_BYTES):
                found.update(block)
    except StorageFailure:
        return _("không có trong kho")
    return None if found.hexdigest() == digest else _("nội dung đã bị thay đổi")
