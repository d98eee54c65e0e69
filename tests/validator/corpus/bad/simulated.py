# framework: ray
# sources: birds=s3://data/birds.csv
# expect: PRV001, PRV004, PRV007
import argparse, random
import pandas as pd
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
data = [{"size": s, "cost": random.randint(1, 100)} for s in ("Large", "Small")]
ds = ray.data.from_pandas(pd.DataFrame(data))
ds.groupby("size").sum("cost").write_parquet(args.output)
