"""What is measured, and how: always a ratio taken in one run on one machine."""

import http.client
import statistics
import time
from contextlib import contextmanager

from django.db import connection, transaction

REPEAT = 15


def median_ms(work, repeat: int = REPEAT) -> float:
    """The median time of a piece of work in milliseconds, after one run that is not counted."""
    work()
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


class Statements:
    """Every statement sent to the database, with what it was asked."""

    def __init__(self):
        self.sent = []

    def __call__(self, execute, sql, params, many, context):
        self.sent.append((sql, params))
        return execute(sql, params, many, context)


@contextmanager
def listening():
    statements = Statements()
    with connection.execute_wrapper(statements):
        yield statements


def page(client, url: str) -> dict:
    """A page's server time, the time its own SQL takes when sent alone, and how many queries that is."""
    with listening() as statements:
        status = client.get(url).status_code
    if status != 200:
        raise SystemExit(f"{url} answered {status}")
    whole = median_ms(lambda: client.get(url))
    alone = median_ms(lambda: _send(statements.sent))
    return {"queries": len(statements.sent), "page": whole, "sql": alone}


def _send(statements) -> None:
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()


def requests_per_second(port: int, path: str, cookie: str, seconds: float = 4) -> float:
    """How often one reader after another gets a page from the real server over one connection."""
    server = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Cookie": cookie}
    count, until = -5, time.perf_counter() + seconds + 1
    began = time.perf_counter()
    while time.perf_counter() < until:
        server.request("GET", path, headers=headers)
        answer = server.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        count += 1
        if count == 0:
            began = time.perf_counter()
            until = began + seconds
    return count / (time.perf_counter() - began)


class Thrown(Exception):
    """Ends a measured transaction that must leave nothing behind."""


def thrown_away(work) -> float:
    """The time in seconds of a piece of writing that is undone afterwards."""
    try:
        with transaction.atomic():
            began = time.perf_counter()
            work()
            with connection.cursor() as cursor:
                # What is put off to the end of the transaction belongs to the price.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            taken = time.perf_counter() - began
            raise Thrown
    except Thrown:
        return taken
