"""Questions over small tables of our own, with their answers in plain Python."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from benchmarks.answers.ray import arithmetic as a
from benchmarks.answers.ray.data import BOATS, HARBOURS, READINGS, REVIEWS, TRIPS
from benchmarks.answers.ray.question import Question, Rows

Record = Mapping[str, object]


def number(record: Record, column: str) -> float:
    value = record[column]
    assert isinstance(value, int | float)
    return value


def grouped(
    records: Iterable[Record], key: str, of: Callable[[list[Record]], object]
) -> list[a.Row]:
    groups: dict[object, list[Record]] = defaultdict(list)
    for record in records:
        groups[record[key]].append(record)
    return [[name, of(group)] for name, group in groups.items()]


def total(column: str) -> Callable[[list[Record]], float]:
    return lambda group: sum(number(r, column) for r in group)


def mean(column: str) -> Callable[[list[Record]], float]:
    return lambda group: sum(number(r, column) for r in group) / len(group)


def highest(column: str) -> Callable[[list[Record]], float]:
    return lambda group: max(number(r, column) for r in group)


def lowest(column: str) -> Callable[[list[Record]], float]:
    return lambda group: min(number(r, column) for r in group)


def columns(records: Iterable[Record], *names: str) -> list[a.Row]:
    return [[r[n] for n in names] for r in records]


def joined(left: Iterable[Record], key: str, right: Iterable[Record], other: str) -> list[Record]:
    return [{**r, **one} for one in left for r in right if one[key] == r[other]]


def asked(
    db: str, used: tuple[str, ...], feature: str, *questions: tuple[str, Rows]
) -> list[Question]:
    return [Question(t, "table", feature, gold, db, used, ordered=False) for t, gold in questions]


def ranked(db: str, used: tuple[str, ...], *questions: tuple[str, Rows]) -> list[Question]:
    return [Question(t, "table", "order", gold, db, used) for t, gold in questions]


def weather() -> list[Question]:
    used = ("readings",)
    wet = [r for r in READINGS if number(r, "rain") > 0]
    warm = sorted(READINGS, key=lambda r: -number(r, "temperature"))
    return [
        *asked(
            "weather",
            used,
            "group",
            ("average temperature by station", grouped(READINGS, "station", mean("temperature"))),
            ("total rain per station", grouped(READINGS, "station", total("rain"))),
            ("maximum wind by station", grouped(READINGS, "station", highest("wind"))),
            ("how many readings are there per station?", grouped(READINGS, "station", len)),
            ("number of readings with rain above 0 by station", grouped(wet, "station", len)),
            (
                "lowest temperature for each station",
                grouped(READINGS, "station", lowest("temperature")),
            ),
        ),
        *asked(
            "weather",
            used,
            "filter",
            (
                "readings with temperature above 20: show station and temperature",
                columns(
                    [r for r in READINGS if number(r, "temperature") > 20], "station", "temperature"
                ),
            ),
            (
                "how many readings have rain greater than 5",
                [[sum(number(r, "rain") > 5 for r in READINGS)]],
            ),
            (
                "average wind at Northcape",
                [[mean("wind")([r for r in READINGS if r["station"] == "Northcape"])]],
            ),
            ("total rain", [[total("rain")(list(READINGS))]]),
            ("how many different stations are there?", [[len({r["station"] for r in READINGS})]]),
        ),
        *ranked(
            "weather",
            used,
            ("top 3 temperatures with their station", columns(warm[:3], "temperature", "station")),
            (
                "station with the most rain in total",
                [
                    [
                        max(
                            grouped(READINGS, "station", total("rain")),
                            key=lambda row: float(str(row[1])),
                        )[0]
                    ]
                ],
            ),
        ),
    ]


def harbour() -> list[Question]:
    sailed = joined(TRIPS, "boat_id", BOATS, "boat_id")
    moored = joined(BOATS, "harbour_id", HARBOURS, "harbour_id")
    long = sorted(BOATS, key=lambda r: -number(r, "length"))
    everywhere = [
        {**h, **s} for s in sailed for h in HARBOURS if s["harbour_id"] == h["harbour_id"]
    ]
    kinds = Counter(str(r["kind"]) for r in BOATS)
    return [
        *asked(
            "harbour",
            ("boats",),
            "group",
            ("number of boats by kind", [[k, n] for k, n in kinds.items()]),
            ("average length of boats per kind", grouped(BOATS, "kind", mean("length"))),
            ("longest length for each kind of boat", grouped(BOATS, "kind", highest("length"))),
            ("kinds with at least 3 boats", [[k] for k, n in kinds.items() if n >= 3]),
        ),
        *asked(
            "harbour",
            ("boats",),
            "filter",
            (
                "names of boats longer than 12",
                columns([r for r in BOATS if number(r, "length") > 12], "boat_name"),
            ),
            (
                "boat name and built year of the boats built after 2010",
                columns([r for r in BOATS if number(r, "built") > 2010], "boat_name", "built"),
            ),
            (
                "how many boats were built before 2000?",
                [[sum(number(r, "built") < 2000 for r in BOATS)]],
            ),
            (
                "list the boat names of kind ketch",
                columns([r for r in BOATS if r["kind"] == "ketch"], "boat_name"),
            ),
        ),
        *ranked(
            "harbour",
            ("boats",),
            (
                "the 3 longest boats by length, with boat name and length",
                columns(long[:3], "boat_name", "length"),
            ),
            ("boat names ordered by length descending", columns(long, "boat_name")),
        ),
        *asked(
            "harbour",
            ("trips", "boats"),
            "join",
            (
                "total distance of trips by boat name",
                grouped(sailed, "boat_name", total("distance")),
            ),
            ("number of trips per boat name", grouped(sailed, "boat_name", len)),
            (
                "average distance of trips by kind of boat",
                grouped(sailed, "kind", mean("distance")),
            ),
        ),
        *asked(
            "harbour",
            ("boats", "harbours"),
            "join",
            (
                "boat name and harbour name of each boat",
                columns(moored, "boat_name", "harbour_name"),
            ),
            ("how many boats are there per harbour name?", grouped(moored, "harbour_name", len)),
            ("total length of boats by country", grouped(moored, "country", total("length"))),
        ),
        *asked(
            "harbour",
            ("trips", "boats", "harbours"),
            "join",
            (
                "total distance of trips by harbour name",
                grouped(everywhere, "harbour_name", total("distance")),
            ),
        ),
        *ranked(
            "harbour",
            ("trips", "boats"),
            (
                "boat name with the highest total distance",
                [
                    [
                        max(
                            grouped(sailed, "boat_name", total("distance")),
                            key=lambda row: float(str(row[1])),
                        )[0]
                    ]
                ],
            ),
        ),
    ]


def each_file() -> list[Question]:
    counts = [["boats", len(BOATS)], ["harbours", len(HARBOURS)], ["trips", len(TRIPS)]]
    used = ("boats", "harbours", "trips")
    return [
        Question(text, "map", "files", counts, "harbour", used, ordered=False)
        for text in (
            "count the rows of each file",
            "How many rows does every table have?",
            "number of records per file, in parallel",
        )
    ]


def reviews() -> list[Question]:
    used = ("reviews",)
    counts = a.counted(w for r in REVIEWS for w in a.words(str(r["comment"])))
    return [
        *asked(
            "reviews",
            used,
            "group",
            ("average stars by product", grouped(REVIEWS, "product", mean("stars"))),
            ("number of reviews per product", grouped(REVIEWS, "product", len)),
        ),
        *(
            Question(text, "map", "word_count", gold, "reviews", used)
            for text, gold in (
                ("word count of the comment column", counts),
                ("top 3 words in comment", counts[:3]),
                ("count the words in the comments", counts),
            )
        ),
    ]


def questions() -> list[Question]:
    """All questions over tables."""
    return [*weather(), *harbour(), *each_file(), *reviews()]
