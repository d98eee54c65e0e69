import argparse

import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
strikes = ray.data.read_csv("file:///data/birdstrikes.csv")
late = strikes.filter(lambda row: str(row["Flight Date"]) >= "2002")
print("for example", late.take(1)[0]["Airport Name"])
late.select_columns(["Airport Name", "Wildlife Size"]).write_parquet(args.output)
