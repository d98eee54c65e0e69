# framework: ray
# brought: true
# expect: SEC013
import ray, numpy as np
ray.init()
print(np.load("x.npy", allow_pickle=True))
# also: PRV002
