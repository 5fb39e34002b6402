"""Character n-grams, against scikit-learn's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.encoder import LONGEST_TEXT
from bot.nlu.ngrams import CharacterNgrams, normal_form

TEXTS = [
    "I sent them money",
    "i sent 5,000",
    "我被骗了",
    "我被騙了五千",
    "send   money  back",
    "钱转出去了 money sent",
]


@pytest.fixture(scope="module")
def ngrams() -> CharacterNgrams:
    """N-grams learned from a few messages."""
    learned = CharacterNgrams(1, 3)
    learned.fit(TEXTS)
    return learned


@given(st.one_of(st.text(), st.sampled_from(TEXTS), st.text(alphabet="ims nt我被钱，5")))
def test_one_message_is_weighted_as_scikit_learn_does(ngrams: CharacterNgrams, text: str) -> None:
    columns, weights = ngrams.weigh(ngrams.split(text))
    expected = ngrams._vectorizer.transform([text]).toarray()[0]
    found = np.zeros_like(expected)
    found[columns] = weights
    assert found == pytest.approx(expected, abs=1e-5)


def test_learned_messages_have_unit_rows(ngrams: CharacterNgrams) -> None:
    matrix = CharacterNgrams(1, 2).fit(TEXTS)
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
    assert lengths == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_width_and_case_are_folded_and_length_cut() -> None:
    assert normal_form("ＨＥＬＬＯ Straße") == "hello strasse"
    assert len(normal_form("x" * (LONGEST_TEXT + 1))) == LONGEST_TEXT


def test_letters_at_random_are_not_familiar_but_words_numbers_and_other_scripts_are(
    ngrams: CharacterNgrams,
) -> None:
    assert not ngrams.is_familiar("qwpo zmxn rrtt", ngrams.split("qwpo zmxn rrtt"))
    for text in (
        "send the money back",
        "ok",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        "钱 qwpo zmxn",
        "хорошо спасибо",
        "",
    ):
        assert ngrams.is_familiar(text, ngrams.split(text))
