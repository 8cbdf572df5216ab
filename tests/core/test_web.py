"""Figures as the language of the page writes them."""

from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from tracker.core.web import percent


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        ("97.53", "97,5%", "97.5%"),
        ("99.99", "trên 99,9%", "over 99.9%"),
        ("0.01", "dưới 0,1%", "under 0.1%"),
        ("100", "100%", "100%"),
    ],
)
def test_percentages(application: Flask, value: str, vietnamese: str, english: str) -> None:
    with application.test_request_context():
        assert percent(Decimal(value)) == vietnamese
        with force_locale("en"):
            assert percent(Decimal(value)) == english
