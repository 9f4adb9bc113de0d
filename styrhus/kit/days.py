"""Days as the Norwegian calendar counts them: months, public holidays and working days."""

import calendar
from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)
# New Year's Day, 1 May, 17 May, Christmas Day and Boxing Day.
FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
# Maundy Thursday, Good Friday, Easter, Ascension Day and Whitsun, in days from Easter Sunday.
MOVING = (-3, -2, 0, 1, 39, 49, 50)


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last day of that month; never later than the last day there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def easter_sunday(year: int) -> date:
    """By the Gregorian calendar (the computation of Meeus, Jones and Butcher)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[date]:
    easter = easter_sunday(year)
    fixed = (date(year, month, day) for month, day in FIXED)
    return frozenset([*fixed, *(easter + timedelta(days=days) for days in MOVING)])


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year)


def working_day_from(day: date) -> date:
    """The day itself, or the next working day when it is a Saturday, a Sunday or a public holiday."""
    while not is_working_day(day):
        day += DAY
    return day


def working_days_after(day: date, number: int) -> date:
    """The day on which so many working days have passed; the first day is not counted."""
    for _each in range(number):
        day = working_day_from(day + DAY)
    return day
