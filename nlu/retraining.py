"""Training a candidate in a process of its own, told what to do on standard input, telling JSON lines on its output.

A line is `{"stage": …}` when a stage begins, then `{"done": …}`, `{"unchanged": …}` or `{"failed": …}`. Errors are
named without their text, which could hold a debtor's words.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nlu.comparison import compare, held_messages
from nlu.corpus import DATA_DIR, Example, digest, load
from nlu.masking import plain
from nlu.relabelled import digest_of, from_json, is_held, to_json

Tell = Callable[[Mapping[str, Any]], None]
STAGES = ("reading", "learning", "comparing")


@dataclass(frozen=True, slots=True)
class Task:
    """What to train on and where to leave it. `in_force` is the file of the model to compare with, `known` the digests
    of the data behind the models that there are: training on the same data again would make the same model."""

    examples: tuple[Example, ...]
    out: Path
    cache: Path
    in_force: Path
    now: datetime
    known: tuple[str, ...] = ()
    data: Path = DATA_DIR

    def to_json(self) -> str:
        """For the process that does it."""
        paths = {name: str(getattr(self, name)) for name in ("out", "cache", "in_force", "data")}
        known = list(self.known)
        return json.dumps(paths | {"now": self.now.isoformat(), "known": known, "examples": to_json(self.examples)})

    @staticmethod
    def from_json(text: str) -> "Task":
        """As `to_json` wrote it."""
        data = json.loads(text)
        paths = {name: Path(data[name]) for name in ("out", "cache", "in_force", "data")}
        now = datetime.fromisoformat(data["now"])
        return Task(examples=from_json(data["examples"]), now=now, known=tuple(data["known"]), **paths)


def corpus_of(base: Sequence[Example], learnt: Sequence[Example]) -> tuple[Example, ...]:
    """The base data and the relabelled messages, masks read as stand-ins; what people said here overrules the base."""
    said = {(each.lang, plain(each.text)): each for each in learnt}
    kept = [each for each in base if (each.lang, each.text) not in said]
    return (*kept, *(Example(text, each.intents, lang) for (lang, text), each in said.items()))


def retrain(task: Task, tell: Tell) -> None:
    """Train on the base data and the relabelled messages that are not set aside, then compare with the model in force.

    Raises whatever training raises.
    """
    from nlu.local.engine import LocalEngine  # noqa: PLC0415  the parent only writes the task
    from nlu.local.training import train  # noqa: PLC0415  what training needs is large

    tell({"stage": "reading"})
    learnt = [each for each in task.examples if not is_held(each)]
    corpus = corpus_of(load(task.data), learnt)
    data = digest_of(digest(task.data), learnt) if learnt else digest(task.data)
    if data in task.known:
        tell({"unchanged": data})
        return
    tell({"stage": "learning"})
    report = train(corpus, task.out, task.cache, data)
    tell({"stage": "comparing"})
    held = held_messages([each for each in task.examples if is_held(each)], corpus)
    before, after = LocalEngine.load(task.in_force), LocalEngine.load(task.out)
    compared = compare(before, after, held, task.now)
    made = {
        "version": report.version,
        "digest": data,
        "examples": report.examples,
        "relabelled": len(learnt),
        "report": compared | {"seconds": report.seconds, "first_right": report.first_right},
    }
    tell({"done": made})


def main() -> None:
    """One task, at low priority, so that people are answered first."""
    os.nice(10)

    def tell(line: Mapping[str, Any]) -> None:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    try:
        retrain(Task.from_json(sys.stdin.read()), tell)
    except Exception as error:
        tell({"failed": _named(error)})


def _named(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"


if __name__ == "__main__":
    main()
