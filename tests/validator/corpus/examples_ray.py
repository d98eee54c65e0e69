# In the style of Ray's own examples.
# framework: ray
# brought: true
# generated: true

#### tasks in a list
import time
import ray
ray.init()
database = ["Learning", "Ray", "Flexible", "Distributed"]
@ray.remote
def retrieve(item, db):
    time.sleep(item / 10.0)
    return item, db[item]
shared = ray.put(database)
print(ray.get([retrieve.remote(i, shared) for i in range(4)]))

#### circle with progress
import math
import random
import time
import ray
ray.init()
@ray.remote
class ProgressActor:
    def __init__(self, total):
        self.total = total
        self.done = {}
    def report(self, task, n):
        self.done[task] = n
    def progress(self):
        return sum(self.done.values()) / self.total
@ray.remote
def sampling(n, task, progress):
    inside = 0
    for i in range(n):
        x, y = random.uniform(-1, 1), random.uniform(-1, 1)
        if math.hypot(x, y) <= 1:
            inside += 1
        if (i + 1) % 100_000 == 0:
            progress.report.remote(task, i + 1)
    progress.report.remote(task, n)
    return inside
progress = ProgressActor.remote(300_000)
results = [sampling.remote(100_000, i, progress) for i in range(3)]
while True:
    share = ray.get(progress.progress.remote())
    print(f"Progress: {int(share * 100)}%")
    if share == 1:
        break
    time.sleep(1)
print(f"Estimated value: {sum(ray.get(results)) * 4 / 300_000}")

#### a counter
import ray
ray.init()
@ray.remote
class Counter:
    def __init__(self):
        self.value = 0
    def increment(self):
        self.value += 1
        return self.value
    def get_counter(self):
        return self.value
counters = [Counter.remote() for _ in range(10)]
print(ray.get([c.increment.remote() for c in counters]))
print(ray.get([counters[0].increment.remote() for _ in range(5)]))

#### a tree of actors
import time
import ray
@ray.remote(num_cpus=1)
class Trainer:
    def __init__(self, hyperparameter, data):
        self.hyperparameter = hyperparameter
        self.data = data
    def fit(self):
        time.sleep(1)
        return self.data * self.hyperparameter
@ray.remote(num_cpus=1)
class Supervisor:
    def __init__(self, hyperparameter, data):
        self.trainers = [Trainer.remote(hyperparameter, d) for d in data]
    def fit(self):
        return ray.get([t.fit.remote() for t in self.trainers])
ray.init()
data = [1, 2, 3]
first, second = Supervisor.remote(1, data), Supervisor.remote(2, data)
print(ray.get(first.fit.remote()), ray.get(second.fit.remote()))

#### a tree of tasks
import ray
ray.init()
@ray.remote
def add(a, b):
    return a + b
values = [add.remote(0, i) for i in range(1, 9)]
while len(values) > 1:
    values = values[2:] + [add.remote(values[0], values[1])]
print(ray.get(values[0]))

#### nested tasks
import ray
ray.init()
@ray.remote
def leaf(x):
    return x * 2
@ray.remote
def spread(n):
    return [leaf.remote(i) for i in range(n)]
refs = ray.get(spread.remote(4))
print(ray.get(refs))

#### a quick sort
import random
import ray
def partition(items):
    pivot = items.pop()
    return [x for x in items if x < pivot], pivot, [x for x in items if x >= pivot]
def quick_sort(items):
    if len(items) <= 1:
        return items
    low, pivot, high = partition(items)
    return quick_sort(low) + [pivot] + quick_sort(high)
@ray.remote
def sort_remote(items):
    if len(items) <= 200_000:
        return quick_sort(items)
    low, pivot, high = partition(items)
    lower, upper = sort_remote.remote(low), sort_remote.remote(high)
    return ray.get(lower) + [pivot] + ray.get(upper)
ray.init()
numbers = [random.randrange(1_000_000) for _ in range(10_000)]
print(ray.get(sort_remote.remote(numbers))[:5])

#### backpressure
import ray
ray.init()
@ray.remote
class Worker:
    async def heavy(self):
        return "done"
worker, pending = Worker.remote(), []
for i in range(100):
    if len(pending) >= 10:
        ready, pending = ray.wait(pending, num_returns=1)
        ray.get(ready)
    pending.append(worker.heavy.remote())
print(len(ray.get(pending)))

#### a pool of actors
import ray
from ray.util import ActorPool
@ray.remote
class Doubler:
    def double(self, n):
        return n * 2
ray.init()
pool = ActorPool([Doubler.remote() for _ in range(2)])
print(list(pool.map(lambda a, v: a.double.remote(v), [1, 2, 3, 4])))

