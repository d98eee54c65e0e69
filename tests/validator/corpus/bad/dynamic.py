# framework: ray
# brought: true
# expect: SEC003, SEC004
import ray
ray.init()
e = eval
e("1")
exec("x = 1")
__import__("os").system("id")
globals()["__builtins__"]
print(1)
