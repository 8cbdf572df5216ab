"""Dân Nguyện: a tracker of what citizens bring to their local authorities."""

from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from tracker.settings import Settings

# Views that belong to the blueprint of their area: they put themselves there when imported.
MORE_VIEWS = (
    "tracker.cases.bulk_views",
    "tracker.cases.file_views",
    "tracker.cases.together_views",
    "tracker.cases.turn_views",
    "tracker.reception.event_lists",
    "tracker.reception.offline_views",
    "tracker.reception.planning_views",
    "tracker.reports.briefing_views",
    "tracker.reports.reception_views",
)


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The application with all its areas.

    settings: those of the environment where None. Raises ConfigurationError.
    """
    # Imported here so that the rules, which live below this package, need no Flask.
    from flask import Flask
    from flask_compress import Compress
    from werkzeug.middleware.proxy_fix import ProxyFix

    from tracker.audit.views import blueprint as audit
    from tracker.cases.calendar_views import blueprint as calendar
    from tracker.cases.catalogue_views import blueprint as catalogues
    from tracker.cases.handover_views import blueprint as handover
    from tracker.cases.person_views import blueprint as persons
    from tracker.cases.text_views import blueprint as texts
    from tracker.cases.views import blueprint as cases
    from tracker.chasing.clock_views import blueprint as chasing
    from tracker.chasing.health_views import blueprint as health
    from tracker.chasing.reaching_views import blueprint as reaching
    from tracker.chasing.views import blueprint as inbox
    from tracker.core.assets import init_assets
    from tracker.core.crypto import init_crypto
    from tracker.core.db import init_db
    from tracker.core.permissions import init_permissions
    from tracker.core.web import init_web
    from tracker.reception.citizen_views import blueprint as citizens
    from tracker.reception.entry_views import blueprint as reception
    from tracker.reception.event_views import blueprint as events
    from tracker.reception.paper_views import blueprint as papers
    from tracker.reception.receipt_views import blueprint as receipts
    from tracker.reception.register_views import blueprint as register03
    from tracker.reception.sheet_views import blueprint as sheets
    from tracker.reception.template_views import blueprint as paper_templates
    from tracker.registers.views import blueprint as registers
    from tracker.reports.views import blueprint as reports
    from tracker.settings import PROJECT, Settings
    from tracker.units.seeing_views import blueprint as seeing
    from tracker.units.sessions import init_sessions
    from tracker.units.unit_views import blueprint as offices
    from tracker.units.user_views import blueprint as people
    from tracker.units.views import blueprint as units

    for name in MORE_VIEWS:
        import_module(name)
    settings = settings or Settings.load()
    app = Flask("tracker", template_folder=str(PROJECT / "templates"), static_folder=None)
    app.config.update(_configuration(settings))
    app.extensions["settings"] = settings
    init_db(app)
    assert settings.key_file is not None
    init_crypto(app, settings.key_file)
    # Before the forms' tokens are looked at: whoever isn't signed in any more is asked to sign in,
    # and not told that the form is old.
    init_sessions(app)
    init_permissions(app)
    init_web(app)
    Compress(app)
    init_assets(app)
    for blueprint in (
        units,
        seeing,
        offices,
        people,
        handover,
        catalogues,
        texts,
        cases,
        persons,
        calendar,
        reception,
        sheets,
        register03,
        papers,
        paper_templates,
        events,
        receipts,
        citizens,
        registers,
        reports,
        audit,
        inbox,
        chasing,
        reaching,
        health,
    ):
        app.register_blueprint(blueprint)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    return app


def _configuration(settings: "Settings") -> dict[str, Any]:
    """Our settings in the words of Flask and its extensions."""
    import orjson

    from tracker.core.db import write_json
    from tracker.settings import PROJECT

    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ECHO": settings.statement_log,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,
            "json_serializer": write_json,
            "json_deserializer": orjson.loads,
        },
        "MAX_CONTENT_LENGTH": settings.max_upload_megabytes * 1024 * 1024,
        # A text that is far too long is told so beside its field, and not lost.
        "MAX_FORM_MEMORY_SIZE": 16 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": settings.session_hours * 3600,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "BABEL_TRANSLATION_DIRECTORIES": str(PROJECT / "translations"),
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "COMPRESS_MIMETYPES": ["text/html", "application/json", "image/svg+xml"],
        "BOOTSTRAP_SERVE_LOCAL": True,
    }
