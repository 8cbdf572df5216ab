"""The commands `tracker import` and `tracker demo`."""

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from tracker.core.clock import now
from tracker.core.db import db
from tracker.registers import demo, service
from tracker.registers.catalogue import CATALOGUES
from tracker.registers.plan import PASSED_OVER_LABELS, UNKNOWN_NAME, Confirmed, Plan
from tracker.registers.remarks import UnreadableWorkbook
from tracker.rules.headings import REGISTERS
from tracker.rules.vietnamese import format_number
from tracker.rules.workflow import ROLE_LABELS
from tracker.units.models import Unit
from tracker.units.queries import command_line

MOST_SHOWN = 20


@click.command("demo")
def demo_office() -> None:
    """Nạp cơ quan mẫu (đơn vị, tài khoản, sổ dư luận) vào cơ sở dữ liệu trống."""
    if not demo.is_needed():
        click.echo("Cơ sở dữ liệu đã có dữ liệu nên không nạp cơ quan mẫu.")
        click.echo("Quên mật khẩu: tracker user passwd TÊN (tracker user list: các tài khoản).")
        return
    click.echo("Cơ quan mẫu. Mật khẩu chỉ hiện một lần này, hãy ghi lại:")
    plan = demo.load(now(), show=_show)
    click.echo(f"Sổ mẫu: đã nhập {len(plan.cases)} vụ việc.")


def _show(account: demo.Account) -> None:
    role = ROLE_LABELS[account.role]
    click.echo(f"  {account.login:<12} {account.password:<20} {account.name} – {role}")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--register", "kind", type=click.Choice(sorted(REGISTERS)), help="Loại sổ.")
@click.option("--unit", "unit_code", help="Mã đơn vị giữ sổ; không cần nếu chỉ có một.")
@click.option("--create", is_flag=True, help="Tạo các tên chưa có trong danh mục.")
@click.option("--skip-errors", is_flag=True, help="Nhập các dòng đúng, bỏ các dòng lỗi.")
@click.option("--dry-run", is_flag=True, help="Chỉ đọc và kiểm tra, không ghi gì.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả bằng JSON.")
def import_register(
    file: Path,
    kind: str | None,
    unit_code: str | None,
    create: bool,
    skip_errors: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Nhập sổ theo dõi FILE (Excel): mỗi dòng thành một vụ việc hoặc được nêu lý do.

    Có dòng lỗi thì không nhập gì và kết thúc với mã lỗi, trừ khi có --skip-errors.
    """
    actor = command_line(_unit(unit_code))
    confirmed: Confirmed | None = None if create else {}
    try:
        if dry_run:
            plan = service.preview(file, actor=actor, now=now(), kind=kind, confirmed=confirmed)
        else:
            plan = service.take_in(
                file,
                file_name=file.name,
                actor=actor,
                now=now(),
                kind=kind,
                confirmed=confirmed,
                skip_errors=skip_errors,
            ).plan
    except UnreadableWorkbook as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    is_refused = bool(plan.errors) and not skip_errors
    case_count = 0 if is_refused and not dry_run else len(plan.cases)
    if as_json:
        click.echo(json.dumps(_as_json(plan, case_count), ensure_ascii=False))
    else:
        done = "đọc được" if dry_run else "đã nhập"
        click.echo(
            f"{file.name}: {format_number(plan.rows)} dòng,"
            f" {done} {format_number(case_count)} vụ việc"
        )
        _tell(plan)
    if is_refused:
        raise click.ClickException(_refusal(file.name, plan))


def _unit(code: str | None) -> Unit:
    """The unit of `code`; without a code the only one that stands below no other."""
    wanted = Unit.parent_id.is_(None) if code is None else Unit.code == code
    found = db.session.scalars(select(Unit).where(wanted).order_by(Unit.code).limit(2)).all()
    if code is None and len(found) > 1:
        raise click.UsageError("có nhiều đơn vị; hãy chọn bằng --unit MÃ")
    if not found:
        raise click.UsageError(
            f"không có đơn vị {code}" if code else "chưa có đơn vị nào; hãy chạy: tracker init"
        )
    return found[0]


def _as_json(plan: Plan, case_count: int) -> dict[str, Any]:
    """The plan as --json prints it; `case_count` cases were taken in, or would be."""
    return {
        "register": plan.register,
        "rows": plan.rows,
        "cases": case_count,
        "passed_over": plan.counts(),
        "errors": [
            {
                "row": error.row,
                "column": error.column,
                "value": error.value,
                "why": str(error.why),
            }
            for error in plan.errors
        ],
    }


def _tell(plan: Plan) -> None:
    """The plan in words: what is known to standard output, what is wrong to standard error."""
    if not plan.cases and not plan.errors:
        click.echo("  không có gì mới: mọi dòng của tệp này đã có trong hệ thống")
    for reason, count in plan.counts().items():
        if count:
            click.echo(f"  bỏ qua {format_number(count)} {PASSED_OVER_LABELS[reason]}")
    repeated = [row for row in plan.passed_over if row.reason == "repeated"]
    _tell_first([f"    dòng {row.row}: {row.detail}" for row in repeated], "dòng nữa")
    for column, names in plan.unknown.items():
        click.echo(f"  {_title(column)} chưa có trong danh mục: {'; '.join(names)}")
    for note in plan.notes:
        click.echo(f"  lưu ý: {note}")
    errors = [
        f"  dòng {error.row}, cột {error.column} “{error.value}”: {error.why}"
        for error in plan.errors
        if error.why.reason != UNKNOWN_NAME  # told above, once for all rows
    ]
    _tell_first(errors, "lỗi nữa (--json cho tất cả)", is_wrong=True)


def _tell_first(lines: list[str], rest: str, *, is_wrong: bool = False) -> None:
    for line in lines[:MOST_SHOWN]:
        click.echo(line, err=is_wrong)
    if len(lines) > MOST_SHOWN:
        click.echo(f"    … và {format_number(len(lines) - MOST_SHOWN)} {rest}", err=is_wrong)


def _title(column: str) -> str:
    return CATALOGUES[column].label.lower()


def _refusal(file_name: str, plan: Plan) -> str:
    hint = "; --create tạo các tên chưa có trong danh mục" if plan.unknown else ""
    rows = format_number(plan.error_row_count())
    return f"{file_name}: không nhập gì vì {rows} dòng có lỗi; sửa tệp, hoặc --skip-errors{hint}"
