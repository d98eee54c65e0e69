# framework: ray
# sources: weather=file:///store/weather.csv
import argparse
import ray
from ray.data.aggregate import Mean

def add_month(batch):
    batch["month"] = batch["date"].dt.month
    return batch

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init(ignore_reinit_error=True, log_to_driver=False)
    ds = ray.data.read_csv("file:///store/weather.csv")
    out = ds.map_batches(add_month, batch_format="pandas").groupby("month").aggregate(Mean("precipitation"))
    out.sort("month").write_parquet(args.output)
    print(out.take(12))

if __name__ == "__main__":
    main()
