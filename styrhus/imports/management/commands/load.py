"""`styrhus load`: files of rows into Styrhus, in one transaction, by the same walk as in the browser."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from styrhus.imports.models import Import
from styrhus.imports.operations import collision, load_files, take_back
from styrhus.imports.queries import remembered
from styrhus.kit.loading import Kind, NotMapped, Outcome, Source, guess, kinds
from styrhus.kit.reading import Table, Unreadable
from styrhus.organisation.models import Person
from styrhus.trail.operations import set_actor


class Command(BaseCommand):
    help = (
        "Loads files of one kind, all in one transaction. When a row is refused nothing is loaded, unless "
        "--allow-refused. Without a kind: lists the kinds. Exit status 0 only when nothing was refused "
        "(or --allow-refused)."
    )

    def create_parser(self, *args, **kwargs):
        # --version is the version of a budget here, not of the program.
        return super().create_parser(*args, **kwargs, conflict_handler="resolve")

    def add_arguments(self, parser):
        parser.add_argument("kind", nargs="?", metavar="KIND", help="what the files hold; none: lists the kinds")
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        parser.add_argument("--fields", action="store_true", help="lists the fields of the kind")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="what a column holds (COLUMN= leaves it out); the others are matched as last time, or by their names",
        )
        parser.add_argument(
            "--same",
            action="append",
            default=[],
            metavar="FIELD=TEXT",
            help="what every row says, where no column holds it",
        )
        parser.add_argument("--year", default="", metavar="YEAR", help="as --same year=YEAR")
        parser.add_argument("--version", default="", metavar="NAME", help="as --same version=NAME")
        parser.add_argument("--leave-stray", action="store_true", help="leaves out what stands after the last column")
        parser.add_argument(
            "--source", default="", metavar="NAME", help="where the files come from; remembers the columns"
        )
        parser.add_argument("--sheet", default="", metavar="NAME", help="which sheet of a spreadsheet")
        parser.add_argument("--dry-run", action="store_true", help="says what would happen, changes nothing")
        parser.add_argument("--json", action="store_true", help="prints one JSON object")
        parser.add_argument("--allow-refused", action="store_true", help="loads the other rows when some are refused")
        parser.add_argument("--undo", type=int, metavar="NUMBER", help="takes back a load as a whole, or says why not")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who does it; stands on the trail")

    def handle(self, *, kind, files, fields, undo, **options):
        if undo is not None:
            return self.undo(undo, by=_person(options["by"]), as_json=options["json"])
        if not kind:
            return self.tell(*(f"{each.name:20}{each.label}. {each.help}" for each in kinds().values()))
        if kind not in kinds():
            raise CommandError(f"There is no kind “{kind}”. The kinds are: {', '.join(kinds())}.")
        if fields:
            return self.tell(*_fields(kinds()[kind], as_json=options["json"]))
        if not files:
            raise CommandError("No file is named. Nothing was loaded.")
        return self.load(kinds()[kind], files, **options)

    def load(self, kind: Kind, files: list[Path], **options):
        by, source, sheet = _person(options["by"]), options["source"], options["sheet"]
        of = Import(kind=kind.name, source=source, sheet=sheet, by=by, allow_refused=options["allow_refused"])
        said = [*options["same"], *(f"{name}={options[name]}" for name in ("year", "version") if options[name])]
        of.same = dict(_said(kind, pair) for pair in said)
        of.leave_stray = options["leave_stray"]
        set_actor(by.pk if by else None)
        try:
            outcome = load_files(
                of,
                [Source(file, file.name, sheet) for file in files],
                mapping=_mapping(kind, options["map"], source),
                write=not options["dry_run"],
            )
        except (Unreadable, NotMapped) as error:
            raise CommandError(str(error)) from error
        except (IntegrityError, DataError) as error:
            raise CommandError(collision(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        told = _as_json if options["json"] else _as_text
        self.tell(*told(outcome, options["dry_run"], of.pk))
        if outcome.refused and not of.allow_refused:
            sys.exit(1)

    def undo(self, number: int, *, by: Person | None, as_json: bool):
        of = Import.objects.filter(pk=number, state=Import.State.LOADED).first()
        if of is None:
            raise CommandError(f"There is no load with the number {number} to undo. Nothing was changed.")
        set_actor(by.pk if by else None)
        take_back(of, by=by)
        of.refresh_from_db()
        is_undone, obstacles = of.state == Import.State.UNDONE, of.problem.splitlines()
        if as_json:
            told = {"import": number, "undone": is_undone, "obstacles": obstacles}
            self.tell(json.dumps(told, ensure_ascii=False))
        else:
            self.tell(*([_("The import is undone.")] if is_undone else [*obstacles, _("Nothing was undone.")]))
        if not is_undone:
            sys.exit(1)

    def tell(self, *lines: str) -> None:
        self.stdout.write("\n".join(lines))


def _person(email: str) -> Person | None:
    if not email:
        return None
    found = Person.objects.filter(email__iexact=email, is_active=True).first()
    if not found:
        raise CommandError(f"There is nobody with the e-mail {email}. Nothing was loaded.")
    return found


def _mapping(kind: Kind, pairs: list[str], source: str):
    """What the command line says comes first, then what is remembered of the source, then what the names say."""
    asked = dict(_pair(kind, pair) for pair in pairs)

    def mapping(table: Table) -> dict[str, str]:
        if unknown := asked.keys() - set(table.header):
            columns = ", ".join(table.header)
            raise NotMapped(
                _("The file has no column “%(column)s”. It has: %(columns)s.")
                % {"column": sorted(unknown)[0], "columns": columns}
            )
        left = [column for column in table.header if column not in asked]
        guessed = guess(kind, left, remembered(kind.name, source))
        said = {column: name for column, name in asked.items() if name}
        return said | {column: name for column, name in guessed.items() if name not in said.values()}

    return mapping


def _pair(kind: Kind, pair: str) -> tuple[str, str]:
    column, sign, name = pair.rpartition("=")
    if not sign or (name and name not in kind.names):
        raise CommandError(f"--map {pair}: write COLUMN=FIELD. The fields are: {', '.join(kind.names)}.")
    return column, name


def _said(kind: Kind, pair: str) -> tuple[str, str]:
    name, _sign, written = pair.partition("=")
    names = [each.name for each in kind.fields if each.one_for_all]
    if not written or name not in names:
        raise CommandError(f"--same {pair}: write FIELD=TEXT. The fields are: {', '.join(names) or 'none'}.")
    return name, written


def _fields(kind: Kind, *, as_json: bool) -> list[str]:
    listed = [
        {"name": each.name, "label": str(each.label), "required": each.required, "help": str(each.help)}
        for each in kind.fields
    ]
    if as_json:
        return [json.dumps({"kind": kind.name, "fields": listed}, ensure_ascii=False)]
    return [
        f"{each.name:22}{'* ' if each.required else '  '}{each.label}. {each.help}".rstrip() for each in kind.fields
    ]


def _as_json(outcome: Outcome, dry_run: bool, number: int | None) -> list[str]:
    told = {
        "import": number,
        "read": outcome.read,
        "added": outcome.added,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "refused": outcome.refusals,
        "refused_rows": outcome.refused,
        "totals": outcome.totals,
        "notes": outcome.notes,
        "controls": {each.heading: each.lines for each in outcome.controls},
        "mapping": outcome.mapping,
        "dry_run": dry_run,
        "loaded": outcome.written,
    }
    return [json.dumps(told, ensure_ascii=False, cls=DjangoJSONEncoder)]


def _as_text(outcome: Outcome, dry_run: bool, number: int | None) -> list[str]:
    lines = [
        _("read %(read)s, added %(added)s, changed %(changed)s, unchanged %(unchanged)s, refused %(refused)s")
        % vars(outcome)
    ]
    lines += outcome.notes
    lines += [_refusal(told) for told in outcome.refusals]
    if outcome.refused > len(outcome.refusals):
        lines.append(_("… and more rows that are refused."))
    if outcome.written and number:
        lines.append(_("To take it back: styrhus load --undo %(number)s") % {"number": number})
    if not outcome.written:
        lines.append(_("A dry run: nothing is changed.") if dry_run else _("Nothing was loaded."))
    return lines


def _refusal(told: dict) -> str:
    where = _("line %(line)s") % told
    return ", ".join(filter(None, [told.get("file", ""), where, told["column"]])) + f": {told['reason']}"
