"""Pages of this area."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__)
