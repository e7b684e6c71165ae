"""What the parsers are asked: an expression, a time zone, an instant to start after, and how many firings."""

import random
from datetime import datetime, timezone
from typing import Iterator, NamedTuple

DIALECTS = ("python", "typescript", "go", "java")

Case = tuple[str, str, int, int]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


# One expression and more for each row of the table of dialects, in forms that some of them know and others do not.
FORMS = [
    "* * * * *", "*/5 * * * *", "* * * * * *", "0 * * * * *", "*/15 * * * * *", "0 0 12 * * * 2031", "0 0 12 1 1 * *",
    "0 30 4 1 1,7 * 2024-2030/2", "0 0 0 1 1 * 2020", "0 0 0 1 1 * 2099", "0 0 0 1 1 * 2150", "", " ", "*", "* * * *",
    "* * * * * * * *", "  0   0 12 * * *  ", "0\t0 12 * * *", "0 0 12 * * *\n",
    "@daily", "@midnight", "@hourly", "@weekly", "@monthly", "@yearly", "@annually", "@reboot", "@Daily", "@DAILY",
    " @daily", "@daily ", "@fortnightly", "@every 5s", "@every 1h30m", "@every 1.5h", "@every 100ms", "@every 1500ms",
    "@every -5s", "@every 0", "@every 5", "@every", "@every  5s", "@every 2m3s500ms", "@every 1d", "@every +5s",
    "@every 9999999h", "@every .5h", "@every 5.s", "@every .s", "@every 7us", "0 0 0 ? * *", "0 0 0 * * ?",
    "0 0 0 ? * ?", "0 0 0 ? * MON", "0 0 0 15 * ?", "? * * * * *", "0 0 0 ?,5 * *", "0 0 0 ?/2 * *", "0 0 0 * ? *",
    "0 0 0 * * 0", "0 0 0 * * 7", "0 0 0 * * 0-7", "0 0 0 * * 5-7", "0 0 0 * * 1-7", "0 0 0 * * 7-2", "0 0 0 * * 6-1",
    "0 0 0 * * 8", "0 0 0 * * 1,7", "0 0 0 * * 7/2", "0 0 0 * * */2", "0 0 0 * * 0/2", "0 0 0 * * 0-6", "0 0 0 * * 3-3",
    "0 0 0 * * 1-5/2", "0 0 0 * * */7", "0 0 0 * * */8", "0 0 0 * * 6/2", "0 0 0 * * SAT-SUN/2", "0 0 0 * * 2-7/2",
    "0 0 0 * JAN *", "0 0 0 * jan,Jun *", "0 0 0 * JANUARY *", "0 0 0 1 NOV-FEB *", "0 0 0 1 11-2 *", "0 0 0 1 FEB/3 *",
    "0 0 0 1 JAN-JUN/2 *", "0 0 0 1 DEC/3 *", "0 0 0 1 APR-JAN/3 *", "0 0 0 * 0 *", "0 0 0 * 13 *", "0 0 0 * * MON-FRI",
    "0 0 0 * * mon,wed,Fri", "0 0 0 * * MONDAY", "0 0 0 * * FRI-MON", "0 0 0 * * SUN", "0 0 0 * * SUN-TUE",
    "0 0 0 * * FRI-SUN", "0 0 0 * * MON-SUN", "0 0 0 * * SUN-SUN", "0 0 0 * * MON/2", "0 0 0 * * XYZ",
    "0 0 0 * FOO *", "0 0 0 * MON *", "0 0 0 * * JAN", "0 0 0 MON * *", "0 0 JAN * * *",
    "0 0 0 L * *", "0 0 0 l * *", "0 0 0 L,15 * *", "0 0 0 1,L * *", "0 0 0 L-3 * *", "0 0 0 L-30 * *", "0 0 0 L-31 * *",
    "0 0 0 L-0 * *", "0 0 0 1-L * *", "0 0 0 20-L/3 * *", "0 0 0 L/2 * *", "0 0 0 LW * *", "0 0 0 L FEB *",
    "0 0 0 2-31,L * 1", "0 0 0 2-31,L * *", "0 0 0 L-3,15 * *", "0 0 0 WL * *",
    "0 0 0 15W * *", "0 0 0 1W * *", "0 0 0 28W * *", "0 0 0 29W * *", "0 0 0 30W * *", "0 0 0 31W * *", "0 0 0 W15 * *",
    "0 0 0 W * *", "0 0 0 15w * *", "0 0 0 15W,20 * *", "0 0 0 1,15W * *", "0 0 0 1W,15W * *", "0 0 0 0W * *",
    "0 0 0 32W * *", "0 0 0 1-15W * *", "0 0 0 15W JAN *", "0 0 0 31W JAN *", "0 0 0 31W 1,3,5 *", "0 0 0 15W * MON",
    "0 0 0 31W * MON", "0 0 0 15W * SAT", "0 0 0 LW * FRI", "0 0 0 15W/2 * *",
    "0 0 0 * * 1#2", "0 0 0 * * 1#1,1#3", "0 0 0 * * MON#2", "0 0 0 * * 5#5", "0 0 0 * * 1#0", "0 0 0 * * 1#6",
    "0 0 0 * * 7#1", "0 0 0 * * 0#1", "0 0 0 * * 1#2,3", "0 0 0 * * 3,1#2", "0 0 0 * * 1-3#2", "0 0 0 * * MON-WED#2",
    "0 0 0 * * #2", "0 0 0 * * 1#", "0 0 0 * * 1#2/2", "0 0 0 10-20 * 1#2", "0 0 0 31 * 1#1", "0 0 0 1 * 1#5",
    "0 0 0 * * *,1#2", "0 0 0 * * 0-6,1#2", "0 0 0 * * SUN#1", "0 0 0 * * 1#2#3", "0 0 0 * * 8#1", "0 0 0 * * 1#7",
    "0 0 0 * * 5L", "0 0 0 * * L5", "0 0 0 * * FRIL", "0 0 0 * * LFRI", "0 0 0 * * 7L", "0 0 0 * * 0L", "0 0 0 * * L",
    "0 0 0 * * 5L,1L", "0 0 0 * * L5,L1", "0 0 0 * * 8L", "0 0 0 * * L8", "0 0 0 * * 5L,1", "0 0 0 * * L7",
    "0 0 0 25-31 * 5L", "0 0 0 25-31 * L5", "0 0 0 ? * 5L", "0 0 0 ? * 1#3", "0 0 0 * * 55L", "0 0 0 * * SUNL",
    "5/10 * * * * *", "0 5/10 * * * *", "0 0 5/7 * * *", "0 0 0 5/10 * *", "0 0 0 1 5/3 *", "0 59/15 * * * *", "0 /5 * * * *",
    "0 */70 * * * *", "0 */60 * * * *", "0 */59 * * * *", "0 0 */24 * * *", "0 0 */23 * * *", "0 0 0 */31 * *",
    "0 0 0 */32 * *", "0 0 0 1 */12 *", "0 0 0 1 */13 *", "0 */0 * * * *", "0 */1 * * * *", "0 */-5 * * * *",
    "0 */5/2 * * * *", "0 */5-10 * * * *", "0 */x * * * *", "0 */ * * * *", "0 10-50/15 * * * *", "0 50-10/15 * * * *",
    "0 50-10 * * * *", "0 0 22-2 * * *", "0 0 22-2/3 * * *", "0 0 23-2/3 * * *", "0 0 20-4/5 * * *", "0 0 0 25-5 * *",
    "0 10-10 * * * *", "0 10-10/5 * * * *", "0 50-51/15 * * * *", "0 0-59 * * * *", "0 0-60 * * * *", "0 1-59/61 * * * *",
    "0 0 0 31 2 *", "0 0 0 30 2 *", "0 0 0 29 2 *", "0 0 0 31 4,6,9,11 *", "0 0 0 31 4 1", "0 0 0 30,31 2 *",
    "0 0 0 31 * *", "0 0 0 30 * *", "0 0 0 29,30,31 * *", "0 0 0 29 2 1", "0 0 0 0 * *", "0 0 0 32 * *", "0 0 0 0-5 * *",
    "0 0 0 5-0 * *", "0 0 0 1-32 * *", "0 0 0 1-31 * 1", "0 0 0 */1 * 1", "0 0 0 * * */1", "0 0 0 13 * */1",
    "0 0 0 13 * 5", "0 0 0 1-7 * 1", "0 0 0 13 * FRI", "0 0 0 */2 * 1", "0 0 0 1 * */2", "0 0 0 1,* * 1",
    "0 0 0 *,13 * 5", "0 0 0 13 * 5,*", "0 0 0 13 * 0-6", "0 0 0 13 * 1-7", "0 0 0 13 * 0-7", "0 0 0 L * 5",
    "0 0 0 31 2 5", "0 0 0 31 4 5",
    "R * * * *", "R R * * * *", "R(0-30) 5 * * * *", "H * * * *", "0 H/5 * * * *", "R/5 * * * * *",
    "0 1,2,3 * * * *", "0 1,,2 * * * *", "0 ,1 * * * *", "0 1, * * * *", "0 , * * * *", "0 0 0 , * 1", "0 1,1,1 * * * *",
    "0 5,*/20 * * * *", "0 *,5 * * * *", "0 *-5 * * * *", "0 5-* * * * *", "0 ** * * * *", "0 -5 * * * *", "0 5- * * * *",
    "0 - * * * *", "0 1-5-7 * * * *", "0 +5 * * * *", "0 1-+5 * * * *", "0 05 * * * *", "0 005-007 * * * *", "0 60 * * * *", "60 * * * * *",
    "0 0 24 * * *", "0 99999999999999999999 * * * *", "0 */99999999999999999999 * * * *", "0 1.5 * * * *", "0 5/ * * * *",
    "0 /  * * * *", "0 // * * * *", "0 a * * * *", "0 0x5 * * * *", "0 5; * * * *", "0 1_0 * * * *", "TZ=Europe/Berlin 0 0 12 * * *",
    "CRON_TZ=UTC 0 0 12 * * *", "0 0 12 * * *||0 0 18 * * *", "0 0 12|18 * * *", "0 0|30 12|18 * * *", "0 0|30 12|18|19 * * *",
    "0 0 12 * * *|", "0 0 12 * * *||", "@daily||@hourly", "|", "||", "|||", "0 0 12 * * |*", "0 0 12 * * *||0 0 6 * * *||0 0 18 * * *", "0 0 12 * * * # noon", "0 0 0 1 1 * -1", "0 0 0 * * -1",
    "0 0 -1 * * *", "0 0 0 é * *", "0 0 0 L1 * *", "0 0 0 1L * *", "0 0 0 15L * *", "0 0 0 * L *", "L * * * * *",
    "0 W * * * *", "0 1#2 * * * *", "0 0 0 1#2 * *", "0 0 0 * * 5W", "0 0 0 * 5L *", "0 L-3 * * * *", "0 0 0 * * L-3",
    "0 0 0 * * 5-L", "0 0 0 * * L-5", "0 0 0 LW,15 * *", "0 0 0 L-3/2 * *", "0 0 0 L-3-5 * *", "0 0 0 L-X * *", "0 0 0 LW-3 * *",
    "0 0 0 1W-5 * *", "0 0 0 * * 1-5,7", "0 0 0 * * 5,0-1", "0 0 0 1,10-12,20/5 * *", "0 0 0 1,*/10 * *", "0 0 0 L W *", "0 0 0 5/2W * *",
]