#### a queue between actors
import ray
from ray.util.queue import Queue
ray.init()
queue = Queue(maxsize=100)
@ray.remote
def consumer(n, q):
    taken = []
    while not q.empty():
        taken.append(q.get(block=True))
    return n, len(taken)
for i in range(10):
    queue.put(i)
print(ray.get([consumer.remote(n, queue) for n in range(2)]))

#### errors and retries
import random
import ray
from ray.exceptions import RayTaskError
ray.init()
@ray.remote(max_retries=3, retry_exceptions=[ValueError])
def flaky(p):
    if random.random() < p:
        raise ValueError("try again")
    return 0
for p in (0.1, 0.9):
    try:
        ray.get(flaky.remote(p))  #? RAY005
        print("SUCCESS")
    except RayTaskError as error:
        print("FAILURE", error.cause)

#### a generator of results
import ray
ray.init()
@ray.remote(num_returns="dynamic")
def split(n, size):
    for start in range(0, n, size):
        yield list(range(start, min(start + size, n)))
generator = ray.get(split.remote(10, 3))
for ref in generator:
    print(ray.get(ref))

#### data from items
import ray
ray.init()
ds = ray.data.from_items([{"col1": i, "col2": str(i)} for i in range(1000)])
ds = ds.filter(lambda r: r["col1"] % 2 == 0).map(lambda r: {**r, "col3": r["col1"] ** 0.5})
print(ds.sort("col1", descending=True).take(3), ds.schema())
shards = ds.split(2)
print([s.count() for s in shards])

#### data of flowers
# sources: iris=s3://data/iris.csv
from typing import Dict
import numpy as np
import ray
ray.init()
ds = ray.data.read_csv("s3://data/iris.csv")
def area(batch: Dict[str, np.ndarray]) -> Dict[str, np.ndarray]:
    batch["petal area (cm^2)"] = batch["petal length (cm)"] * batch["petal width (cm)"]
    return batch
transformed = ds.map_batches(area)
for batch in transformed.iter_batches(batch_size=4):
    print(batch)
transformed.write_parquet("iris")

#### a predictor over batches
# sources: images=s3://data/features/
import numpy as np
import ray
class Predictor:
    def __init__(self):
        self.model = lambda x: x.mean(axis=1)
    def __call__(self, batch):
        stacked = np.stack([batch["a"], batch["b"]], axis=1)
        return {"score": self.model(stacked)}
ray.init()
ds = ray.data.read_parquet("s3://data/features/")
predictions = ds.map_batches(Predictor, concurrency=2, batch_size=64)
predictions.show(limit=1)

#### groups of data
# sources: sales=s3://data/sales.parquet
import ray
from ray.data.aggregate import AbsMax, Count, Mean, Quantile
ray.init()
sales = ray.data.read_parquet("s3://data/sales.parquet")
grouped = sales.groupby("shop").aggregate(Count(), Mean("amount"), AbsMax("amount"), Quantile("amount", q=0.9))
print(grouped.take(5))
def largest(group):
    return group.nlargest(2, "amount")
sales.groupby("shop").map_groups(largest, batch_format="pandas").show(4)

#### a parameter server
import numpy as np
import ray
ray.init()
@ray.remote
class ParameterServer:
    def __init__(self, size):
        self.weights = np.zeros(size)
    def apply(self, *gradients):
        self.weights -= 0.1 * np.mean(gradients, axis=0)
        return self.weights
@ray.remote
class Worker:
    def gradient(self, weights, target=1.0):
        return 2 * (weights - target)
server = ParameterServer.remote(10)
workers = [Worker.remote() for _ in range(3)]
current = server.apply.remote(np.zeros(10))
for step in range(50):
    gradients = [w.gradient.remote(current) for w in workers]
    current = server.apply.remote(*gradients)
print(ray.get(current))

#### a game of life in one actor per row
import numpy as np
import ray
@ray.remote
class Strip:
    def __init__(self, cells):
        self.cells = cells
    def edge(self, top):
        return self.cells[0] if top else self.cells[-1]
    def step(self, above, below):
        grid = np.vstack([above, self.cells, below])
        around = sum(np.roll(np.roll(grid, i, 0), j, 1) for i in (-1, 0, 1) for j in (-1, 0, 1)) - grid
        self.cells = ((around == 3) | ((grid == 1) & (around == 2)))[1:-1].astype(int)
        return int(self.cells.sum())
ray.init()
start = np.eye(8, dtype=int)
strips = [Strip.remote(part) for part in np.split(start, 4)]
for turn in range(3):
    tops = [s.edge.remote(True) for s in strips]
    bottoms = [s.edge.remote(False) for s in strips]
    k = len(strips)
    alive = [strips[i].step.remote(bottoms[i - 1], tops[(i + 1) % k]) for i in range(k)]
    print(sum(ray.get(alive)))
