"""Reads what the demonstration is made of: `data/*.yaml`, written for people to read and correct."""

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "data"
# The loader in C is twenty times as fast; not every platform's wheel has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(name: str) -> Any:
    """The lists and mappings of one file."""
    return yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), _LOADER)  # noqa: S506
