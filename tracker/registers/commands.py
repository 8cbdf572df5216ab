"""`tracker import`: a register from the command line."""

import json
from pathlib import Path

import click
from sqlalchemy import select

from tracker.core.clock import now
from tracker.core.db import db
from tracker.registers import demo, service
from tracker.registers.plan import PASSED_OVER_LABELS, Plan
from tracker.registers.remarks import UnreadableWorkbook
from tracker.rules.headings import REGISTERS
from tracker.rules.workflow import ROLE_LABELS
from tracker.units.models import Unit
from tracker.units.queries import command_line

SHOWN_ERRORS = 20


@click.command("demo")
def demo_office() -> None:
    """Nạp cơ quan mẫu (đơn vị, tài khoản, sổ dư luận) vào cơ sở dữ liệu trống."""
    if not demo.is_needed():
        click.echo("Cơ sở dữ liệu đã có dữ liệu; không nạp cơ quan mẫu.")
        return
    click.echo("Cơ quan mẫu. Mật khẩu chỉ hiện một lần này, hãy ghi lại:")
    for account in demo.load(now()):
        role = ROLE_LABELS[account.role]
        click.echo(f"  {account.login:<12} {account.password:<14} {account.name} – {role}")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--register", "kind", type=click.Choice(sorted(REGISTERS)), help="Loại sổ.")
@click.option("--unit", "unit_code", help="Mã đơn vị giữ sổ; không cần nếu chỉ có một.")
@click.option("--create", is_flag=True, help="Tạo địa bàn, đơn vị, lĩnh vực, nguồn chưa có.")
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
    """Nhập sổ theo dõi FILE (Excel): mỗi dòng thành một vụ việc hoặc được nêu lý do."""
    actor = command_line(_unit(unit_code))
    source = file.read_bytes()
    confirmed: dict[str, set[str]] | None = None if create else {}
    try:
        if dry_run:
            plan = service.preview(source, actor=actor, now=now(), kind=kind, confirmed=confirmed)
        else:
            plan = service.take_in(
                source,
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
    case_count = 0 if is_refused else len(plan.cases)
    if as_json:
        click.echo(json.dumps(_as_json(plan, case_count), ensure_ascii=False))
    else:
        _tell(file.name, plan, case_count, dry_run=dry_run)
    if is_refused:
        raise click.ClickException(_refusal(file.name, plan, dry_run=dry_run))


def _unit(code: str | None) -> Unit:
    """The unit of `code`; without a code the only one that stands below no other."""
    wanted = Unit.parent_id.is_(None) if code is None else Unit.code == code
    found = db.session.scalars(select(Unit).where(wanted).order_by(Unit.code).limit(2)).all()
    if code is None and len(found) > 1:
        raise click.UsageError("có nhiều đơn vị; hãy chọn bằng --unit MÃ")
    if not found:
        raise click.UsageError(f"không có đơn vị {code}" if code else "chưa có đơn vị nào")
    return found[0]


def _as_json(plan: Plan, case_count: int) -> dict[str, object]:
    return {
        "register": plan.register,
        "rows": plan.rows,
        "cases": case_count,
        "passed_over": plan.counts(),
        "errors": plan.error_rows(),
    }


def _tell(file_name: str, plan: Plan, case_count: int, *, dry_run: bool) -> None:
    done = "sẽ nhập" if dry_run else "đã nhập"
    click.echo(f"{file_name}: {plan.rows} dòng, {done} {case_count} vụ việc")
    for reason, count in plan.counts().items():
        if count:
            click.echo(f"  bỏ qua {count} {PASSED_OVER_LABELS[reason]}")
    for row in plan.passed_over:
        if row.reason == "repeated":
            click.echo(f"    dòng {row.row}: {row.detail}")
    for column, names in plan.unknown.items():
        click.echo(f"  chưa có trong danh mục ({column}): {'; '.join(names)}")
    for note in plan.notes:
        click.echo(f"  lưu ý: {note}")
    if not plan.cases and not plan.errors:
        click.echo("  không có gì mới: mọi dòng của tệp này đã được nhập")
    for error in plan.errors[:SHOWN_ERRORS]:
        value = f" “{error.value}”" if error.value else ""
        click.echo(f"  dòng {error.row}, cột {error.column}{value}: {error.why}", err=True)
    if len(plan.errors) > SHOWN_ERRORS:
        click.echo(f"  … và {len(plan.errors) - SHOWN_ERRORS} lỗi nữa (--json cho tất cả)", err=True)


def _refusal(file_name: str, plan: Plan, *, dry_run: bool) -> str:
    rows = len({(error.sheet, error.row) for error in plan.errors})
    hint = "" if not plan.unknown else "; --create tạo tên chưa có trong danh mục"
    verb = "Có" if dry_run else "Chưa nhập gì: có"
    return f"{file_name}: {verb} lỗi ở {rows} dòng; sửa tệp, hoặc --skip-errors{hint}"
