"""The encoder and its two heads in PyTorch: the first post-norm layers of the base (BERT: Devlin et al. 2019)."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlu.tuning.base import Base

DROPOUT = 0.1
SHARPNESS = 12.0
"""Length of the vector that the heads read: the room that their scores have."""

_LINEAR = ("q", "k", "v", "ao", "fi", "fo")
_NORMS = ("aln", "oln")


class Layer(nn.Module):
    """Self-attention and a feed-forward part; the names of its weights are those of the base's file."""

    def __init__(self, base: Base, number: int) -> None:
        super().__init__()
        self.heads = base.heads
        self.q, self.k, self.v, self.ao = (nn.Linear(base.width, base.width) for _ in range(4))
        self.fi, self.fo = nn.Linear(base.width, base.inner), nn.Linear(base.inner, base.width)
        self.aln, self.oln = (nn.LayerNorm(base.width, eps=1e-12) for _ in range(2))
        for name in (*_LINEAR, *_NORMS):
            part = getattr(self, name)
            part.weight.data = torch.tensor(base.tensor(f"l{number}.{name}.w")).reshape(part.weight.shape)
            part.bias.data = torch.tensor(base.tensor(f"l{number}.{name}.b"))

    def forward(self, states: Tensor, said: Tensor | None) -> Tensor:
        """States of shape (messages, pieces, width); `said` marks what is no padding, None where nothing is."""

        def split(part: Tensor) -> Tensor:
            return part.view(*part.shape[:2], self.heads, -1).transpose(1, 2)

        heard = functional.scaled_dot_product_attention(
            split(self.q(states)), split(self.k(states)), split(self.v(states)), attn_mask=said
        )
        mixed = self.ao(heard.transpose(1, 2).reshape(states.shape))
        states = self.aln(states + functional.dropout(mixed, DROPOUT, self.training))
        inner = self.fo(functional.gelu(self.fi(states)))
        normed: Tensor = self.oln(states + functional.dropout(inner, DROPOUT, self.training))
        return normed


class Network(nn.Module):
    """Word vectors to the mean of the last layer's states, shape (messages, width)."""

    def __init__(self, base: Base, layers: int, longest: int) -> None:
        super().__init__()
        places = torch.tensor(base.tensor("emb.pos")).reshape(-1, base.width)[:longest]
        self.places = nn.Parameter(places + torch.tensor(base.tensor("emb.type"))[: base.width])
        self.first = nn.LayerNorm(base.width, eps=1e-12)
        self.first.weight.data = torch.tensor(base.tensor("emb.ln.w"))
        self.first.bias.data = torch.tensor(base.tensor("emb.ln.b"))
        self.layers = nn.ModuleList(Layer(base, number) for number in range(layers))

    def forward(self, words: Tensor, said: Tensor | None = None) -> Tensor:
        """`said`, of shape (messages, pieces), marks what is no padding."""
        states = self.first(words + self.places[: words.shape[1]])
        mask = None if said is None else said[:, None, None, :]
        for layer in self.layers:
            states = layer(states, mask)
        if said is None:
            return states.mean(dim=1)
        weights = said.unsqueeze(-1).to(states.dtype)
        return (states * weights).sum(dim=1) / weights.sum(dim=1)


class Heads(nn.Module):
    """How a message divides among the intents, and of each whether it is said: what the encoder is taught by.

    They are left behind; `parley nlu train` makes those of the release.
    """

    def __init__(self, width: int, labels: int) -> None:
        super().__init__()
        self.shares, self.presence = nn.Linear(width, labels), nn.Linear(width, labels)
        nn.init.constant_(self.presence.bias, -4.0)

    def forward(self, vectors: Tensor) -> Any:
        """Two tensors of scores, shape (messages, labels)."""
        spread = functional.normalize(vectors, dim=-1) * SHARPNESS
        spread = functional.dropout(spread, DROPOUT, self.training)
        return self.shares(spread), self.presence(spread)
