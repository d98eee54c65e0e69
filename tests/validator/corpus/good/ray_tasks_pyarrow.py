# framework: ray
# sources: birds=file:///store/birds.csv, airports=file:///store/airports.csv
import argparse
import os
from pathlib import Path
from urllib.parse import unquote, urlparse

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import ray

BIRDS, AIRPORTS = "file:///store/birds.csv", "file:///store/airports.csv"

@ray.remote(num_cpus=1)
def load(uri: str, columns: list[str]) -> pa.Table:
    path = unquote(urlparse(uri).path)
    return pacsv.read_csv(path, convert_options=pacsv.ConvertOptions(include_columns=columns))

@ray.remote
class Totals:
    def __init__(self):
        self.sums = {}
    def add(self, key, value):
        self.sums[key] = self.sums.get(key, 0) + value
    def result(self):
        return dict(self.sums)

def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init()
    birds, airports = ray.get([load.remote(BIRDS, ["id", "cost"]), load.remote(AIRPORTS, ["id", "state"])])
    totals = Totals.options(name="t").remote()
    joined = birds.join(airports, "id")
    for row in joined.to_pylist():
        totals.add.remote(row["state"], row["cost"])
    sums = ray.get(totals.result.remote())
    table = pa.table({"state": list(sums), "cost": list(sums.values())})
    out = Path(args.output)
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, os.path.join(out, "part-0.parquet"))

if __name__ == "__main__":
    main()
