"""An office's own templates: tried before they are used, and never more than data."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from docx import Document

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.core.db import db
from tracker.core.errors import NotAllowed, Refused
from tracker.reception.models import PaperTemplate
from tracker.reception.paper_contents import ours, own_template
from tracker.reception.printing import render
from tracker.reception.service import paper_templates as service
from tracker.rules.papers import PAPERS, sample
from tracker.rules.workflow import Role

Visit = Callable[[Role], Visitor]
PAPER = PAPERS["guidance"]
OWN = "Mẫu riêng của phường: {{ reason }}, gửi {{ sent_to }}"


def template(*lines: str) -> BytesIO:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    written = BytesIO()
    document.save(written)
    written.seek(0)
    return written


def put_in(office: Office, now: datetime, file: BytesIO, **given: object) -> PaperTemplate:
    wanted = {
        "actor": office.viewer(Role.ADMINISTRATOR),
        "unit_id": office.committee.id,
        "paper": PAPER.name,
        "name": "Mẫu hướng dẫn.docx",
        "now": now,
    } | given
    return service.put_in(file=file, **wanted)


def words(content: bytes) -> list[str]:
    return [line.text for line in Document(BytesIO(content)).paragraphs]


@pytest.mark.parametrize("form", ["party", "government"])
@pytest.mark.parametrize("name", PAPERS)
def test_our_own_templates_pass_the_check_and_leave_no_placeholder(
    app: object, name: str, form: str
) -> None:
    printed = service.tried(PAPERS[name], BytesIO(ours(PAPERS[name], form).read_bytes()))
    with zipfile.ZipFile(BytesIO(printed)) as archive:
        text = archive.read("word/document.xml").decode()
    assert "{{" not in text
    assert "{%" not in text
    assert sample(PAPERS[name])["office"] in text


@pytest.mark.parametrize(
    "line, said",
    [
        ("{{ citizen_name }}", "“citizen_name”"),
        ("{{ reason.__class__ }}", "“reason.__class__”"),
        ("{{ ''.__class__.__mro__ }}", "__mro__"),
        ("{{ cycler() }}", "cycler()"),
        ("{{ reason|attr('__class__') }}", "attr"),
        ("{{ superiors[0] }}", "superiors[0]"),
        ("{{ 'a' * 1000000000 }}", "1000000000"),
        ("{% for n in range(1000000000) %}{{ n }}{% endfor %}", "range(1000000000)"),
        (
            "{% for a in superiors %}{% for b in superiors %}{{ a }}{% endfor %}{% endfor %}",
            "superiors",
        ),
        ("{% set x = reason %}", "set x"),
        ("{% include 'secret.txt' %}", "include"),
        ("{% macro again() %}{{ again() }}{% endmacro %}", "macro"),
        ("{% for line in superiors %}{{ line.office }}{% endfor %}", "“line.office”"),
        ("{% if %}", "{% if %}"),
        ("{{ reason", "reason"),
    ],
)
def test_a_template_that_is_a_program_is_refused_by_its_place(
    app: object, line: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        service.tried(PAPER, template("Kính gửi", line))
    assert refused.value.field == "file"
    assert "\n" not in refused.value.reason
    assert said in refused.value.reason


def test_conditions_loops_and_capitals_are_taken(app: object) -> None:
    said = words(
        render(
            template(
                "{% for line in superiors %}{{ loop.index }}. {{ line }}{% endfor %}",
                "{% if sent_to and not due_on == '' %}{{ sent_to|upper }}{% endif %}",
            ),
            sample(PAPER) | {"sent_to": "<b>phường</b> {{ office }}"},
        )
    )
    assert said == ["1. THÀNH ỦY HÀ NỘI", "<B>PHƯỜNG</B> {{ OFFICE }}"]


def test_a_template_that_fetches_from_elsewhere_is_refused(app: object) -> None:
    fetching = template(OWN)
    with zipfile.ZipFile(fetching) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    relations = "word/_rels/document.xml.rels"
    members[relations] = members[relations].replace(
        b"</Relationships>",
        b'<Relationship Id="rX" TargetMode="External" Target="http://x/t.dotm" Type='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
        b"</Relationships>",
    )
    changed = BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(Refused, match="nơi khác"):
        service.tried(PAPER, changed)


def test_only_word_is_taken(office: Office, now: datetime) -> None:
    with pytest.raises(Refused, match="Word"):
        put_in(office, now, BytesIO("chỉ là chữ".encode()), name="mau.txt")
    with pytest.raises(Refused, match="hỏng"):
        put_in(office, now, BytesIO(b"PK\x03\x04 torn"))
    assert db.session.query(PaperTemplate).count() == 0


def test_the_nearest_template_in_the_same_form_holds(office: Office, now: datetime) -> None:
    of_all = put_in(office, now, template(OWN))
    assert own_template(PAPER, office.agency).id == of_all.id
    of_agency = put_in(office, now, template(OWN, "2"), unit_id=office.agency.id)
    assert own_template(PAPER, office.agency).id == of_agency.id
    assert own_template(PAPER, office.other_agency).id == of_all.id
    assert own_template(PAPERS["refusal"], office.agency) is None
    office.other_agency.paper = "party"
    db.session.commit()
    assert own_template(PAPER, office.other_agency) is None
    newer = put_in(office, now, template(OWN, "3"))
    db.session.expire_all()
    assert of_all.retired_at == now
    assert own_template(PAPER, office.committee).id == newer.id
    for each in (newer, of_agency):
        service.take_back(each.id, actor=office.viewer(Role.ADMINISTRATOR), now=now)
    assert own_template(PAPER, office.agency) is None


def test_only_the_units_own_administrator_changes_it(office: Office, now: datetime) -> None:
    stranger = make_office("Huyện ủy Gia Lâm")
    with pytest.raises(NotAllowed):
        put_in(stranger, now, template(OWN), unit_id=office.committee.id)
    put = put_in(office, now, template(OWN))
    with pytest.raises(NotAllowed):
        service.take_back(put.id, actor=stranger.viewer(Role.ADMINISTRATOR), now=now)


def test_an_administrator_replaces_a_template_on_the_page(
    office: Office, visit: Visit, client: Client
) -> None:
    administrator = visit(Role.ADMINISTRATOR)
    address = f"/administration/papers/{PAPER.name}"
    page = administrator.get(address)
    assert "{{ sent_to }}" in page.text
    unit = str(office.committee.id)
    sent = {"unit_id": unit, "file": (template("{{ secret }}"), "mau.docx")}
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert "“secret” không phải chỗ điền sẵn" in answer.text
    sent = {"unit_id": unit, "file": (template(OWN), "mau.docx")}
    assert client.post(address, data=sent).status_code == 302
    [put] = db.session.query(PaperTemplate)
    base = f"/administration/papers/templates/{put.id}"
    assert words(client.get(f"{base}.docx").data) == [OWN]
    [line] = words(client.get(f"{base}/preview.docx").data)
    assert sample(PAPER)["sent_to"] in line
    for form in ("government", "party"):
        assert client.get(f"{address}/ours/{form}.docx").status_code == 200
        assert client.get(f"{address}/ours/{form}/preview.docx").status_code == 200
    administrator.post(f"{base}/retire")
    assert "ngừng dùng" in administrator.get(address).text
    visit(Role.COORDINATOR)
    assert client.get(f"{base}.docx").status_code == 403
