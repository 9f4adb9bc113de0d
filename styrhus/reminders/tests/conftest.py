"""A mail server of our own, in a process of its own, that speaks SMTP and answers as it is told."""

import json
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest

SERVER = Path(__file__).with_name("mail_server.py")


class MailServer:
    """`answers` says what the server answers to each name in turn; the last answer stays. 250 is the usual one."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.process = subprocess.Popen([sys.executable, str(SERVER), str(folder)], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def answers(self, **by_name) -> None:
        (self.folder / "answers.json").write_text(json.dumps(by_name))

    @property
    def letters(self) -> list:
        kept = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in kept]

    def to(self, person) -> list:
        return [letter for letter in self.letters if letter["To"] == person.email]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def mail_server(tmp_path, settings):
    folder = tmp_path / "mail"
    folder.mkdir()
    server = MailServer(folder)
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": server.port, "timeout": 10},
        }
    }
    settings.PUBLIC_URL = "https://styrhus.example"
    yield server
    server.stop()
