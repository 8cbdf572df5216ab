"""Somebody at the citizen's page, with a receipt in hand."""

from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests.application import Client
from tracker.cases.models import Case, Submission
from tracker.core.db import db
from tracker.reception.receipts import code_of, secret_of

HOME = "203.0.113.7"


@dataclass
class Citizen:
    """Whoever holds the receipt of the case's first turn; `address`: where they connect from."""

    client: Client
    case: Case
    address: str = HOME

    @property
    def receipt(self) -> dict[str, str]:
        """What the receipt says."""
        turn = (
            db.session.query(Submission)
            .filter_by(case_id=self.case.id)
            .order_by(Submission.recorded_at, Submission.id)
            .first()
        )
        assert turn is not None
        return {"code": code_of(self.case), "secret": secret_of(turn.id)}

    def send(self, path: str = "/tra-cuu", **given: Any) -> TestResponse:
        """What comes of a form, which holds what the receipt says but for what is `given`."""
        sent = given if {"code", "secret"} <= given.keys() else self.receipt | given
        return self.client.post(path, data=sent, environ_base={"REMOTE_ADDR": self.address})

    def look(self) -> str:
        """The words of the result."""
        answer = self.send()
        assert answer.status_code == 200, answer.text
        return words(answer)

    def say(self, answer: str, reason: str = "") -> TestResponse:
        """What comes of saying whether one is satisfied."""
        return self.send("/tra-cuu/y-kien", is_satisfied=answer, reason=reason)


def words(answer: TestResponse) -> str:
    """The words of a page's main part."""
    main = BeautifulSoup(answer.text, "html.parser").main
    assert main is not None
    return " ".join(main.get_text(" ").split())
