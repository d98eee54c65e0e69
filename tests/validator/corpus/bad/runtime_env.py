# framework: ray
# brought: true
# expect: SEC008
import ray
ENV = {"pip": ["x"], "env_vars": {"LD_PRELOAD": "x.so"}}
ray.init(runtime_env=ENV)

@ray.remote(runtime_env={"py_executable": "sh -c id"})
def f():
    return 1
print(ray.get(f.remote()))
