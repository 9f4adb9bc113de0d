"""Run as a process of its own: uses the database of the folder named, until told to go or killed."""

import sys
from pathlib import Path

from styrhus.engine.database import OwnDatabase

if __name__ == "__main__":
    with OwnDatabase(Path(sys.argv[1])):
        print("ready", flush=True)
        sys.stdin.read()
