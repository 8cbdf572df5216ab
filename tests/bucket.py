"""A store that speaks S3, on this machine, for as long as a test needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

from tracker.settings import Settings

BUCKET = "files"


@contextmanager
def bucket() -> Iterator[str]:
    """The store's address; it has one empty bucket."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    client.create_bucket(Bucket=BUCKET)
    yield address
    server.stop()


def settings(instance: Path, endpoint: str, bucket: str = BUCKET) -> Settings:
    """Settings that keep files in a bucket of the store at `endpoint`."""
    return Settings(
        mode="test",
        instance=instance,
        secret_key="only for tests",
        s3_bucket=bucket,
        s3_endpoint=endpoint,
        s3_key_id="key",
        s3_secret_key="secret",
    )
