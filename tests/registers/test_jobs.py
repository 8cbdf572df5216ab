"""Imports at work: watched, left, stopped, asked twice, interrupted."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from tests.application import Client
from tests.factories import Office
from tests.registers.visits import case_count, confirm, folder, names, page, upload, wait
from tests.registers.workbooks import case
from tracker.cases.models import Area
from tracker.core.db import db
from tracker.registers import jobs
from tracker.rules.workflow import Role

Register = Callable[..., Path]


def test_progress_can_be_watched_left_and_returned_to(
    officer: Client, file: Register, held_back: threading.Event
) -> None:
    address = upload(officer, file(case(), case(number=2)))
    confirm(officer, address, **names(page(officer, address)))
    for _attempt in range(500):
        watched = page(officer, address)
        if "1 trên 2 dòng" in watched.text:
            break
        threading.Event().wait(0.01)
    bar = watched.select_one("progress")
    assert bar is not None
    assert bar["value"] == "50"
    assert watched.select_one("noscript meta[http-equiv=refresh]") is not None
    polled = watched.select_one("main [hx-get]")
    assert polled is not None
    fragment = officer.get(str(polled["hx-get"]), headers={"HX-Request": "true"})
    assert "1 trên 2 dòng" in fragment.text
    assert "<html" not in fragment.text
    unfinished = {link["href"] for link in page(officer, "/imports").select("main ul a")}
    assert unfinished == {address}
    assert case_count() == 0

    held_back.set()
    wait()
    sent_on = officer.get(address, headers={"HX-Request": "true"}).headers["HX-Redirect"]
    assert "Đã nhập 2 vụ việc" in page(officer, sent_on).text
    assert page(officer, "/imports").select("main ul a") == []


def test_stopping_in_the_middle_leaves_nothing(
    officer: Client, file: Register, held_back: threading.Event, app: Flask
) -> None:
    address = upload(officer, file(case(area="Cự Khối")))
    confirm(officer, address, **names(page(officer, address)))
    assert officer.post(f"{address}/cancellations").status_code == 303
    held_back.set()
    wait()
    assert "đã được dừng; không có gì được ghi" in page(officer, address).text
    assert case_count() == 0
    assert "Cự Khối" not in set(db.session.scalars(select(Area.name)))
    assert not (folder(app, address) / "register").exists()


def test_a_stop_that_comes_too_late_doesn_t_deny_what_was_written(
    officer: Client, file: Register
) -> None:
    address = upload(officer, file(case()))
    confirm(officer, address, **names(page(officer, address)))
    wait()
    officer.post(f"{address}/cancellations")
    assert "Đã nhập 1 vụ việc" in page(officer, address).text
    assert case_count() == 1


def test_the_preview_can_be_declined(officer: Client, file: Register, app: Flask) -> None:
    address = upload(officer, file(case()))
    asked = names(page(officer, address))
    officer.post(f"{address}/cancellations")
    assert "đã được dừng" in page(officer, address).text
    assert not (folder(app, address) / "register").exists()
    confirm(officer, address, **asked)
    wait()
    assert case_count() == 0


def test_a_second_click_does_nothing_more(
    officer: Client, file: Register, held_back: threading.Event
) -> None:
    address = upload(officer, file(case()))
    asked = names(page(officer, address))
    confirm(officer, address, **asked)
    confirm(officer, address, **asked)
    held_back.set()
    wait()
    confirm(officer, address, **asked)
    wait()
    assert case_count() == 1
    assert "Đã nhập 1 vụ việc" in page(officer, address).text


def test_a_job_is_its_owner_s_alone(
    officer: Client, office: Office, file: Register, app: Flask
) -> None:
    address = upload(officer, file(case()))
    colleague = Client(app, app.response_class)
    colleague.sign_in(office.user(Role.RECEPTION_OFFICER))
    page(colleague, address, 404)
    assert colleague.post(f"{address}/confirmations").status_code == 404
    assert colleague.post(f"{address}/cancellations").status_code == 404
    assert "so.xlsx" not in page(colleague, "/imports").text
    assert len(page(officer, address).select("form[action$=confirmations]")) == 1


def test_a_worker_that_died_is_told_and_its_file_forgotten(
    officer: Client, file: Register, app: Flask
) -> None:
    address = upload(officer, file(case()))
    state = folder(app, address) / "state.json"
    kept = json.loads(state.read_text(encoding="utf-8"))
    state.write_text(json.dumps(kept | {"stage": "writing"}), encoding="utf-8")
    assert "bị ngắt giữa chừng" in page(officer, address).text
    assert not (folder(app, address) / "register").exists()
    assert page(officer, "/imports").select("main ul a") == []


def test_a_worker_that_died_after_all_was_written_is_done(
    officer: Client, file: Register, app: Flask
) -> None:
    address = upload(officer, file(case()))
    confirm(officer, address, **names(page(officer, address)))
    wait()
    state = folder(app, address) / "state.json"
    kept = json.loads(state.read_text(encoding="utf-8"))
    state.write_text(json.dumps(kept | {"stage": "writing"}), encoding="utf-8")
    assert "Đã nhập 1 vụ việc" in page(officer, address).text


def test_files_are_kept_until_they_are_taken_in_or_a_week(
    officer: Client, file: Register, app: Flask
) -> None:
    taken_in = upload(officer, file(case()))
    confirm(officer, taken_in, **names(page(officer, taken_in)))
    wait()
    assert not (folder(app, taken_in) / "register").exists()
    left = upload(officer, file(case(content="Khác")))
    assert (folder(app, left) / "register").exists()
    with app.app_context():
        jobs.forget_old(datetime.now(UTC) + timedelta(days=6))
        assert folder(app, left).exists()
        # A file's age is told by the machine's own clock, which a test can't set.
        jobs.forget_old(datetime(2100, 1, 1, tzinfo=UTC))
    assert not folder(app, left).exists()
    page(officer, left, 404)
