"""The receipt of a turn: to print, to send."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_login import current_user

from tracker.cases import service
from tracker.core import clock
from tracker.core.permissions import needs
from tracker.reception import receipt_papers, receipts
from tracker.reception.receipts import Receipt

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/cases/<uuid:case_id>/turns/<uuid:turn_id>/receipt")
@needs("case:create")
def show(case_id: UUID, turn_id: UUID) -> str:
    """The slip as a page, with what to send by message and by mail; `?paper=a5` prints it so."""
    receipt = _receipt(case_id, turn_id)
    address = url_for("citizens.open_form", _external=True)
    asked = request.args.get("paper")
    return render_template(
        "reception/receipt.html",
        case_id=case_id,
        receipt=receipt,
        address=address,
        warning=receipts.keep_to_yourself(),
        picture=receipt_papers.picture(_picture_address(receipt)).svg_data_uri(border=4),
        message=receipt.message(address),
        mail=receipt.mail(address),
        paper=asked if asked in receipt_papers.PAPERS else receipt_papers.PAPERS[0],
    )


@blueprint.get("/cases/<uuid:case_id>/turns/<uuid:turn_id>/receipts/<any(slip, a5):paper>")
@needs("case:create")
def download(case_id: UUID, turn_id: UUID, paper: str) -> Response:
    """The receipt as a PDF."""
    receipt = _receipt(case_id, turn_id)
    address = url_for("citizens.open_form", _external=True)
    written = receipt_papers.pdf(receipt, paper, address, _picture_address(receipt))
    headers: dict[str, Any] = {
        "Content-Disposition": f'inline; filename="bien-nhan-{receipt.code}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(written, mimetype="application/pdf", headers=headers)


def _receipt(case_id: UUID, turn_id: UUID) -> Receipt:
    """The receipt; that its secret was shown goes on record."""
    person = current_user._get_current_object()
    found = receipts.find(person, case_id, turn_id) or abort(404)
    service.note_receipt(case_id, reader=person, now=clock.now())
    return found


def _picture_address(receipt: Receipt) -> str:
    """Where the QR code leads: to the citizen's page with the code, never with the secret."""
    return url_for("citizens.open_form", code=receipt.code, _external=True)
