"""Programs that are right: a rehearsal must let every one of them pass."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from arclight.catalog.profile import TableProfile
from arclight.contracts.names import Framework
from benchmarks.rehearsal.faults import PROGRAMS
from services.codegen.generator import Ask
from services.codegen.planner.planner import plan
from services.codegen.planner.render import render

PROMPTS = {
    "birdstrikes.csv": (
        "total repair cost by wildlife size",
        "how many birdstrikes per year",
        "number of birdstrikes by origin state in 2002, largest first",
        "average speed by phase of flight",
        "the five wildlife species with the most strikes at night",
        "share of birdstrikes by time of day",
        "birdstrikes with a total cost above 100000",
        "which airline had the highest average repair cost",
        "median speed of birdstrikes in Texas",
        "monthly birdstrikes since 2000",
        "top 10 airport names by number of birdstrikes in 2001",
    ),
    "seattle-weather.csv": (
        "average wind by weather",
        "total precipitation per month in 2015",
        "the ten hottest days",
        "how many days had snow in 2014",
        "mean and maximum of temp_max by year",
        "days with precipitation above 40",
        "standard deviation of wind by month of the year",
        "running total of precipitation in 2015 by date",
    ),
    "airports.csv": (
        "number of airports by state",
        "which state has the most airports",
        "airports in Alaska ordered by latitude",
        "the northernmost airport of each state",
    ),
    "flights-airport.csv": (
        "top 20 origins by total count",
        "flights with a count above 10000",
        "number of destinations per origin",
        "highest count by origin",
    ),
    "airports.csv flights-airport.csv": (
        "total flights by state of the origin airport",
        "airports without any flights",
        "total count by city of the destination",
    ),
}
"""By the files that they are asked of; many ask for rows that are not among the first thousand."""


@dataclass(frozen=True)
class Good:
    """A program that answers on the whole data."""

    name: str
    framework: str
    text: str


def written() -> list[Good]:
    """Those by hand."""
    found = []
    for path in sorted(PROGRAMS.glob("*/*.py")):
        kind = path.parent.name
        framework = path.stem.partition("_")[0] if kind == "few" else kind
        found.append(Good(f"{kind}/{path.stem}", framework, path.read_text()))
    return found


def planned(tables: Mapping[str, TableProfile], framework: Framework) -> Iterator[Good]:
    """Those that the planner writes for the prompts; `tables` are the profiles by file name."""
    for files, prompts in PROMPTS.items():
        known = tuple(tables[name] for name in files.split())
        for prompt in prompts:
            ask = Ask(prompt=prompt, tables=known, framework=framework)
            yield Good(f"{framework}: {prompt}", framework, render(plan(ask), framework))