# Where a clock goes forward or back, and a midnight that does not exist.
CHANGES = [
    ("America/New_York", "2024-03-10T03:00:00"), ("America/New_York", "2024-11-03T02:00:00"),
    ("Europe/Berlin", "2024-03-30T20:00:00"), ("Europe/Berlin", "2024-10-26T20:00:00"),
    ("Australia/Lord_Howe", "2024-04-06T10:00:00"), ("Australia/Lord_Howe", "2024-10-05T10:00:00"),
    ("America/Santiago", "2024-09-07T20:00:00"), ("America/Santiago", "2024-04-06T20:00:00"),
    ("Africa/Cairo", "2024-04-25T12:00:00"), ("America/New_York", "2074-11-03T02:00:00"),
]

# Times of day in and beside the gaps and overlaps.
CLOCKS = [
    "0 30 * * * *", "0 */20 * * * *", "0 0 * * * *", "0 0 0 * * *", "0 30 0 * * *", "0 30 1 * * *", "0 0 1 * * *", "0 45 1 * * *",
    "0 0 2 * * *", "0 30 2 * * *", "15 15 2 * * *", "0 45 2 * * *", "0 0 3 * * *", "0 30 1,2,3 * * *", "0 15,45 1-3 * * *",
    "0 0 */2 * * *", "0 0 1/2 * * *", "0 40 23 * * *", "0 0,30 0,23 * * SAT,SUN", "0 30 2 10 3 *", "0 30 1-3 * * 0", "*/40 59 0-3 * * *",
    "0 30 2 31 3 SUN", "0 0 12 1 * *", "0 30 1 3 11 0", "0 30 0-4 * * *", "0 */30 0-4 * * *", "0 0 0 8 * *", "0 0 0 ? * SUN",
    "0 0 1-23 * * *", "0 */7 * * * *", "0 0 0 1 * *", "0 0 4/6 * * *",
]
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]


