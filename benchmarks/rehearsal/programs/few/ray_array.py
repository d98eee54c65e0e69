import argparse

import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
import numpy as np

weather = ray.data.read_csv("file:///data/seattle-weather.csv").to_pandas()
late = weather[weather["date"].astype(str) >= "2015"]
strong = np.max(late["wind"].to_numpy()) * 0.8
ray.data.from_pandas(late[late["wind"] >= strong]).write_parquet(args.output)
