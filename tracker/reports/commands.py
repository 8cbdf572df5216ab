"""The command `tracker report`."""

import sys
from pathlib import Path

import click

from tracker.core import clock
from tracker.reports import asking, excel, plain, reception_papers, reception_wording, word
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.reports.queries import paper_unit
from tracker.reports.reception import (
    MEETING_LABELS,
    RECEPTION,
    ReceptionReport,
    reception_report,
)
from tracker.reports.reception_queries import RECEPTION_BREAKDOWNS
from tracker.reports.service import Report, opinion_report
from tracker.units.queries import command_line

FORMATS = ("text", "json", "docx", "xlsx")
FILES = ("docx", "xlsx")


@click.group()
def report() -> None:
    """Báo cáo số liệu."""


@report.command()
@click.option("--from", "first", required=True, metavar="NGÀY", help="Ngày đầu kỳ.")
@click.option("--to", "last", required=True, metavar="NGÀY", help="Ngày cuối kỳ.")
@click.option(
    "--as-of",
    default="",
    metavar="THỜI ĐIỂM",
    help="Tính trên những gì hệ thống đã ghi đến lúc này: một ngày (hết ngày đó) hoặc"
    " 2021-03-10T09:00+07:00; mặc định là bây giờ.",
)
@click.option("--by", type=click.Choice(list(BREAKDOWNS)), help="Phân theo.")
@click.option("--unit", "unit_code", metavar="MÃ", help="Chỉ đơn vị tiếp nhận này và cấp dưới.")
@click.option("--format", "written", type=click.Choice(FORMATS), default="text", help="Dạng.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Ghi vào tệp này.")
def opinion(
    first: str,
    last: str,
    as_of: str,
    by: str | None,
    unit_code: str | None,
    written: str,
    out: Path | None,
) -> None:
    """Báo cáo dư luận xã hội. Ngày viết 2021-03-10 hoặc 10/3/2021."""
    _check_out(written, out)
    now = clock.now()
    figures = opinion_report(
        command_line(),
        first=asking.read_day(first, "first"),
        last=asking.read_day(last, "last"),
        as_of=asking.read_as_of(as_of, now),
        by=by,
        unit_code=unit_code,
        now=now,
    )
    _put_out(_content(figures, written, unit_code), out)


@report.command()
@click.option("--from", "first", required=True, metavar="NGÀY", help="Ngày đầu kỳ.")
@click.option("--to", "last", required=True, metavar="NGÀY", help="Ngày cuối kỳ.")
@click.option("--by", type=click.Choice(list(RECEPTION_BREAKDOWNS)), help="Phân theo.")
@click.option("--unit", "unit_code", metavar="MÃ", help="Chỉ đơn vị tiếp này và cấp dưới.")
@click.option(
    "--meetings",
    "kind",
    type=click.Choice(list(MEETING_LABELS)),
    default=RECEPTION,
    help="Loại buổi.",
)
@click.option("--format", "written", type=click.Choice(FORMATS), default="text", help="Dạng.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Ghi vào tệp này.")
def reception(
    first: str,
    last: str,
    by: str | None,
    unit_code: str | None,
    kind: str,
    written: str,
    out: Path | None,
) -> None:
    """Báo cáo tiếp công dân. Ngày viết 2021-03-10 hoặc 10/3/2021."""
    _check_out(written, out)
    figures = reception_report(
        command_line(),
        first=asking.read_day(first, "first"),
        last=asking.read_day(last, "last"),
        by=by,
        unit_code=unit_code,
        kind=kind,
        now=clock.now(),
    )
    _put_out(_reception_content(figures, written, unit_code), out)


def _check_out(written: str, out: Path | None) -> None:
    if written in FILES and out is None and sys.stdout.isatty():
        raise click.UsageError(f"Dạng {written} là tệp: hãy thêm --out TỆP.")


def _put_out(content: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(content, nl=False)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{out}: không ghi được ({error.strerror}).") from error


def _reception_content(figures: ReceptionReport, written: str, unit_code: str | None) -> bytes:
    if written == "json":
        return f"{reception_wording.as_json(figures)}\n".encode()
    if written == "text":
        return f"{reception_wording.as_text(figures)}\n".encode()
    unit = paper_unit(command_line(), unit_code)
    if unit is None:
        raise click.ClickException("chưa có đơn vị nào.")
    maker = reception_papers.word if written == "docx" else reception_papers.excel
    return maker(figures, unit)


def _content(figures: Report, written: str, unit_code: str | None) -> bytes:
    if written == "json":
        return f"{plain.as_json(figures)}\n".encode()
    if written == "text":
        return f"{plain.as_text(figures)}\n".encode()
    unit = paper_unit(command_line(), unit_code)
    return (word if written == "docx" else excel).paper(figures, unit)
