"""Rasa's own Python environment: training and serving are commands run in it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidInput, NotFound
from nlu.corpus import Example
from nlu.rasa.client import RasaClient, Unavailable
from nlu.rasa.export import write_config, write_training_data
from nlu.rasa.ranking import Garbled
from nlu.whole_files import written_whole

HOME = Path(__file__).resolve().parents[2] / ".venv-rasa"
"""Where `make rasa` puts it."""

START_S = 180.0
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONWARNINGS": "ignore"}
_STOP_S = 15.0


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training; `seconds` is Rasa's whole run, its start included."""

    model: Path
    examples: int
    epochs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Server:
    """A Rasa server that we started; `pid` is its process."""

    url: str
    pid: int


def rasa_command() -> Path:
    """The command `rasa`. Raises NotFound saying how to get it."""
    command = HOME / "bin" / "rasa"
    if not command.exists():
        raise NotFound("Rasa is not set up here. Run `make rasa`, or set PARLEY_RASA_URL to a server.", place=str(HOME))
    return command


def newest_model(folder: Path) -> Path:
    """The model trained last. Raises NotFound saying how to make one."""
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise NotFound("Rasa has no model yet. Run `parley nlu train --engine rasa`.", folder=str(folder))
    return models[-1]


def train(examples: Iterable[Example], folder: Path, version: str, *, epochs: int | None = None) -> Trained:
    """Has Rasa train on the examples; the model is `<folder>/rasa-<version>.tar.gz`.

    Raises NotFound without the environment, InvalidInput with the end of Rasa's own words where it fails.
    """
    command = rasa_command()
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="parley-rasa-") as name:
        project = Path(name)
        count = write_training_data(examples, project / "nlu.yml")
        run_for = write_config(project / "config.yml", epochs=epochs)
        model = f"rasa-{version}"
        words = ["train", "nlu", "--nlu", "nlu.yml", "--config", "config.yml", "--out", "models"]
        done = subprocess.run(  # noqa: S603 - our own command
            [command, *words, "--fixed-model-name", model],
            cwd=project,
            env=_environment(project),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        made = project / "models" / f"{model}.tar.gz"
        if done.returncode or not made.exists():
            raise InvalidInput("Rasa could not train; its last words follow.", said=done.stdout[-2000:])
        kept = folder / made.name
        with written_whole(kept) as partial:
            shutil.copyfile(made, partial)
    return Trained(kept, count, run_for, round(time.perf_counter() - started, 1))


@contextmanager
def serving(model: Path, *, port: int | None = None, start_s: float = START_S) -> Iterator[Server]:
    """Rasa's server over this model on a port of 127.0.0.1, stopped at the end.

    Raises NotFound without the environment, InvalidInput where it does not answer within `start_s` seconds.
    """
    command = rasa_command()
    listens = port or _free_port()
    url = f"http://127.0.0.1:{listens}"
    words = ["run", "--enable-api", "--model", str(model.resolve()), "--interface", "127.0.0.1", "--port", str(listens)]
    with tempfile.TemporaryDirectory(prefix="parley-rasa-") as name:
        folder = Path(name)
        log = folder / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603 - our own command
                [command, *words],
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait(server, url, start_s, log)
            yield Server(url, server.pid)
        finally:
            _stop(server)


def _wait(server: "subprocess.Popen[bytes]", url: str, start_s: float, log: Path) -> None:
    deadline = time.monotonic() + start_s
    client = RasaClient(url, timeout_s=5.0)
    try:
        while time.monotonic() < deadline and server.poll() is None:
            try:
                client.model()
            except (Unavailable, Garbled):
                time.sleep(0.3)
            else:
                return
    finally:
        client.close()
    said = log.read_text("utf-8", "replace")[-2000:]
    raise InvalidInput("Rasa's server did not start; its last words follow.", said=said)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Ours without what belongs to our own Python; Rasa's caches go into `folder`."""
    ours = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return {**ours, **_QUIET, "HOME": str(folder), "MPLCONFIGDIR": str(folder)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
