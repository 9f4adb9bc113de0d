"""Structured logs: one JSON object per line."""

import json
import logging

_OWN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}
# Django hangs these on its records; they hold addresses and people.
_PERSONAL = {"request_object", "user", "ip", "email"}


class JsonLines(logging.Formatter):
    def format(self, record):
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        line |= {
            name: value
            for name, value in record.__dict__.items()
            if name not in _OWN | _PERSONAL and isinstance(value, str | int | float | bool | None)
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
