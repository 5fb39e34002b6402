"""Character n-grams of a message: what sentence vectors miss, as slang, typos and names of ways to pay."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.encoder import LONGEST_TEXT
from bot.nlu.evidence import Floats

_LATIN_TRIGRAM = re.compile("[a-z]{3}")
_ONLY_LATIN = re.compile(r"[\sA-Za-z!?.,;:'-]+")
_FEWEST_TRIGRAMS = 4
_FAMILIAR_SHARE = 0.4


def normal_form(text: str) -> str:
    """Fold width and case, and cut to what the encoder reads."""
    return unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()


class CharacterNgrams:
    """Term frequencies of character n-grams, weighted and normalised as scikit-learn's `TfidfVectorizer` does.

    scikit-learn learns them and reads the training messages. One message in use is read here: its own way validates
    and builds a sparse matrix, at many times the cost of counting.
    """

    def __init__(self, shortest: int, longest: int) -> None:
        self._vectorizer = TfidfVectorizer(
            analyzer="char",
            ngram_range=(shortest, longest),
            sublinear_tf=True,
            min_df=2,
            preprocessor=normal_form,
            dtype=np.float32,
        )

    def fit(self, texts: Sequence[str]) -> Any:
        """Learn the n-grams of `texts`; return their sparse matrix (messages, n-grams)."""
        return self._vectorizer.fit_transform(texts)

    def split(self, text: str) -> list[str]:
        """The n-grams of `text` in its normal form, as often as they occur."""
        ngrams: list[str] = self._analyse(text)
        return ngrams

    def weigh(self, ngrams: Sequence[str]) -> tuple[list[int], Floats]:
        """The columns of known n-grams and their weights, of length one together."""
        column, weights = self._columns
        counts = Counter(column[ngram] for ngram in ngrams if ngram in column)
        columns = list(counts)
        counted = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weighted = (1 + np.log(counted)) * weights[columns]
        return columns, weighted / (np.linalg.norm(weighted) or 1)

    def is_familiar(self, text: str, ngrams: Sequence[str]) -> bool:
        """Whether `text`, with its `ngrams`, is made of letters as people write them, not of keys struck at random.

        Of the Latin trigrams of a real message hardly one in ten is new; digits may be an address or a hash.
        """
        if not _ONLY_LATIN.fullmatch(text):
            return True
        trigrams = [ngram for ngram in ngrams if _LATIN_TRIGRAM.fullmatch(ngram)]
        if len(trigrams) < _FEWEST_TRIGRAMS:
            return True
        known = sum(ngram in self._columns[0] for ngram in trigrams)
        return known >= _FAMILIAR_SHARE * len(trigrams)

    @cached_property
    def _analyse(self) -> Any:
        return self._vectorizer.build_analyzer()

    @cached_property
    def _columns(self) -> tuple[dict[str, int], Floats]:
        return self._vectorizer.vocabulary_, self._vectorizer.idf_.astype(np.float32)
