"""The two engines side by side: trained on the same messages, measured on the same messages, in one run.

Run it from the repository, after `make rasa`: `python -m benchmarks.nlu_vs_rasa [--test FILE.jsonl ...] [--epochs 100]
[--sample 0.2]`. Each training is a process of its own with nothing cached; so is each measurement. "Rasa alone" is its
own first intent, without the patterns and stock phrases that Parley puts before either engine.
"""

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.dialogue.understanding import Understanding
from nlu.corpus import Example, digest, load
from nlu.engine import Context, Engine
from nlu.evaluation import evaluate, read_labelled
from nlu.normalise import language_of
from nlu.rasa.client import RasaClient
from nlu.rasa.engine import RasaEngine
from nlu.rasa.environment import serving
from nlu.rasa.export import spelled
from nlu.rasa.ranking import intents_of

HELD_OUT = [Path(f"tests/nlu/held_out_{lang}.jsonl") for lang in ("zh", "en")]
CONTEXT = Context(datetime(2026, 11, 22, 10, tzinfo=UTC), "CNY")
AT_ONCE = 4
PATIENCE_S = 60.0
NAMES = {"local": "local", "alone": "Rasa alone", "rasa": "Rasa in Parley"}
Figures = dict[str, Any]


class RasaAlone:
    """What Rasa says, and nothing of ours."""

    name = "rasa alone"
    version = ""

    def __init__(self, client: RasaClient) -> None:
        self._client = client

    def parse(self, text: str, context: Context) -> Understanding:
        lang = language_of(text, context.default_lang)
        return Understanding(lang, intents_of(self._client.parse(spelled(text))))


class Nobody(RasaAlone):
    """Stands in for nothing: a Rasa that fails on a message ends the run, for it would spoil the figures."""

    def parse(self, text: str, context: Context) -> Understanding:
        raise RuntimeError(f"Rasa failed on {len(text)} characters in {context.default_lang}.")


def main() -> None:
    """Prints the tables."""
    chosen = options()
    if chosen.child:
        print(json.dumps(child(*chosen.child)))
        return
    corpus = sample(load(), chosen.sample)
    print(machine(), f"Training messages: {len(corpus)} of data {digest()}; Rasa's epochs: {chosen.epochs}.", sep="\n")
    with tempfile.TemporaryDirectory(prefix="parley-nlu-") as name:
        folder = Path(name)
        messages = folder / "messages.json"
        messages.write_text(json.dumps([(e.text, e.intents, e.lang) for e in corpus]), "utf-8")
        trained = {
            engine: in_a_process_of_its_own("train", engine, messages, folder, chosen.epochs, chosen.nice)
            for engine in ("local", "rasa")
        }
        tell_trainings(trained)
        files = [path.resolve() for path in chosen.test]
        read = {"local": in_a_process_of_its_own("read", "local", trained["local"]["model"], *files)}
        with serving(Path(trained["rasa"]["model"])) as server:
            for engine in ("alone", "rasa"):
                read[engine] = in_a_process_of_its_own("read", engine, server.url, *files)
                read[engine]["memory"] = resident_mib(server.pid)
    tell_readings(read, files)
    tell_ratios(trained, read, files)


def options() -> argparse.Namespace:
    """What the person who runs it chose."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", nargs="+", type=Path, default=HELD_OUT, help="labelled messages, JSON lines")
    parser.add_argument("--epochs", type=int, default=100, help="how long Rasa trains")
    parser.add_argument("--sample", type=float, default=1.0, help="the share of the training messages that both get")
    parser.add_argument("--nice", type=int, default=0, help="how far the trainings stand back behind other work")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def sample(corpus: Sequence[Example], share: float) -> list[Example]:
    """This share of the messages, the same at each run."""
    return random.Random(1).sample(corpus, round(len(corpus) * share)) if share < 1 else list(corpus)


def in_a_process_of_its_own(*words: object) -> Figures:
    """`child`, with nothing in memory that was there before; `cpu` is what it and its own children used, in seconds."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.nlu_vs_rasa", "--child", *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": time.perf_counter() - started, "cpu": used, **figures}


def child(work: str, engine: str, *rest: str) -> Figures:
    """Trains an engine, or reads the test files with one."""
    if work == "train":
        messages, folder, epochs, niceness = rest
        os.nice(int(niceness))
        return trained_by(engine, Path(messages), Path(folder), int(epochs))
    loaded = engine_for(engine, rest[0])
    return readings(loaded, [Path(name) for name in rest[1:]])


