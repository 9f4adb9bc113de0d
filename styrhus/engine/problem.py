"""
What a person at the command line is told.

These lines are in English only, like PostgreSQL's and Django's own: they are spoken before settings and catalogues
are loaded, and an operator must be able to search for them.
"""

import sys


class Problem(Exception):
    """Something the person who started the program can mend: shown as one line, without a traceback."""


def tell(line):
    print(line, file=sys.stderr, flush=True)
