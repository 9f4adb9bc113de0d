"""What tells the lines of an extract from all others, in whatever order they stand."""

from hashlib import blake2b

SIZE = 8
MOST = 1 << (8 * SIZE)


class Fingerprint:
    """A sum of marks, one for each line: equal lines in another order come to the same."""

    __slots__ = ("lines", "sum")

    def __init__(self):
        self.sum = self.lines = 0

    def add(self, *line) -> None:
        told = "\x1f".join(map(str, line)).encode()
        self.sum = (self.sum + int.from_bytes(blake2b(told, digest_size=SIZE).digest())) % MOST
        self.lines += 1

    def take_in(self, written: str) -> None:
        """Another fingerprint's lines too, as it was written."""
        self.sum = (self.sum + int(written, 16)) % MOST

    def __str__(self):
        return f"{self.sum:016x}"
