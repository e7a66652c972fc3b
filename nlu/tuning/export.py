"""The taught encoder as files for the release: vocabulary, word vectors in four bits, layers in eight bits for ONNX."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from nlu.local.encoder import FILES
from nlu.local.words import WordVectors
from nlu.tuning.network import Network

OPSET = 17


def write(folder: Path, network: Network, pieces: bytes, words: WordVectors, card: Mapping[str, Any]) -> None:
    """Write the folder's files; `card.json` gets the digest of the others."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pieces.model").write_bytes(pieces)
    np.savez(folder / "words.npz", steps=words.steps, packed=words.packed)
    _write_layers(folder / "layers.onnx", network)
    sha = hashlib.sha256()
    for name in FILES:
        sha.update((folder / name).read_bytes())
    described = {**card, "digest": sha.hexdigest()[:16]}
    (folder / "card.json").write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _write_layers(path: Path, network: Network) -> None:
    """Weights of each output in eight bits under a step of its own, activations quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415
    from onnxruntime.transformers.optimizer import optimize_model  # noqa: PLC0415

    network.eval()
    width = network.places.shape[1]
    with TemporaryDirectory() as scratch:
        plain, fused = Path(scratch) / "plain.onnx", Path(scratch) / "fused.onnx"
        torch.onnx.export(
            network,
            (torch.randn(1, 8, width),),
            str(plain),
            dynamo=False,
            input_names=["words"],
            output_names=["pooled"],
            dynamic_axes={"words": {0: "messages", 1: "pieces"}},
            opset_version=OPSET,
        )
        heads = network.layers[0].heads
        optimize_model(
            str(plain), model_type="bert", num_heads=heads, hidden_size=width, opt_level=1, use_gpu=False
        ).save_model_to_file(str(fused))
        quantize_dynamic(
            fused,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"DefaultTensorType": 1, "MatMulConstBOnly": True},
        )
