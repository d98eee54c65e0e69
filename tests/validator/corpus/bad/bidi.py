# framework: ray
# brought: true
# expect: ARC002
import ray
ray.init()
allowed = "user‮ ⁦# admin⁩ ⁦"
print(allowed)
