# framework: ray
# brought: true
# expect: SEC001
import ray
import torch
from .helper import x
ray.init()
print(x, torch)
