import argparse
import math

import ray

p = argparse.ArgumentParser()
p.add_argument("--output", default="output")
args = p.parse_args()
ray.init()


def flat(row):
    low, high = row["temp"]["min"], row["temp"]["max"]
    return {"weather": row["weather"], "mean": math.fsum([low, high]) / 2, "wind": row["wind"]}


class Chill:
    def __init__(self, least):
        self.least = least

    def __call__(self, batch):
        wind = batch["wind"] * 3.6
        mean = batch["mean"]
        batch["chill"] = 13.12 + 0.6215 * mean - 11.37 * wind**0.16 + 0.3965 * mean * wind**0.16
        return batch


days = ray.data.read_json("file:///data/days.jsonl").map(flat)
days = days.map_batches(Chill, fn_constructor_args=(4.8,), concurrency=1)
print(days.schema())
best = days.sort("chill").limit(25)
best.write_parquet(args.output)
