"""Pages of this area."""

from flask import Blueprint

blueprint = Blueprint("units", __name__)