def trained_by(engine: str, messages: Path, folder: Path, epochs: int) -> Figures:
    """The model that came of it, and its size in MiB."""
    corpus = [Example(text, tuple(names), lang) for text, names, lang in json.loads(messages.read_text("utf-8"))]
    if engine == "rasa":
        from nlu.rasa.environment import train  # noqa: PLC0415

        model = train(corpus, folder, "benchmark", epochs=epochs).model
    else:
        from nlu.local.training import train as train_local  # noqa: PLC0415

        model = folder / "local.npz"
        train_local(corpus, model, folder / "cache")
    return {"model": str(model), "size": model.stat().st_size / 2**20}


def engine_for(name: str, place: str) -> Engine:
    """The engine over a model file or a server's address."""
    if name == "local":
        from nlu.local.engine import LocalEngine  # noqa: PLC0415

        return LocalEngine.load(Path(place))
    client = RasaClient(place, timeout_s=PATIENCE_S)
    return RasaAlone(client) if name == "alone" else RasaEngine(client, Nobody(client))


def readings(engine: Engine, files: Sequence[Path]) -> Figures:
    """Per file the figures of `nlu.evaluation`, message after message; then how many a second with four at once."""
    sets = {path.name: read_labelled(path) for path in files}
    figures: Figures = {name: evaluate(engine, messages, CONTEXT) for name, messages in sets.items()}
    texts = [message.text for messages in sets.values() for message in messages]
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda text: engine.parse(text, CONTEXT), texts))
    rate = len(texts) / (time.perf_counter() - started)
    return figures | {"at_once": rate, "memory": resident_mib(os.getpid())}


def resident_mib(pid: int) -> float:
    """What a process holds in memory, in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def machine() -> str:
    """The facts that the figures hang on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else platform.machine()
    load_now = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} CPUs, load {load_now:.1f} at the start; Python {platform.python_version()}."


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in Markdown."""
    print()
    for cells in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(cells) + " |", flush=True)


def tell_trainings(trained: dict[str, Figures]) -> None:
    """What training cost."""
    rows = [
        [engine, f"{run['wall']:.0f}", f"{run['cpu']:.0f}", f"{run['size']:.0f}"] for engine, run in trained.items()
    ]
    table(("training", "seconds", "CPU seconds", "model MiB"), rows)


def tell_readings(read: dict[str, Figures], files: Sequence[Path]) -> None:
    """How well and how fast each engine reads each file."""
    shares = ("top_intent", "all_gold_asserted", "critical_recall", "critical_precision", "out_of_scope_auroc", "ece")
    rows = []
    for file in files:
        for engine, run in read.items():
            found = run[file.name]
            cost = [*(f"{found['latency_ms'][p]:.1f}" for p in ("p50", "p95")), f"{found['messages_per_second']:.0f}"]
            quality = ["–" if found[name] is None else f"{found[name]:.3f}" for name in shares]
            rows.append([file.stem, NAMES[engine], str(found["messages"]), *quality, *cost])
    head = ("file", "engine", "messages", "top intent", "all gold", "critical recall", "critical precision")
    table((*head, "OOS AUROC", "ECE", "p50 ms", "p95 ms", "messages/s"), rows)
    rows = [[NAMES[engine], f"{run['at_once']:.0f}", f"{run['memory']:.0f}"] for engine, run in read.items()]
    table(("engine", f"messages/s, {AT_ONCE} at once", "resident MiB"), rows)


def tell_ratios(trained: dict[str, Figures], read: dict[str, Figures], files: Sequence[Path]) -> None:
    """The local engine against Rasa alone, all test files together."""

    def mean(engine: str, figure: Callable[[Figures], float]) -> float:
        sets = [read[engine][file.name] for file in files]
        return float(sum(figure(one) * one["messages"] for one in sets) / sum(one["messages"] for one in sets))

    top = {engine: mean(engine, lambda found: found["top_intent"]) for engine in ("local", "alone")}
    rate = {engine: 1 / mean(engine, lambda found: 1 / found["messages_per_second"]) for engine in ("local", "alone")}
    ahead = f"{100 * (top['local'] - top['alone']):+.1f} points"
    local, rasa = read["local"], read["alone"]
    rows = [
        ("top intent", top["local"], top["alone"], "{:.3f}", ahead),
        ("messages/s", rate["local"], rate["alone"], "{:.0f}", ""),
        (f"messages/s, {AT_ONCE} at once", local["at_once"], rasa["at_once"], "{:.0f}", ""),
        ("resident MiB", local["memory"], rasa["memory"], "{:.0f}", ""),
        ("training, seconds", trained["local"]["wall"], trained["rasa"]["wall"], "{:.0f}", ""),
        ("training, CPU seconds", trained["local"]["cpu"], trained["rasa"]["cpu"], "{:.0f}", ""),
    ]
    cells = [[what, form.format(a), form.format(b), said or f"× {a / b:.2f}"] for what, a, b, form, said in rows]
    table(("", "local", "Rasa alone", "local against Rasa"), cells)


if __name__ == "__main__":
    main()
