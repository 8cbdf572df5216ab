"""Taking in a register of 100.000 rows by `tracker import`, beside the bare reading of its file."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter
from python_calamine import CalamineWorkbook

from bench import words
from bench.databases import Place, filled
from bench.figures import Figure, show
from bench.generate import write_content
from bench.load import SEED
from bench.office import DISTRICT_CODE

MOST_SECONDS = 60.0
MOST_MEGABYTES = 400.0
FIRST_DAY = date(2016, 5, 16)
DAYS = 1760
HEADINGS = (
    "STT", "Ngày tiếp nhận", "Nguồn phản ánh", "Lĩnh vực", "Nội dung dư luận", "Địa bàn",
    "Đơn vị được giao", "NGÀY GIAO", " Hạn trả lời ", "Ngày trả lời", "Kết quả giải quyết",
    "Ghi chú",
)  # fmt: skip
RESULTS = (
    "Đã giải quyết",
    "Đã giải quyết, trả lời bằng văn bản",
    "Đã trả lời, định hướng dư luận",
    "Đã xử lý xong",
)
STYLES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", None)


def run(database: str, rows: int) -> bool:
    """Prints how a register of `rows` rows goes in; returns whether it is within the targets."""
    with filled(database, 0) as place:
        file = Path(place.environment["TRACKER_INSTANCE"]) / "so-theo-doi.xlsx"
        write_register(file, rows)
        return measure(place, file, rows)


def measure(place: Place, file: Path, rows: int) -> bool:
    """The same with a file that is there already."""
    started = time.perf_counter()
    read = len(CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python())
    reading = time.perf_counter() - started
    seconds, processor_seconds, megabytes = _import(place, file)
    figures = [
        Figure("import", seconds, "s", MOST_SECONDS),
        Figure("of it on the processor", processor_seconds, "s"),
        Figure("most memory held", megabytes, "MB", MOST_MEGABYTES),
        Figure("rows per second", rows / seconds, "rows"),
        Figure("bare reading of the same file", reading, "s"),
        Figure("bare reading, rows per second", read / reading, "rows"),
        Figure("import / bare reading", seconds / reading, "times"),
    ]
    return show(f"Import of a register of {rows:,} rows, {place.describe()}", figures)


def _import(place: Place, file: Path) -> tuple[float, float, float]:
    """What `tracker import` takes: seconds, those on the processor, megabytes.

    Raises RuntimeError where it fails.
    """
    command = str(Path(sys.executable).with_name("tracker"))
    started = time.perf_counter()
    process = subprocess.Popen(
        [command, "import", str(file), "--unit", DISTRICT_CODE, "--create"],
        env=place.environment,
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"tracker import: exit code {process.returncode}")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024  # Linux tells it in kB


def write_register(file: Path, rows: int) -> None:
    """A workbook as the sample's: title rows, dates in several styles, subtotals by month."""
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True})
    day_format = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Sổ theo dõi DLXH")
    sheet.write_row(0, 0, ["SỔ THEO DÕI, GIẢI QUYẾT DƯ LUẬN XÃ HỘI"])
    sheet.write_row(3, 0, HEADINGS)
    for line, cells in enumerate(_lines(rows, Random(SEED)), 4):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(line, column, cell, day_format)
            else:
                sheet.write(line, column, cell)
    book.close()


def _lines(rows: int, rng: Random) -> Iterator[list[object]]:
    month, in_month = FIRST_DAY, 0
    for number in range(1, rows + 1):
        received_on = FIRST_DAY + timedelta(days=(number - 1) * DAYS // rows)
        if received_on.month != month.month:
            yield [f"Cộng tháng {month.month}/{month.year}", "", "", "", in_month]
            month, in_month = received_on, 0
        in_month += 1
        yield _line(number, received_on, rng)
    yield ["Tổng cộng", "", "", "", rows]


def _line(number: int, received_on: date, rng: Random) -> list[object]:
    matter, area = rng.choice(words.MATTERS), rng.choice(words.WARDS)
    style = rng.choice(STYLES)

    def written(days: int) -> object:
        day = received_on + timedelta(days=days)
        return day.strftime(style) if style else day

    is_answered = rng.random() < 0.97
    return [
        number,
        written(0),
        rng.choice(words.CHANNELS),
        matter.field,
        write_content(matter, area, rng),
        rng.choice(("phường {}", "P. {}", "{}")).format(area),
        rng.choice((f"UBND phường {area}", matter.department)),
        written(rng.randrange(5)),
        written(30),
        written(5 + rng.randrange(30)) if is_answered else "",
        rng.choice(RESULTS) if is_answered else "",
        "",
    ]
