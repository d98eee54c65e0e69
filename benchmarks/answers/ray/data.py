"""The tables that the questions ask about: small, and of our own making."""

from collections.abc import Mapping, Sequence

Record = Mapping[str, object]


def records(columns: str, *rows: tuple[object, ...]) -> Sequence[Record]:
    """Rows under their column names."""
    return [dict(zip(columns.split(), row, strict=True)) for row in rows]


READINGS = records(
    "reading_id station day temperature rain wind",
    (1, "Northcape", "2024-03-01", 4.5, 2.0, 31),
    (2, "Northcape", "2024-03-02", 3.0, 0.0, 28),
    (3, "Northcape", "2024-03-03", 5.25, 7.5, 44),
    (4, "Northcape", "2024-03-04", 6.0, 1.5, 19),
    (5, "Millbrook", "2024-03-01", 14.0, 0.0, 8),
    (6, "Millbrook", "2024-03-02", 16.5, 0.0, 11),
    (7, "Millbrook", "2024-03-03", 12.75, 12.5, 23),
    (8, "Sandy Bay", "2024-03-01", 21.5, 0.0, 15),
    (9, "Sandy Bay", "2024-03-02", 24.0, 0.5, 17),
    (10, "Sandy Bay", "2024-03-03", 22.25, 3.0, 26),
    (11, "Sandy Bay", "2024-03-04", 19.0, 6.25, 35),
    (12, "Highfield", "2024-03-02", 9.5, 4.0, 12),
)

HARBOURS = records(
    "harbour_id harbour_name country berths",
    (1, "Old Quay", "Norway", 40),
    (2, "Stone Pier", "Denmark", 25),
    (3, "West Mole", "Norway", 60),
)

BOATS = records(
    "boat_id boat_name kind length built harbour_id",
    (1, "Curlew", "ketch", 11.5, 1998, 1),
    (2, "Albatross", "sloop", 9.25, 2012, 1),
    (3, "Tern", "sloop", 8.0, 2005, 2),
    (4, "Gannet", "ketch", 14.75, 1987, 3),
    (5, "Puffin", "cutter", 12.25, 2016, 3),
    (6, "Skua", "sloop", 10.5, 2011, 3),
    (7, "Fulmar", "ketch", 13.0, 2003, 2),
)

TRIPS = records(
    "trip_id boat_id departed distance crew",
    (1, 1, "2024-05-02", 120, 4),
    (2, 1, "2024-05-19", 85, 3),
    (3, 2, "2024-05-03", 40, 2),
    (4, 3, "2024-06-11", 55, 2),
    (5, 4, "2024-06-12", 310, 6),
    (6, 4, "2024-07-01", 275, 6),
    (7, 5, "2024-07-04", 150, 5),
    (8, 6, "2024-07-09", 64, 3),
    (9, 6, "2024-08-15", 91, 2),
    (10, 7, "2024-08-20", 205, 5),
)

REVIEWS = records(
    "review_id product stars comment",
    (1, "kettle", 5, "A very good kettle, very quiet"),
    (2, "kettle", 2, "The lid broke. Not good"),
    (3, "lamp", 4, "Good light and a good price"),
    (4, "lamp", 3, "It's a lamp"),
    (5, "radio", 5, "Very good sound"),
)

DATABASES: Mapping[str, Mapping[str, Sequence[Record]]] = {
    "weather": {"readings": READINGS},
    "harbour": {"harbours": HARBOURS, "boats": BOATS, "trips": TRIPS},
    "reviews": {"reviews": REVIEWS},
}
KEYS = {
    "weather": ([["readings", "reading_id"]], []),
    "harbour": (
        [["harbours", "harbour_id"], ["boats", "boat_id"], ["trips", "trip_id"]],
        [
            [["boats", "harbour_id"], ["harbours", "harbour_id"]],
            [["trips", "boat_id"], ["boats", "boat_id"]],
        ],
    ),
    "reviews": ([["reviews", "review_id"]], []),
}
"""Primary and foreign keys of each database."""
