"""Work on several cores at once, by processes that end with the one that started them."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

from core.lab.experiment import Block, Results, Setting, Worked, simulate


@contextmanager
def pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes to hand work to. What is not begun when the context ends is dropped."""
    workers = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield workers
    finally:
        workers.shutdown(cancel_futures=True)


def in_parallel(processes: int) -> Worked:
    """Simulates blocks in so many processes at once."""

    def worked(setting: Setting, blocks: Sequence[Block]) -> Iterator[tuple[Block, Results]]:
        with pool(processes) as workers:
            jobs = [(block, workers.submit(simulate, setting, block)) for block in blocks]
            for block, job in jobs:
                yield block, job.result()

    return worked


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent.join,), daemon=True).start()


def _wait_for(end: Callable[[], None]) -> None:
    end()
    os._exit(1)
