# framework: ray
# brought: true
# sources: birds=s3://data/birds.csv
# expect: RAY002, RAY005, RAY006, RAY007
import ray
ray.init("ray://10.0.0.1:10001")
ray.init()
@ray.remote
def f(x):
    return x
out = []
for i in range(3):
    ref = f.remote(i)
    out.append(ray.get(ref))
rows = ray.data.read_csv("s3://data/birds.csv").filter(lambda r: r["a"] > 1).take_all()
print(rows, out)
