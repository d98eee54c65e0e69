# framework: ray
# brought: true
# expect: SEC004
import ray, os
from operator import attrgetter
ray.init()
c = "__cl" + "ass__"
print(getattr((), c), ().__class__.__mro__, (lambda: 0).__globals__)
print(getattr(os, "sys" + "tem"), attrgetter("a.__globals__"))
print([x for x in (1).__class__.__base__.__subclasses__()])
try:
    1 / 0
except ZeroDivisionError as z:
    print(z.__traceback__.tb_frame.f_globals)
