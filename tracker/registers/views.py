"""Pages of this area."""

from flask import Blueprint

blueprint = Blueprint("registers", __name__)
