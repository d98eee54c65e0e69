# framework: ray
# brought: true
# expect: ARC006
import ray
def main():
    ray.init()
    print(ray.get(ray.put(1)))
