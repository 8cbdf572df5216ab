"""The application as WSGI servers want it: `gunicorn wsgi:app`."""

from tracker import create_app
from tracker.core.memory import settle

app = create_app()
settle()
