# framework: ray
# generated: true
# brought: true
import random
import ray
ray.init()

@ray.remote
def inside(n, seed):
    rng = random.Random(seed)
    return sum(rng.random() ** 2 + rng.random() ** 2 <= 1 for _ in range(n))

total = 100_000
print(4 * sum(ray.get([inside.remote(total // 4, s) for s in range(4)])) / total)
