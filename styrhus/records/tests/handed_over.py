"""The municipality's rules, but that measures are handed over before they go."""

from dataclasses import replace

from config.retention import KINDS as RULES
from config.retention import TABLES

KINDS = RULES | {"planning.measure": replace(RULES["planning.measure"], hand_over=True)}
__all__ = ["KINDS", "TABLES"]
