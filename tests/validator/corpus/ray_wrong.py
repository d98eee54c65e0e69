#### direct call
# framework: ray
# brought: true
import ray
ray.init()
@ray.remote(num_cpus=1)
def f(x):
    return x + 1
print([f(i) for i in range(3)])  #! RAY003


#### not remote
# framework: ray
# brought: true
import ray
ray.init()
def f(x):
    return x + 1
print(ray.get([f.remote(i) for i in range(3)]))  #! RAY004

