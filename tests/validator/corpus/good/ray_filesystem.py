# framework: ray
# sources: birds=s3://data/birds.csv
import argparse
import ray
from pyarrow import csv, fs
import pyarrow.parquet as pq

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()

@ray.remote
def read(uri="s3://data/birds.csv"):
    filesystem, path = fs.FileSystem.from_uri(uri)
    with filesystem.open_input_stream(path) as stream:
        return csv.read_csv(stream)

futures = [read.remote()]
pending = futures
tables = []
while pending:
    done, pending = ray.wait(pending)
    tables.extend(ray.get(done))
pq.write_table(tables[0].group_by("size").aggregate([("cost", "sum")]), f"{args.output}/answer.parquet")
