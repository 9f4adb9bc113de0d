"""Finds the Chromium or Chrome that the tours use; installs Debian's where that is possible. Prints its path."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    return os.environ.get("STYRHUS_BROWSER") or next((path for path in map(shutil.which, NAMES) if path), None)


def install() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium with apt")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], stdout=subprocess.DEVNULL, env=environment, check=False)


def main() -> int:
    if not find():
        install()
    if find():
        return 0
    print("No Chromium or Chrome was found, so the tours in a real browser are skipped. Install chromium to run them.")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
