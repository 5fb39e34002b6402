"""A signature says who sent what, and when; nothing else passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.intake.signature import ID, SIGNATURE, TIMESTAMP, TOLERANCE, BadSignature, sign, verify

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SECRET, BODY = "a secret of these tests", b'{"text": "Did the bank open a case?"}'
SECOND = timedelta(seconds=1)


def test_it_is_the_signature_of_standard_webhooks() -> None:
    """The figure is reckoned apart, with openssl."""
    headers = sign("secret", "msg_1", datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}')
    assert headers[SIGNATURE] == "v1,T49pOLi9Y59Pd0W8q5zvP9qTIc61pr4XaCUOi3i6Wj4="


@given(body=st.binary(max_size=60), secret=st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_what_was_signed_passes(body: bytes, secret: str) -> None:
    assert verify(secret, sign(secret, "one", NOW, body), body, NOW) == "one"


@pytest.mark.parametrize("name", [ID, TIMESTAMP, SIGNATURE])
@pytest.mark.parametrize(
    "value", ["", "v1,", "v1,AAAA", "1", "-5", "９９", "9" * 30, "1e9", "\udcff", "é" * 3, "v2,x v1a,y"]
)
def test_no_header_can_be_changed(name: str, value: str) -> None:
    headers = {**sign(SECRET, "one", NOW, BODY), name: value}
    with pytest.raises(BadSignature):
        verify(SECRET, headers, BODY, NOW)
    del headers[name]
    with pytest.raises(BadSignature):
        verify(SECRET, headers, BODY, NOW)


@given(position=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_no_byte_of_the_body_can_be_changed(position: int, flip: int) -> None:
    forged = bytearray(BODY)
    forged[position] ^= flip
    with pytest.raises(BadSignature):
        verify(SECRET, sign(SECRET, "one", NOW, BODY), bytes(forged), NOW)


def test_another_secret_does_not_pass() -> None:
    with pytest.raises(BadSignature):
        verify(SECRET, sign("another secret", "one", NOW, BODY), BODY, NOW)


@pytest.mark.parametrize("off", [TOLERANCE + SECOND, -TOLERANCE - SECOND, timedelta(days=400)])
def test_what_is_late_or_from_the_future_does_not_pass(off: timedelta) -> None:
    with pytest.raises(BadSignature):
        verify(SECRET, sign(SECRET, "one", NOW, BODY), BODY, NOW + off)


@pytest.mark.parametrize("off", [TOLERANCE, -TOLERANCE])
def test_clocks_may_differ_a_little(off: timedelta) -> None:
    verify(SECRET, sign(SECRET, "one", NOW, BODY), BODY, NOW + off)


def test_one_good_signature_among_several_is_enough() -> None:
    headers = sign(SECRET, "one", NOW, BODY)
    headers[SIGNATURE] = f"v1a,other {sign('old', 'one', NOW, BODY)[SIGNATURE]} {headers[SIGNATURE]}"
    assert verify(SECRET, headers, BODY, NOW) == "one"
