"""The command `tracker report`."""

import sys
from pathlib import Path

import click

from tracker.core import clock
from tracker.reports import asking, excel, plain, word
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.reports.queries import paper_unit
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
    if written in FILES and out is None and sys.stdout.isatty():
        raise click.UsageError(f"Dạng {written} là tệp: hãy thêm --out TỆP.")
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
    content = _content(figures, written, unit_code)
    if out is None:
        click.echo(content, nl=False)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{out}: không ghi được ({error.strerror}).") from error


def _content(figures: Report, written: str, unit_code: str | None) -> bytes:
    if written == "json":
        return f"{plain.as_json(figures)}\n".encode()
    if written == "text":
        return f"{plain.as_text(figures)}\n".encode()
    unit = paper_unit(command_line(), unit_code)
    return (word if written == "docx" else excel).paper(figures, unit)
