"""A statement as it is shown: columns of øre with the sign of the statements, and what it is held against."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    label: str
    amounts: Sequence[int]
    is_sum: bool = False


@dataclass(frozen=True)
class Check:
    """Whether one figure is the other, to the øre; in words."""

    words: str
    is_good: bool


@dataclass(frozen=True)
class Sheet:
    name: str
    section: str
    columns: Sequence[str] = ()
    rows: Sequence[Row] = ()
    checks: Sequence[Check] = field(default_factory=tuple)
    # What is to be verified, or what is lacking.
    note: str = ""
