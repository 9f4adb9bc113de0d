"""The program's settings, with one more page: an empty one, to measure the others against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
