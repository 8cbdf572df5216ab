"""What a machine asks: whether the worker does its jobs, and its figures. Nothing of anybody."""

import hmac
from http import HTTPStatus

from flask import Blueprint, abort, current_app, jsonify, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from tracker.chasing import standing
from tracker.core import clock
from tracker.core.permissions import PUBLIC, needs
from tracker.settings import Settings

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@needs(PUBLIC)
def health() -> tuple[Response, int]:
    """Whether all is well: 200, or 503 where a job is long overdue or the database away."""
    try:
        ages = standing.ages(clock.now())
    except DBAPIError:
        current_app.logger.exception("the database can't be reached")
        return jsonify(ok=False), HTTPStatus.SERVICE_UNAVAILABLE
    is_well = standing.is_well(ages)
    seconds = {name: None if age is None else round(age) for name, age in ages.items()}
    status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(ok=is_well, seconds_since=seconds), status


@blueprint.get("/metrics")
@needs(PUBLIC)
def metrics() -> Response:
    """The figures in the words of Prometheus; not there for whoever doesn't show the key."""
    settings: Settings = current_app.extensions["settings"]
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    key = settings.metrics_key
    if not key or not hmac.compare_digest(shown.encode(), key.encode()):
        abort(404)
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """The figures of now: kept in the database and not in this process, one of many."""
    now, registry = clock.now(), CollectorRegistry()

    def gauge(name: str, meaning: str, value: float | None = None, label: str = "") -> Gauge:
        made = Gauge(f"tracker_{name}", meaning, [label] if label else [], registry=registry)
        if value is not None:
            made.set(value)
        return made

    outbox = standing.outbox(now)
    gauge("outbox_waiting", "Messages that wait to leave", outbox.waiting)
    gauge("outbox_oldest_seconds", "How long the oldest of them waits", outbox.oldest)
    gauge("outbox_given_up", "Messages that couldn't leave", outbox.given_up)
    gauge("reminders_today", "Reminders made on this local day", standing.reminders_of(now))
    leader = gauge("worker_leader", "Which worker did a job last", label="worker")
    ended = gauge("job_ended_timestamp_seconds", "When a job was last done", label="job")
    took = gauge("job_duration_seconds", "How long it took", label="job")
    failed = gauge("job_failed", "1 where a job failed and wasn't done since", label="job")
    runs = standing.runs()
    if runs:
        leader.labels(max(runs, key=lambda run: run.began_at).worker).set(1)
    for run in runs:
        failed.labels(run.job).set(bool(run.error))
        if run.ended_at is not None:
            ended.labels(run.job).set(run.ended_at.timestamp())
            if run.ended_at >= run.began_at:
                took.labels(run.job).set((run.ended_at - run.began_at).total_seconds())
    return registry
