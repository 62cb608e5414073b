"""People without a browser: they ask the portal over Streamlit's own websocket protocol, as its page in a browser does.

A browser sends what was typed and that the button was pressed; the portal sends the page back, part by part. The only
module outside the portal that knows Streamlit: its messages.
"""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

# An answer that takes longer is none: nobody waits for it.
PATIENCE = 30.0

# What the ids of the question's box and button end in.
_BOX, _BUTTON = "-vraag", "-FormSubmitter:zoekvraag-Zoeken"
# What stands beside the card in the same part of the page is left alone.
_CARD = re.compile(r'<section class="zp-card zp-(?:gevonden|onzeker|niet_gevonden)[ "].*?</section>', re.DOTALL)


class NoAnswerError(Exception):
    """Raised when a question gets no answer card: says what came instead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one question: seconds until its answer card, or the fault that came instead."""

    question: str
    seconds: float
    fault: str = ""


@dataclass
class Shown:
    """What a page that is being drawn has shown so far."""

    query: str = ""
    page_hash: str = ""
    box: str = ""
    button: str = ""
    card: str = ""

    def take(self, message: ForwardMsg) -> bool:
        """Takes a part of the page in; True when it was the last. Raises NoAnswerError on a failure."""
        match message.WhichOneof("type"):
            case "navigation":
                self.page_hash = message.navigation.page_script_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "delta":
                self._take_element(message)
            case "script_finished":
                # the run that a press of the button breaks off ends early; the page comes with the next
                return message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        return False

    def _take_element(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "exception":
                raise NoAnswerError(f"an exception: {element.exception.type}")
            case "text_input" if element.text_input.id.endswith(_BOX):
                self.box = element.text_input.id
            case "button" if element.button.id.endswith(_BUTTON):
                self.button = element.button.id
            case "html":
                self._take_html(element.html.body)

    def _take_html(self, body: str) -> None:
        card = _CARD.search(body)
        if 'role="alert"' in body and "zp-card" in body:
            raise NoAnswerError(f"the page failed: {words_of(body)[:200]}")
        if card:
            self.card = self.card or card[0]


@dataclass
class Visitor:
    """Somebody with the search page open; `shown` is what stands on it."""

    socket: ClientConnection
    shown: Shown = field(default_factory=Shown)

    @classmethod
    @asynccontextmanager
    async def arrived(cls, address: str) -> AsyncIterator[Self]:
        """Opens the search page of the portal at this address, and leaves it at the end."""
        stream = address.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(stream, max_size=None) as socket:
            visitor = cls(socket)
            await visitor._draw(ClientState(), until_card=False)
            yield visitor

    async def card(self, question: str) -> tuple[float, str]:
        """Asks, and gives the seconds until the answer card came and the card. Raises NoAnswerError."""
        typed = WidgetState(id=self.shown.box, string_value=question)
        pressed = WidgetState(id=self.shown.button, trigger_value=True)
        state = ClientState(
            query_string=self.shown.query,  # what stands in the address bar before the button is pressed
            page_script_hash=self.shown.page_hash,
            widget_states=WidgetStates(widgets=[typed, pressed]),
        )
        seconds = await self._draw(state, until_card=True)
        asked = parse_qs(self.shown.query).get("v", [""])[0]
        if asked != " ".join(question.split()):
            raise NoAnswerError(f"an answer to somebody else's question: {asked}")
        return seconds, self.shown.card

    async def _draw(self, state: ClientState, *, until_card: bool) -> float:
        """Sends what the reader did and takes in the whole new page; gives the seconds until the card came."""
        self.shown.card = ""
        began = time.perf_counter()
        seconds = 0.0
        try:
            async with asyncio.timeout(PATIENCE):
                await self.socket.send(BackMsg(rerun_script=state).SerializeToString())
                while not self.shown.take(_message(await self.socket.recv())):
                    seconds = seconds or (time.perf_counter() - began if self.shown.card else 0.0)
        except TimeoutError as error:
            raise NoAnswerError(f"nothing within {PATIENCE:.0f} seconds") from error
        except WebSocketException as error:
            raise NoAnswerError(f"the connection ended: {error}") from error
        if until_card and not self.shown.card:
            raise NoAnswerError("a page without an answer card")
        return seconds


async def cards_of(address: str, questions: Sequence[str]) -> dict[str, str]:
    """Each question with its answer card, asked one by one by somebody who is alone. Raises NoAnswerError."""
    async with Visitor.arrived(address) as visitor:
        return {question: (await visitor.card(question))[1] for question in questions}


async def visit(
    address: str, questions: Sequence[str], pause: float, wait: float, cards: Mapping[str, str]
) -> list[Asked]:
    """Comes after `wait` seconds, asks a question every `pause` seconds, and looks whether its own answer comes."""
    asked: list[Asked] = []
    try:
        async with Visitor.arrived(address) as visitor:
            began = time.perf_counter() + wait
            for number, question in enumerate(questions):
                await asyncio.sleep(max(0.0, began + number * pause - time.perf_counter()))
                asked.append(await _asked(visitor, question, cards[question]))
    except (NoAnswerError, OSError, WebSocketException) as error:
        # it is over for this person: all that he would have asked has failed
        asked += [Asked(question, PATIENCE, f"no page: {error}") for question in questions[len(asked) :]]
    return asked


async def _asked(visitor: Visitor, question: str, expected: str) -> Asked:
    try:
        seconds, card = await visitor.card(question)
    except NoAnswerError as error:
        return Asked(question, PATIENCE, str(error))
    return Asked(question, seconds, "" if card == expected else f"another answer: {words_of(card)[:200]}")


def words_of(body: str) -> str:
    """What a reader sees of HTML, as one line: '<p>a <b>&amp;</b></p>' → 'a &'."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", body)).split())


def _message(data: str | bytes) -> ForwardMsg:
    message = ForwardMsg()
    message.ParseFromString(data if isinstance(data, bytes) else data.encode())
    return message
