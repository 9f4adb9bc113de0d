"""Dates and numbers as Norwegians write them: 4. des. 2026 in text, 04.12.2026 in tables and forms."""

DATE_FORMAT = "j. N Y"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = r"j. N Y \k\l. H.i"
MONTH_DAY_FORMAT = "j. N"
YEAR_MONTH_FORMAT = "F Y"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H.i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
