"""The talks, and people holding them over HTTP with a small real server."""

import json
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.load import all_at_once, one_by_one, one_long, read_talks, whole_turns


class Echo(ThreadingHTTPServer):
    """Answers a message with itself, and remembers who said what."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), EchoHandler)
        self.heard: defaultdict[str, list[str]] = defaultdict(list)
        self.status = 200
        self.lock = Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class EchoHandler(BaseHTTPRequestHandler):
    server: Echo

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.heard[said["sender"]].append(said["message"])
        answer = json.dumps([{"text": said["message"]}, {"text": "!"}]).encode()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_each_talk_is_held_in_order_by_a_new_person(echo: Echo) -> None:
    turns = await one_by_one(echo.url, [["a", "bc"], ["d"]])
    assert list(echo.heard.values()) == [["a", "bc"], ["d"]]
    assert [turn.characters for turn in turns] == [2, 3, 2]
    assert all(turn.seconds > 0 for turn in turns)


async def test_a_long_talk_repeats_its_messages_with_one_person(echo: Echo) -> None:
    assert len(await one_long(echo.url, ["a", "b"], 5)) == 5
    assert list(echo.heard.values()) == [["a", "b", "a", "b", "a"]]


async def test_people_at_once_begin_with_different_talks_and_have_equally_many_turns(echo: Echo) -> None:
    crowd = await all_at_once(echo.url, [["a", "a"], ["b", "b"], ["c", "c"]], people=3, turns_each=4)
    assert len(crowd.turns) == 12
    assert crowd.turns_per_second == pytest.approx(12 / crowd.seconds)
    assert sorted(map(tuple, echo.heard.values())) == sorted([("a", "a"), ("b", "b"), ("c", "c")] * 2)


async def test_a_refused_turn_stops_the_bench(echo: Echo) -> None:
    echo.status = 500
    with pytest.raises(httpx.HTTPStatusError):
        await one_by_one(echo.url, [["a"]])


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=4), st.integers(0, 40))
def test_whole_turns_gives_exactly_as_many_messages_in_order(talks: list[list[str]], turns: int) -> None:
    chosen = [message for talk in whole_turns(talks, turns) for message in talk]
    endless = [message for talk in talks * (turns + 1) for message in talk]
    assert chosen == endless[:turns]


def test_the_talks_are_of_the_length_and_languages_people_have() -> None:
    talks = read_talks()
    assert len(talks.whole) >= 12
    assert all(6 <= len(talk) <= 10 for talk in talks.whole)
    assert len(talks.long) == 10
    assert all(isinstance(message, str) for talk in (*talks.whole, talks.long) for message in talk)
