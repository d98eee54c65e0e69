import argparse

import numpy as np
import pandas as pd
import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()

flights = ray.data.read_csv("file:///data/flights-airport.csv").to_pandas()
airports = ray.data.read_csv("file:///data/airports.csv").to_pandas()
places = airports.set_index("iata")[["latitude", "longitude"]]
routes = flights.merge(places, left_on="origin", right_index=True)
routes = routes.merge(places, left_on="destination", right_index=True, suffixes=("_from", "_to"))


@ray.remote
def distances(part: pd.DataFrame) -> pd.DataFrame:
    north = np.radians(part["latitude_to"] - part["latitude_from"])
    east = np.radians(part["longitude_to"] - part["longitude_from"])
    across = np.cos(np.radians(part["latitude_from"])) * np.cos(np.radians(part["latitude_to"]))
    half = np.sin(north / 2) ** 2 + across * np.sin(east / 2) ** 2
    return part.assign(km=6371 * 2 * np.arcsin(np.sqrt(half)))


half = len(routes) // 2
parts = ray.get([distances.remote(routes.iloc[:half]), distances.remote(routes.iloc[half:])])
table = pd.concat(parts).nlargest(20, "km")
table = table.astype({"count": "int64"}).drop(columns=["latitude_from", "longitude_from"])
ray.data.from_pandas(table).write_parquet(args.output)
