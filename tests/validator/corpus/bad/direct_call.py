# framework: ray
# brought: true
# expect: RAY003
import ray
ray.init()
@ray.remote(num_cpus=1)
def f(x):
    return x + 1
print([f(i) for i in range(3)])
