# What works on Ray and is slow, or ties the program to one cluster.
# framework: ray
# brought: true

#### ray slow
# sources: birds=s3://data/birds.csv
import ray
ray.init("ray://10.0.0.1:10001")  #? RAY006
ray.init()  #! RAY002
@ray.remote
def f(x):
    return x
out = []
for i in range(3):
    ref = f.remote(i)
    out.append(ray.get(ref))  #? RAY005
rows = ray.data.read_csv("s3://data/birds.csv").filter(lambda r: r["a"] > 1).take_all()  #? RAY007
print(rows, out)

#### waiting in a comprehension
import ray
ray.init()
@ray.remote
def square(x):
    return x * x
print([ray.get(square.remote(i)) for i in range(9)])  #? RAY005

#### waiting in a while
import ray  #? ARC004
ray.init()
@ray.remote
class Pages:
    def page(self, n):
        return list(range(n))
pages, n = Pages.remote(), 0
while n < 10:
    n += len(ray.get(pages.page.remote(3)))  #? RAY005

#### a table with each task
# sources: birds=s3://data/birds.csv
import pandas as pd
import ray
ray.init()
@ray.remote
def part(table, k):
    return len(table) * k
birds = pd.read_csv("s3://data/birds.csv")
print(sum(ray.get([part.remote(birds, k) for k in range(4)])))  #? RAY008

#### an array with each call of an actor
import numpy as np
import ray
ray.init()
@ray.remote
class Model:
    def fit(self, weights, step):
        return weights.sum() + step
model = Model.remote()
weights = np.zeros((1000, 1000))
refs = []
for step in range(5):
    refs.append(model.fit.remote(weights=weights, step=step))  #? RAY008
print(ray.get(refs))

#### a fixed address
import ray
ADDRESS = "ray://" + "head:10001"
ray.init(address=ADDRESS, ignore_reinit_error=True)  #? RAY006
print(ray.cluster_resources())

#### a ray of its own
import ray
with ray.init(address="local", num_cpus=2):  #? RAY006
    print(ray.get(ray.put([1, 2])))

#### a client of an old kind
import ray
ray.util.connect("head:10001")  #? RAY006
ray.init()
print(ray.get([ray.put(1)]))

#### all rows to the driver
# sources: birds=s3://data/birds.csv
import ray
ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")
frame = ds.select_columns(["a"]).to_pandas()  #? RAY007
print(frame.describe())

#### put once and fetched at the end
# sources: birds=s3://data/birds.csv
import pyarrow.csv as pc
import ray
ray.init()
@ray.remote
def count(table, low):
    return sum(1 for v in table["a"].to_pylist() if v >= low)
shared = ray.put(pc.read_csv("s3://data/birds.csv"))
refs = [count.remote(shared, low) for low in range(10)]
done, rest = ray.wait(refs, num_returns=len(refs))
print(ray.get(done), rest)

#### batches of results
import ray
ray.init()
@ray.remote
def work(i):
    return i
pending = [work.remote(i) for i in range(20)]
total = 0
while pending:
    ready, pending = ray.wait(pending, num_returns=min(5, len(pending)))
    total += sum(ray.get(ready))
print(total)
