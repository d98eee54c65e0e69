# What Ray refuses, or where nothing runs on it.
# framework: ray
# brought: true

#### direct call
import ray
ray.init()
@ray.remote(num_cpus=1)
def f(x):
    return x + 1
print([f(i) for i in range(3)])  #! RAY003

#### not remote
import ray
ray.init()
def f(x):
    return x + 1
print(ray.get([f.remote(i) for i in range(3)]))  #! RAY004

#### no ray
import statistics  #! RAY001
print(statistics.mean(range(10)))

#### init twice
import ray
ray.init()
total = sum(range(3))
ray.init(num_cpus=2)  #! RAY002
print(total)

#### init in main after init
import ray
ray.init(log_to_driver=False)
def main():
    ray.init()  #! RAY002
    print(ray.get(ray.put(1)))
main()

#### no init
import ray  #? RAY002
@ray.remote
def f():
    return 1
print(ray.get(f.remote()))

#### an actor is called
import ray
ray.init()
@ray.remote
class Counter:
    def __init__(self, start=0):
        self.n = start
counter = Counter(3)  #! RAY003
print(counter)

#### a method of an actor is called
import ray  #? ARC004
ray.init()
@ray.remote
class Counter:
    n = 0
    def add(self, k):
        self.n += k
        return self.n
counter = Counter.remote()
for k in range(3):
    counter.add(k)  #! RAY003

#### a method of a named actor is called
import ray
ray.init()
@ray.remote(max_restarts=1)
class Store:
    def get(self, key):
        return key
store = Store.options(name="s", lifetime="detached").remote()
print(ray.get(store.get.remote(1)), store.get(2))  #! RAY003

#### a class that is no actor
import ray
class Plain:
    def run(self):
        return 1
ray.init()
plain = Plain.remote()  #! RAY004
print(plain)

#### a remote function inside a task is called
import ray
ray.init()
@ray.remote
def leaf(x):
    return x
@ray.remote
def tree(n):
    return leaf(n)  #! RAY003
print(ray.get(tree.remote(1)))

#### init only where it is needed
import ray
if not ray.is_initialized():
    ray.init()
else:
    ray.init(ignore_reinit_error=True)
print(ray.get(ray.put("x")))
