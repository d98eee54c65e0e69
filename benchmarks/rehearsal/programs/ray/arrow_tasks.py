import argparse
from pathlib import Path
from urllib.parse import urlparse

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq
import ray

FLIGHTS = "file:///data/flights-airport.csv"
AIRPORTS = "file:///data/airports.csv"


@ray.remote
def load(uri: str, columns: list[str]) -> pa.Table:
    return csv.read_csv(urlparse(uri).path, convert_options=csv.ConvertOptions(include_columns=columns))


@ray.remote
def joined(flights: pa.Table, airports: pa.Table) -> pa.Table:
    totals = flights.group_by("origin").aggregate([("count", "sum")])
    table = totals.join(airports, keys="origin", right_keys="iata", join_type="inner")
    return table.append_column("thousands", pc.divide(table["count_sum"], 1000))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init()
    flights = load.remote(FLIGHTS, ["origin", "count"])
    airports = load.remote(AIRPORTS, ["iata", "city", "state"])
    table = ray.get(joined.remote(flights, airports))
    states = table.group_by("state").aggregate([("count_sum", "sum"), ("city", "count_distinct")])
    states = states.filter(pc.is_valid(states["state"])).sort_by([("count_sum_sum", "descending")])
    folder = Path(args.output)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(states.slice(0, 20), folder / "part-0.parquet")


if __name__ == "__main__":
    main()