def forms() -> Iterator[Case]:
    for expression in FORMS:
        yield expression, "UTC", at("2024-01-30T22:59:30"), 4
    for expression in ("0 0 0 29 2 *", "0 0 12 L * *", "0 0 12 L FEB *", "0 0 12 29 2 */1"):
        for start in ("2023-03-01T00:00:00", "2096-01-01T00:00:00", "2096-03-01T00:00:00"):
            yield expression, "UTC", at(start), 3
    for zone in ("Europe/Berlin", "Australia/Lord_Howe"):
        for expression in ("@daily", "@hourly", "@weekly", "@every 90m", "30 2 * * *", "*/30 * * * *", "0 0 * * *"):
            yield expression, zone, at("2024-10-05T12:34:56"), 30


def changes() -> Iterator[Case]:
    for zone, start in CHANGES:
        for expression in CLOCKS:
            yield expression, zone, at(start), 6
    # From inside an overlap, both of its hours.
    for expression in CLOCKS:
        yield expression, "America/New_York", at("2024-11-03T05:35:00"), 3
        yield expression, "America/New_York", at("2024-11-03T06:35:00"), 3
        yield expression, "Europe/Berlin", at("2024-10-27T00:35:00"), 3
        yield expression, "Europe/Berlin", at("2024-10-27T01:35:00"), 3


