import argparse

import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()


@ray.remote
def checked(rows):
    assert len(rows) > 100, "too few rows to speak of"
    return rows.groupby("weather", as_index=False)["wind"].mean()


weather = ray.data.read_csv("file:///data/seattle-weather.csv").to_pandas()
late = weather[weather["date"].astype(str) >= "2015"]
ray.data.from_pandas(ray.get(checked.remote(late))).write_parquet(args.output)
