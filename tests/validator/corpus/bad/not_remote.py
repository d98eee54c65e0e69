# framework: ray
# brought: true
# expect: RAY004
import ray
ray.init()
def f(x):
    return x + 1
print(ray.get([f.remote(i) for i in range(3)]))
