"""What is measured, and how: always a ratio taken in one run on one machine.

Others' work on the machine only ever adds time. So what is compared is done in turns, and the quickest of many rounds
counts: what the work costs when nobody is in its way.
"""

import http.client
import statistics
import time
from contextlib import contextmanager

from django.db import connection, transaction

ROUNDS, FEWEST_ROUNDS, LONGEST = 15, 5, 2.5


def median_ms(work, repeat: int = ROUNDS) -> float:
    """The median time of a piece of work in milliseconds, after one run that is not counted."""
    work()
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _rounds():
    """Fifteen rounds, and of what is slow as many as there is time for, but never fewer than five."""
    began = time.perf_counter()
    for number in range(ROUNDS):
        if number < FEWEST_ROUNDS or time.perf_counter() - began < LONGEST:
            yield number


def seconds(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turns(*works) -> list[float]:
    """The quickest of many rounds of each piece of work in milliseconds, one after another in every round."""
    rounds = [[seconds(work) * 1000 for work in works] for _ in range(ROUNDS + 1)][1:]
    return [min(spent) for spent in zip(*rounds, strict=True)]


def word(good: bool) -> str:
    return "yes" if good else "**no**"


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
    """A page's server time, the time its own SQL takes when sent alone, and how many queries that is.

    Server time in ms is what this process computes (its CPU time), and what it waits for the database meanwhile.
    """
    with listening() as statements:
        status = client.get(url).status_code
    if status != 200:
        raise SystemExit(f"{url} answered {status}")
    whole, alone = [], []
    for _ in _rounds():
        whole.append(_spent(lambda: client.get(url)))
        alone.append(_spent(lambda: send(statements.sent)))
    computed, waiting = min(own for _taken, own in whole), min(taken - own for taken, own in alone)
    return {
        "queries": len(statements.sent),
        "page": computed + waiting,
        "own": computed,
        "sql": min(taken for taken, _own in alone),
    }


def _spent(work) -> tuple[float, float]:
    """Milliseconds that a piece of work takes, and how many of them this process computes."""
    began, own = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - began) * 1000, (time.process_time() - own) * 1000


def send(statements) -> None:
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()


def requests_per_second(port: int, paths: list[str], cookie: str, seconds: float = 0.5) -> list[list[float]]:
    """How often one reader after another gets a page from the real server, each page in turn: its rounds."""
    server = http.client.HTTPConnection("127.0.0.1", port)
    for path in paths:
        _get(server, path, cookie, times=5)
    rounds: list[list[float]] = [[] for _ in paths]
    for _ in range(ROUNDS):
        for path, found in zip(paths, rounds, strict=True):
            found.append(_for_a_while(server, path, cookie, seconds))
    return rounds


def _for_a_while(server, path: str, cookie: str, seconds: float) -> float:
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        _get(server, path, cookie)
        count += 1
    return count / (time.perf_counter() - began)


def _get(server, path: str, cookie: str, times: int = 1) -> None:
    for _ in range(times):
        server.request("GET", path, headers={"Cookie": cookie})
        answer = server.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")


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
