# framework: ray
# brought: true
# expect: SEC002, SEC004
import ray, random, argparse, sys
ray.init()
print(random._os.system("id"))
print(sys.modules["os"])
print(argparse._sys.modules)
