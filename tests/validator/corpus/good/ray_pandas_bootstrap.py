# framework: ray
# sources: birds=file:///store/birds.csv
# prompt: bootstrap confidence interval of the mean cost
import argparse
import numpy as np
import pandas as pd
import ray
from concurrent.futures import ThreadPoolExecutor

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
opts = parser.parse_args()
ray.init()
df = pd.read_csv("/store/birds.csv")

@ray.remote
def one(values, seed):
    rng = np.random.default_rng(seed)
    return rng.choice(values, len(values)).mean()

ref = ray.put(df["cost"].to_numpy())
means = ray.get([one.remote(ref, i) for i in range(200)])
result = pd.DataFrame({"low": [np.percentile(means, 2.5)], "high": [np.percentile(means, 97.5)]})
ray.data.from_pandas(result).write_parquet(opts.output)