class Field(NamedTuple):
    low: int
    high: int
    names: tuple[str, ...] = ()


SECOND, HOUR, DAY = Field(0, 59), Field(0, 23), Field(1, 31)
MONTH = Field(1, 12, ("JAN", "feb", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"))
WEEKDAY = Field(0, 7, ("SUN", "MON", "TUE", "wed", "THU", "FRI", "SAT"))

# What each dialect writes in its day fields, beside numbers.
DAY_FORMS = {"python": ("L", "{}W", "?"), "typescript": ("L", "{}W", "LW", "L-{}", "?"), "go": ("?",), "java": ("L", "{}W", "LW", "L-{}", "?")}
WEEKDAY_FORMS = {"python": ("{}#{}", "L{}", "?"), "typescript": ("{}#{}", "{}L", "?"), "go": ("?",), "java": ("{}#{}", "{}L", "?")}


def atom(chance: random.Random, field: Field) -> str:
    value = chance.randint(field.low, field.high)
    if field.names and chance.random() < 0.3:
        return chance.choice(field.names)
    return str(value)


def item(chance: random.Random, field: Field) -> str:
    kind = chance.random()
    if kind < 0.45:
        return atom(chance, field)
    if kind < 0.6:
        return f"*/{chance.randint(1, field.high + 1)}"
    if kind < 0.7:
        return f"{atom(chance, field)}/{chance.randint(1, field.high)}"
    low, high = chance.randint(field.low, field.high), chance.randint(field.low, field.high)
    if low > high and chance.random() < 0.7:
        low, high = high, low
    step = f"/{chance.randint(1, 9)}" if chance.random() < 0.3 else ""
    return f"{low}-{high}{step}"


def text_of(chance: random.Random, field: Field, open_share: float) -> str:
    if chance.random() < open_share:
        return "*"
    return ",".join(item(chance, field) for _ in range(chance.choice((1, 1, 1, 2, 3))))


def day_fields(chance: random.Random, dialect: str) -> tuple[str, str]:
    day, weekday = text_of(chance, DAY, 0.5), text_of(chance, WEEKDAY, 0.5)
    if chance.random() < 0.2:
        day = chance.choice(DAY_FORMS[dialect]).format(chance.randint(1, 28))
    elif chance.random() < 0.25:
        weekday = chance.choice(WEEKDAY_FORMS[dialect]).format(chance.randint(0, 7), chance.randint(1, 5))
    return day, weekday


def random_cases(dialect: str, count: int, seed: str = "") -> Iterator[Case]:
    chance = random.Random(f"cron of {dialect}{seed}")
    for _ in range(count):
        day, weekday = day_fields(chance, dialect)
        month = text_of(chance, MONTH, 0.6)
        fields = [text_of(chance, SECOND, 0.1), text_of(chance, SECOND, 0.3), text_of(chance, HOUR, 0.4), day, month, weekday]
        if dialect in ("python", "typescript") and chance.random() < 0.2:
            fields.pop(0)
        elif dialect == "python" and chance.random() < 0.1:
            fields.append(text_of(chance, Field(2020, 2060), 0.5))
        if chance.random() < 0.5:
            zone, change = chance.choice(CHANGES)
            start = at(change) + chance.randint(0, 86400)
        else:
            zone, start = chance.choice(ZONES), chance.randint(at("2023-01-01T00:00:00"), at("2032-01-01T00:00:00"))
        yield " ".join(fields), zone, start, 4


def cases(dialect: str) -> list[Case]:
    return [*forms(), *changes(), *random_cases(dialect, 400)]
