"""`make bench`: the budgets of the house as ratios. Prints them, and keeps them in docs/benchmarks.md."""

import argparse
import os
import subprocess
import sys
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path

from bench import base

TOP = Path(__file__).resolve().parents[1]
KEPT = TOP / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Made by `make bench`. Trust the ratios more than the milliseconds.

The server time of a page is the CPU time that the web process spends on it, and the time it waits for the database; its
SQL alone is the same statements sent again without the page. Both are taken in turns, five to fifteen times, and the
quickest counts: neighbours on the machine can only add, and on a quiet one the quickest and the middle are nearly the
same. On a busy machine the database waits for its turn too, and every figure with SQL in it grows: what is computed
grows least.

`copy_rows` is held against PostgreSQL's own COPY of the same rows into the same tables, with their keys, indexes,
generated columns and constraints, but without the triggers of Styrhus: that is what it costs to have the rows at all.
COPY into bare tables, which can then neither be found nor trusted, is given too.
"""
PORT = int(os.environ.get("PORT", "8765"))
PAGES = {
    "home": "/",
    "my duties": "/mine-oppgaver/",
    "my duties, the units I lead": "/mine-oppgaver/?whose=line",
    "search, a common word": "/sok/?q=tilsyn",
    "search, two words": "/sok/?q=tilsyn+skole",
    "search, suggestions": "/sok/forslag/?q=tils",
    "register, first page": "/tiltak/",
    "register, by title": "/tiltak/?sort=title",
    "register, one unit and below": "/tiltak/?unit={unit}",
    "register, words in the title": "/tiltak/?q=tilsyn",
    "register, overdue": "/tiltak/?state=overdue",
    "register, page 40": "/tiltak/?page=40",
    "one measure": "/tiltak/{measure}/",
    "one measure, as it stood on a date": "/ting/{measure}/slik-det-stod/?dato={yesterday}",
    "new measure": "/tiltak/ny/",
    "plan overview": "/planer/",
    "plan overview, too old": "/planer/?standing=too_old",
    "plans on a time line": "/planer/tidslinje/",
    "plan hierarchy": "/planer/hierarki/",
    "one plan": "/planer/{plan}/",
    "contents of an action programme": "/planer/{programme}/innhold/",
    "contents, one branch": "/planer/{programme}/innhold/?under={area}",
    "contents, goals that nothing is done about": "/planer/{programme}/innhold/?gap=act",
    "contents, fetching from it": "/planer/{fetching}/innhold/hent/?fra={programme}",
    "register of goals": "/mal/",
    "one goal": "/mal/{goal}/",
    "register of measures, from a goal": "/tiltak/?origin=planning.goal",
    "register of measures, no origin": "/tiltak/?origin=none",
    "register of measures, of one plan": "/tiltak/?plan={programme}",
    "register of measures, by cost": "/tiltak/?sort=-cost",
    "register of measures, evaluation overdue": "/tiltak/?effect=late",
    "red thread from a priority area": "/rod-trad/{area}/",
    "red thread from a measure": "/rod-trad/{measure}/",
    "gaps in the red thread": "/rod-trad/hull/",
    "gaps in the red thread, one gap": "/rod-trad/hull/?gap=measure_overdue",
    "red thread from an indicator": "/rod-trad/{indicator}/",
    "gaps in the red thread, red without an answer": "/rod-trad/hull/?gap=red_without_answer",
    "scorecard of the municipality": "/styringskort/{top}/",
    "scorecard of a unit": "/styringskort/{unit}/",
    "focus area, unit by unit": "/fokusomrader/{focus}/?enhet={top}",
    "focus area, in a service area": "/fokusomrader/{focus}/?enhet={service_area}",
    "how evenly units are steered": "/styringskort/{service_area}/jevnhet/",
    "register of indicators": "/indikatorer/",
    "one indicator of all units": "/indikatorer/{indicator}/",
    "entering the figures of a unit": "/resultater/{unit}/",
    "economy of the municipality": "/okonomi/{top}/",
    "economy of a service area": "/okonomi/{service_area}/",
    "economy of a unit": "/okonomi/{unit}/",
    "forecasts and deviations of the municipality": "/okonomi/{top}/prognoser/",
    "budget of a unit while it is made": "/okonomi/{unit}/budsjett/",
    "appropriations by area": "/okonomi/oppstillinger/mer/drift-omrader/",
    "a statutory statement": "/okonomi/oppstillinger/overview_by_kind/",
    "finding a position": "/organisasjon/stillinger/finn/?q=leder",
    "measures as a chart": "/tiltak/diagram/?format=json",
    "units": "/organisasjon/enheter/",
    "units, as they stood on a date": "/organisasjon/enheter/?dato=2021-06-01",
    "one unit": "/organisasjon/enheter/{unit}/",
    "dry run of a merger": "/organisasjon/omstilling/{merger}/",
    "register of positions": "/organisasjon/stillinger/",
    "register of people": "/organisasjon/personer/",
    "one position": "/organisasjon/stillinger/{position}/",
    "register of authority": "/fullmakter/",
    "tree of authority": "/fullmakter/tre/",
    "tree of authority, one power": "/fullmakter/tre/?power={power}",
    "what a position may decide": "/fullmakter/stilling/{position}/",
    "checks not done": "/fullmakter/kontroll-mangler/",
    "notifications": "/varsler/",
    "owner health": "/ansvarshelse/",
    "owner health, findings": "/ansvarshelse/funn/",
    "owner health, one's own": "/ansvarshelse/bekreft/",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--volume", choices=[*base.VOLUMES, "both"], default="asker")
    parser.add_argument("--only", metavar="WORD", help="only the pages with this word in their name; nothing is kept")
    asked = parser.parse_args()
    if asked.volume == "both":
        for volume in base.VOLUMES:
            subprocess.run([sys.executable, "-m", "bench", *sys.argv[1:], "--volume", volume], check=True)
        return
    folder = base.choose(asked.volume)
    from styrhus.engine.database import OwnDatabase

    with OwnDatabase(folder):
        import django

        django.setup()
        print(f"Making the base “{asked.volume}” where it is not there yet", flush=True)
        base.fill(asked.volume)
        if asked.only is not None:
            print("\n".join(_only(asked.only)))
            return
        keep(asked.volume, measure())


def _only(word: str) -> list[str]:
    from bench.ledger import ledger
    from bench.results import results

    parts = {"results": results, "ledger": ledger}
    return parts[word]() if word in parts else pages(word)


def measure() -> list[str]:
    from bench import bulk, trees
    from bench.ledger import ledger
    from bench.results import results

    parts = (pages, register, trees.questions, access, search, bulk.items, bulk.files, results, ledger, digest)
    return [line for part in parts for line in (*_told(part), "")][:-1]


def _told(part) -> list[str]:
    began = time.perf_counter()
    lines = part()
    print(f"{lines[0]} ({time.perf_counter() - began:.0f} s)", flush=True)
    return lines


def pages(only: str = "") -> list[str]:
    """Each page: queries, server time, the time of its SQL alone. Budget: 20 queries; 4 × its SQL, or 25 ms."""
    from django.db import transaction
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(base.director(), backend="styrhus.signin.backends.PasswordBackend")
    with transaction.atomic():
        # A draft merger is shown too, and thrown away.
        lines = _pages(client, only)
        transaction.set_rollback(True)
    return lines


def _pages(client, only: str) -> list[str]:
    from bench import measuring

    examples = _examples()
    lines = [
        "| page | queries | server ms | of it computed ms | its SQL alone ms | ratio | within |",
        "| --- | --: | --: | --: | --: | --: | --- |",
    ]
    for name, url in ((name, url) for name, url in PAGES.items() if only in name):
        found = measuring.page(client, url.format(**examples))
        ratio = found["page"] / found["sql"]
        good = found["queries"] <= 20 and (ratio <= 4 or found["page"] <= 25)
        times = " | ".join(f"{found[part]:.1f}" for part in ("page", "own", "sql"))
        lines.append(f"| {name} | {found['queries']} | {times} | {ratio:.1f} | {measuring.word(good)} |")
    return lines


def _examples() -> dict:
    from bench.trees import draft_merger
    from styrhus.delegation.models import Authorisation
    from styrhus.demo.volume_contents import TITLE
    from styrhus.demo.volume_scorecard import CODE
    from styrhus.organisation.models import Unit
    from styrhus.planning.models import Goal, Measure, Plan, PriorityArea
    from styrhus.scorecard.models import FocusArea, Indicator

    programme = Plan.objects.filter(title=TITLE).order_by("pk")[0]
    given = Authorisation.objects.exclude(passed_on_from=None).order_by("-pk")[0]
    return {
        "unit": Unit.objects.filter(kind="operating_unit").order_by("pk")[0].pk,
        "service_area": Unit.objects.filter(kind="service_area").order_by("-pk")[0].pk,
        "top": Unit.objects.filter(kind="municipality").order_by("pk")[0].pk,
        "indicator": Indicator.objects.get(code=f"{CODE}0").pk,
        "focus": FocusArea.objects.order_by("pk")[0].pk,
        "plan": Plan.objects.order_by("pk")[0].pk,
        "measure": Measure.objects.order_by("pk")[0].pk,
        "programme": programme.pk,
        "area": PriorityArea.objects.filter(placements__plan=programme.pk).order_by("pk")[0].pk,
        "goal": Goal.objects.filter(placements__plan=programme.pk, level="sub").order_by("pk")[0].pk,
        "fetching": _below(programme).pk,
        # Who has passed on most.
        "position": given.giver_id,
        "power": given.power_id,
        "merger": draft_merger().pk,
        "yesterday": date.today() - timedelta(days=1),
    }


def _below(plan):
    """A unit plan that follows up another, and may fetch from it; thrown away afterwards."""
    from styrhus.planning.models import Plan, PlanType

    fixed = {"unit_id": plan.unit_id, "responsible_id": plan.responsible_id, "follows_up": plan}
    unit_plan = PlanType.objects.get(code="unit_plan")
    return Plan.objects.create(
        kind=plan.kind, title="Virksomhetsplan", state=Plan.STARTED, type=unit_plan, first_year=plan.first_year, **fixed
    )


def register() -> list[str]:
    """Requests a second on the real server: the register against an empty page for the same person."""
    from bench import measuring

    cookie = _signed_in()
    with _server():
        rounds = measuring.requests_per_second(PORT, ["/tom/", "/tiltak/"], cookie)
    empty, full = map(max, rounds)
    return [
        "| register of 25 rows, one web process | requests/s |",
        "| --- | --: |",
        f"| empty page, signed in | {empty:.0f} |",
        f"| register | {full:.0f} |",
        f"| share (at least 25 %) | {100 * full / empty:.0f} % {measuring.word(full / empty >= 0.25)} |",
    ]


def _signed_in() -> str:
    from django.test import Client

    client = Client()
    client.force_login(base.director(), backend="styrhus.signin.backends.PasswordBackend")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


class _server:
    def __enter__(self):
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
        self.process = subprocess.Popen([*command, "--port", str(PORT), "--workers", "1"], stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/klar/")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("The server did not answer")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def access() -> list[str]:
    """The first page and the roll-up with the access filter, against the same question without it."""
    from django.db.models import Count

    from bench import measuring
    from styrhus.items.models import Item
    from styrhus.organisation.models import Person

    readers = {
        "municipal director": base.director(),
        "an employee": Person.objects.filter(appointments__position__roles__role="employee").order_by("pk").first(),
    }
    lines = ["| access filter | first 25 ms | by unit and state ms |", "| --- | --: | --: |"]
    bare = Item.objects.filter(kind="planning.measure")
    for name, reader in [("none", None), *readers.items()]:
        rows = Item.objects.visible_to(reader).filter(kind="planning.measure") if reader else bare
        first = measuring.median_ms(lambda rows=rows: list(rows.order_by("due", "pk").values_list("pk")[:25]))
        grouped = rows.values("unit", "state").order_by().annotate(count=Count("pk"))
        lines.append(
            f"| {name} | {first:.1f} | {measuring.median_ms(lambda grouped=grouped: list(grouped.all()), 5):.1f} |"
        )
    return lines


def search() -> list[str]:
    """The search against the bare indexed query with the same access filter. Budget: three times."""
    from bench import measuring
    from styrhus.home import finding
    from styrhus.items.models import Item

    lines = ["| search | bare ms | ours ms | ratio (at most 3) |", "| --- | --: | --: | --- |"]
    reader = base.director()
    for words in ("tilsyn", "tilsyn skole", "oppfølging av vedlikehold", "finnesikke"):
        asked = finding.question(words)
        seen = Item.objects.visible_to(reader).order_by("-updated", "-pk").values_list("pk", "kind")
        # As many as ours reads, which counts its hits by kind: of the first 25 alone nothing can be counted. The same
        # hits too: what has the words beyond its title is asked for where the titles do not fill the list.
        titles = seen.filter(words=asked.query)[: finding.AT_MOST + 1]
        with measuring.listening() as bare:
            if len(titles) <= finding.AT_MOST:
                finding.in_text(asked)

        def ours(words=words):
            again = finding.question(words)
            found = finding.hits(reader, again, date.today())
            return finding.lines(reader, found[:25], again)

        spent = measuring.in_turns(lambda bare=bare: measuring.send(bare.sent), ours)
        ratio = spent[1] / spent[0]
        good = ratio <= 3 or spent[1] <= 10
        lines.append(f"| {words} | {spent[0]:.1f} | {spent[1]:.1f} | {ratio:.1f} {measuring.word(good)} |")
    return lines


def digest() -> list[str]:
    """Escalating everything that is late and making the letters of a day. The queries must not grow with the people."""
    from bench import measuring
    from styrhus.reminders import operations

    found = {}

    def work():
        with measuring.listening() as statements:
            found["told"] = operations.escalate(date.today())
            found["letters"] = len(operations.gather_digests(date.today()))
        found["queries"] = len(statements.sent)

    seconds = measuring.thrown_away(work)
    return [
        "| deadlines told, letters made | queries | seconds |",
        "| --- | --: | --: |",
        f"| {found['told']} deadlines, {found['letters']} letters | {found['queries']} | {seconds:.1f} |",
    ]


def keep(volume: str, lines: list[str]) -> None:
    """Prints the figures and puts them in the place of the last ones of the same volume."""
    units, people, measures = base.VOLUMES[volume]
    named = {"units": units, "people": people, "measures": measures}
    count = ", ".join(f"{number:_} {what}".replace("_", " ") for what, number in named.items())
    taken = (
        f"Taken {date.today()} on {os.cpu_count()} cores, with {os.getloadavg()[2]:.0f} pieces of work wanting them."
    )
    text = "\n".join([f"## {volume}: {count}", "", taken, "", *lines, ""])
    print(text)
    kept = KEPT.read_text() if KEPT.exists() else ""
    parts = [part for part in kept.split("\n## ")[1:] if not part.startswith(f"{volume}:")]
    KEPT.write_text("\n## ".join([HEAD, *(part.rstrip() + "\n" for part in parts), text.removeprefix("## ")]))


if __name__ == "__main__":
    main()
