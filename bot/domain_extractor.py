"""Babel extractor: every text and button title of the domain's responses is a msgid."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

import yaml

Extracted = tuple[int, str, str, list[str]]


def extract_domain(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Extracted]:
    """Yield (line, function, msgid, comments) for each text of a domain file; see Babel's extractor interface.

    The comment names the response, so that a translator knows where a sentence is said.
    """
    responses = yaml.safe_load(file).get("responses", {})
    for name, variations in responses.items():
        for variation in variations:
            yield 0, "", variation["text"], [name]
            for button in variation.get("buttons", ()):
                yield 0, "", button["title"], [f"{name}, button"]
