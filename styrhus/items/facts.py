"""A fact: something that happened, or is to happen, on a day. Any context may offer them; the legal clock counts from
them. `config/facts.py` names who does.
"""

from datetime import date, time
from typing import NamedTuple


class Fact(NamedTuple):
    """`event` and `document_type` are words of the legal clock (`compliance/words.py`); `item` is the key of the thing
    it is about, `title` what people call it. `key` tells it apart from every other fact, also when its day is moved;
    without one the event and the thing do.
    """

    event: str
    on: date
    document_type: str = ""
    item: int | None = None
    title: str = ""
    at: time | None = None
    key: str = ""

    @property
    def identity(self) -> str:
        if self.key:
            return self.key
        return f"{self.event}:{self.item}" if self.item else f"{self.event}:{self.document_type}:{self.on}"
