"""What is known of a file before it is opened: names that its header may hold, and records without dividers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Records without dividers: each part stands from one place to another on the line, as a description says.

    `begins` matches the first line of such a file. `says` is what holds for every row: column → text.
    """

    begins: str
    length: int
    # (column, first place, length), counted from 1 as descriptions do.
    parts: tuple[tuple[str, int, int], ...]
    says: tuple[tuple[str, str], ...] = ()

    @property
    def header(self) -> list[str]:
        return [name for name, *_where in self.parts] + [name for name, _text in self.says]

    def row(self, record: str) -> list[str] | None:
        """The values of one record; None where it has another length than it should."""
        if len(record) != self.length:
            return None
        cut = [record[first - 1 : first - 1 + size].strip() for _name, first, size in self.parts]
        return cut + [text for _name, text in self.says]


@dataclass(frozen=True)
class Known:
    """`names` as `plain` gives them."""

    names: frozenset[str] = frozenset()
    layouts: tuple[Layout, ...] = ()


NOTHING_KNOWN = Known()
