# framework: ray
# generated: true
import argparse
import ray
import pyarrow as pa
import pyarrow.parquet as pq
from pathlib import Path

@ray.remote
def primes_in(low: int, high: int) -> list[int]:
    return [n for n in range(low, high) if n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))]

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init()
    found: list[int] = []
    low, high = 0, 100
    while len(found) < 10:
        parts = ray.get([primes_in.remote(a, a + 50) for a in range(low, high, 50)])
        found += [p for part in parts for p in part]
        low, high = high, high * 2
    folder = Path(args.output)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"prime": found[:10]}), folder / "part-00000.parquet")

if __name__ == "__main__":
    main()
