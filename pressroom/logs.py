"""How log lines are written: one record can't look like two, and none tells a secret that stood in an address or
in what the database said of a row.
"""

import logging
import re
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Of the request that this thread answers."""

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
TOKEN = re.compile(r"(/accounts/(?:preview|invitation/[\w-]+)/)[\w-]+")
DETAIL = re.compile(r"DETAIL:.*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)
"""PostgreSQL's, which quotes the values of the row that it refuses."""


def redact(text: str) -> str:
    """Without the tokens of links and the values of rows."""
    return DETAIL.sub("DETAIL: (not logged)", TOKEN.sub(r"\1(token)", text))


class LineFormatter(logging.Formatter):
    """A record is a line; what follows of it, such as a traceback, is indented."""

    default_time_format = "%Y-%m-%dT%H:%M:%S%z"
    default_msec_format = ""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        text = redact(super().format(record)).replace("\n", "\n    ")
        return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class JSONFormatter(JsonFormatter):
    """A record is an object in one line, its traceback under `exc_info`."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        log_data["request_id"] = request_id.get()
        texts = {name: redact(value) for name, value in log_data.items() if isinstance(value, str)}
        return log_data | texts
