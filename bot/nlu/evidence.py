"""Logistic regression, learned by scikit-learn and read for one message in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Evidence:
    """What features say for each class, as log-odds; for true and false, one column for true.

    Attributes:
        classes: the classes, in the order of the columns.
        weights: (features, columns).
        bias: (columns,).
    """

    classes: list[str]
    weights: Floats
    bias: Floats

    def of_vector(self, vector: Floats) -> Floats:
        """The evidence of a dense vector."""
        evidence: Floats = vector @ self.weights + self.bias
        return evidence

    def of_columns(self, columns: Sequence[int], values: Floats) -> Floats:
        """The evidence of a sparse vector; its few columns pick their rows of the weights."""
        evidence: Floats = values @ self.weights[columns] + self.bias
        return evidence


def learn(features: Any, labels: Sequence[str] | Sequence[bool], inverse_regularisation: float) -> Evidence:
    """Learn from features (messages, features) and labels, each class counting alike."""
    model = LogisticRegression(
        C=inverse_regularisation, class_weight="balanced", max_iter=300, random_state=0
    )
    model.fit(features, labels)
    weights = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
    return Evidence([str(label) for label in model.classes_], weights, model.intercept_.astype(np.float32))
