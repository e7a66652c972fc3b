"""A real Rasa for the tests, in its own Python: set up once into .venv-rasa and used again."""

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "rasa"


def set_up_rasa() -> None:
    """Makes sure that .venv-rasa is there; free when it is. Raises RuntimeError with the words that say how."""
    done = subprocess.run([SCRIPT], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"Rasa could not be set up for the tests.\n{done.stderr[-3000:]}")
