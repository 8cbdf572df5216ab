"""Keys are made, changed and forgotten while others work; what was sealed stays readable."""

import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import true

from tests.factories import Office, make_office
from tracker.core.crypto import KeyRing, Unreadable, key_file, key_ring
from tracker.core.db import db, transaction
from tracker.people import keys as sealing_keys
from tracker.people import service
from tracker.people.commands import keys
from tracker.people.models import Person, PersonCorrection
from tracker.people.sealing import Particulars, unseal, unseal_correction
from tracker.rules.workflow import Role


@pytest.fixture
def office(session) -> Office:
    return make_office()


@pytest.fixture(autouse=True)
def _keys_as_before(app: Flask) -> Iterator[None]:
    with app.app_context():
        before = key_ring()
    yield
    with app.app_context():
        key_file().write(before)


def remember(office: Office, now: datetime, number: int, **given: str) -> Person:
    particulars = Particulars(**({"name": "Nhung", "telephone": f"09123{number:05}"} | given))
    with transaction():
        person_id = service.remember(
            particulars,
            unit_id=office.committee.id,
            user_id=office.user(Role.RECEPTION_OFFICER).id,
            now=now,
            among=true(),
        )
    return db.session.get_one(Person, person_id)


def run(*words: str) -> Result:
    result = CliRunner().invoke(keys, words)
    db.session.expire_all()
    return result


def listed() -> list[list[str]]:
    return [line.split("\t") for line in run("list").stdout.splitlines()]


def test_all_is_sealed_anew_and_the_old_key_can_go(
    office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing_keys, "BATCH", 3)
    people = [remember(office, now, number) for number in range(7)]
    remember(office, now, 0, address="20 Ngọc Lâm")
    digests = [person.telephone_digest for person in people]
    first = key_ring().current
    assert listed() == [[first, "hiện hành", "8"]]
    assert run("rotate").exit_code == 0
    second = key_ring().current
    assert listed() == [[first, "cũ", "0"], [second, "hiện hành", "8"]]
    assert run("rotate", "--forget-old").exit_code == 0
    third = key_ring().current
    assert listed() == [[third, "hiện hành", "8"]]
    assert [person.telephone_digest for person in people] == digests
    assert [unseal(person).telephone for person in people] == [
        f"09123{number:05}" for number in range(7)
    ]
    [correction] = db.session.query(PersonCorrection).all()
    assert unseal_correction(correction)[1].address == "20 Ngọc Lâm"
    assert remember(office, now, 3).id == people[3].id


def test_a_rotation_that_was_cut_off_goes_on_with_its_own_key(
    office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing_keys, "BATCH", 2)
    people = [remember(office, now, number) for number in range(5)]
    sealing_keys.begin_rotation()
    begun = key_ring()
    assert next(sealing_keys.reseal()) == (2, 0)
    db.session.expire_all()
    assert {person.key_name for person in people} == set(begun.sealing)
    assert run("rotate", "--forget-old").exit_code == 0
    assert list(key_ring().sealing) == [begun.current]
    assert {unseal(person).name for person in people} == {"Nhung"}


def test_a_key_that_still_seals_something_is_never_forgotten(office: Office, now: datetime) -> None:
    person = remember(office, now, 1)
    sealing_keys.begin_rotation()
    assert sealing_keys.forget_old() == []
    assert unseal(person).name == "Nhung"


def test_what_can_t_be_opened_is_told_and_left(office: Office, now: datetime) -> None:
    lost, kept = remember(office, now, 1), remember(office, now, 2)
    whole = key_ring()
    lost.key_name = "77"
    db.session.commit()
    result = run("rotate", "--forget-old")
    assert result.exit_code == 1
    assert "1 mục không mở được" in result.stderr
    assert ["77", "thiếu", "1"] in listed()
    assert unseal(kept).name == "Nhung"
    with pytest.raises(Unreadable):
        unseal(lost)
    key_file().write(KeyRing("77", {"77": whole.sealing[whole.current]}, whole.lookup))
    assert unseal(lost).name == "Nhung"


def test_people_are_written_down_while_keys_change(
    app: Flask, office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing_keys, "BATCH", 2)
    unit_id, user_id = office.committee.id, office.user(Role.RECEPTION_OFFICER).id
    failures: list[BaseException] = []

    def write_down(begin: int) -> None:
        try:
            with app.app_context():
                for number in range(begin, begin + 15):
                    with transaction():
                        service.remember(
                            Particulars(name="Nhung", telephone=f"09123{number:05}"),
                            unit_id=unit_id,
                            user_id=user_id,
                            now=now,
                            among=true(),
                        )
        except BaseException as failure:
            failures.append(failure)
            raise

    def rotate() -> None:
        try:
            with app.app_context():
                for _again in range(4):
                    sealing_keys.begin_rotation()
                    for _batch in sealing_keys.reseal():
                        pass
                    sealing_keys.forget_old()
        except BaseException as failure:
            failures.append(failure)
            raise

    db.session.commit()
    jobs = [threading.Thread(target=write_down, args=(begin,)) for begin in (0, 100)]
    jobs += [threading.Thread(target=rotate) for _each in range(2)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert failures == []
    people = db.session.query(Person).all()
    assert len(people) == 30
    assert {unseal(person).name for person in people} == {"Nhung"}
