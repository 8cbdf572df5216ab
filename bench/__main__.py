"""`python -m bench [NAME] [--cases N] [--database sqlite|postgresql]`, all without a name."""

import argparse
import sys
from collections.abc import Callable

from bench import chasing, http, importing, lists, proposals, report
from bench.databases import DATABASES

# What is measured where nothing is said, and with how many cases.
SIZES = {
    "http": (20_000, 100_000),
    "lists": (lists.CASES,),
    "report": (1_000_000,),
    "import": (100_000,),
    "chasing": (1_000_000,),
    "proposals": (0,),  # the sample register's
}


def main() -> None:
    """Runs the benchmarks asked for, one after another; fails where a target is missed."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("benchmark", nargs="?", choices=SIZES, help="all where none is named")
    parser.add_argument("--cases", type=int, help="how many cases, or rows of the register")
    parser.add_argument("--database", choices=DATABASES, help="both where none is named")
    parser.add_argument("--explain", action="store_true", help="show the plan of the bare SQL")
    asked = parser.parse_args()
    running: dict[str, Callable[[str, int], bool]] = {
        "http": http.run,
        "lists": lists.run,
        "report": lambda database, cases: report.run(database, cases, asked.explain),
        "import": importing.run,
        "chasing": lambda database, cases: chasing.run(
            database, cases if database != "sqlite" else min(cases, 100_000), asked.explain
        ),
        "proposals": lambda database, _cases: database != "sqlite" or proposals.run(),
    }
    met = [
        running[name](database, cases)
        for name in ([asked.benchmark] if asked.benchmark else SIZES)
        for cases in ([asked.cases] if asked.cases else SIZES[name])
        for database in ([asked.database] if asked.database else DATABASES)
    ]
    sys.exit(0 if all(met) else 1)


main()
