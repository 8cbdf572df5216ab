"""An office's own gateway for short messages: one signed request for each."""

import hashlib
import hmac
from http import HTTPStatus

import orjson
import urllib3

from tracker.chasing.ways.parcel import NotSent, Parcel
from tracker.settings import Settings

PATIENCE = 20
"""Seconds that the gateway may take to answer."""
SIGNATURE = "X-Signature-SHA256"


def send(settings: Settings, parcel: Parcel) -> None:
    """Posts {"id", "to", "text"} to the gateway; raises NotSent where it doesn't answer 2xx.

    The header `X-Signature-SHA256` is the HMAC-SHA256 of the body with the gateway's key, in
    hexadecimal. What is sent again has the same id.
    """
    text = f"{parcel.subject}\n{parcel.text}"
    body = orjson.dumps({"id": parcel.key, "to": parcel.to, "text": text})
    signature = hmac.new(settings.gateway_key.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", SIGNATURE: signature}
    try:
        answer = urllib3.request(
            "POST",
            settings.gateway_url,
            body=body,
            headers=headers,
            timeout=PATIENCE,
            retries=False,
            redirect=False,
        )
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NotSent(type(error).__name__) from error
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise NotSent(f"HTTP {answer.status}")
