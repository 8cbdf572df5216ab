"""The application as WSGI servers want it: `gunicorn wsgi:app`."""

from tracker import create_app

app = create_app()
