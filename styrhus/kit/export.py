"""Registers as files: CSV streamed row by row, XLSX with flat memory. Formulas in text are made harmless."""

import csv
import tempfile
from datetime import date, datetime

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.text import slugify

CHUNK = 2_000
# What makes a spreadsheet read a text as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

TEXT_STAYS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}


class _Echo:
    def write(self, line):
        return line


def harmless(value):
    """A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers and dates stay."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def plain(value):
    """A value as a file holds it: dates in ISO form without time zone, choices as their words."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, int | float | date):
        return value
    return str(value)


def csv_lines(columns, rows):
    writer = csv.writer(_Echo(), delimiter=";")
    # The byte order mark tells Norwegian Excel that this is UTF-8.
    yield "\ufeff" + writer.writerow([str(column.label) for column in columns])
    for row in rows:
        yield writer.writerow([harmless(_text(plain(column.read(row)))) for column in columns])


def _in_language(language: str, lines):
    """A stream is written when the request's language has been put away, so each line takes it up again."""
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _text(value):
    if isinstance(value, date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return "" if value is None else value


def write_xlsx(target, columns, rows, on_row=None) -> int:
    """Writes a workbook to a path or file; returns the number of rows. `on_row` is told each row's number."""
    import xlsxwriter  # heavy, and few requests need it

    with xlsxwriter.Workbook(target, TEXT_STAYS_TEXT | {"constant_memory": True}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        formats = {
            datetime: book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
            date: book.add_format({"num_format": "dd.mm.yyyy"}),
        }
        for place, column in enumerate(columns):
            sheet.write_string(0, place, str(column.label), bold)
        sheet.freeze_panes(1, 0)
        number = 0
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                value = plain(column.read(row))
                if value is not None:
                    sheet.write(number, place, value, formats.get(type(value)))
            if on_row:
                on_row(number)
    return number


def _one_by_one(rows):
    """A register is read as it is written; a table that is there already is walked through."""
    return rows.iterator(chunk_size=CHUNK) if hasattr(rows, "iterator") else iter(rows)


def as_csv(title: str, columns, rows):
    lines = _in_language(translation.get_language(), csv_lines(columns, _one_by_one(rows)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(title)}.csv"'
    return response


def as_xlsx(title: str, columns, rows):
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it has been sent
    write_xlsx(target, columns, _one_by_one(rows))
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{slugify(title)}.xlsx")


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}
