#### bidi
# framework: ray
# brought: true
import ray
ray.init()
allowed = "user‮ ⁦# admin⁩ ⁦"  #! ARC002
print(allowed)


#### encoding
# framework: spark
# coding: latin-1  #! ARC002
print("a")


#### syntax
# framework: spark
# error: ARC001@1
print("a"

