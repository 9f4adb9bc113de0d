"""The program's settings, with one more page: an empty one, to measure the others against."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import LOGGING

ROOT_URLCONF = "bench.urls"
# The log lines are written as always, for they are part of the price; nobody needs to read thousands of them.
LOGGING["handlers"]["console"]["stream"] = Path(os.devnull).open("w")  # noqa: SIM115 - to the end
