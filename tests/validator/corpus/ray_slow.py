#### ray slow
# framework: ray
# sources: birds=s3://data/birds.csv
# brought: true
import ray
ray.init("ray://10.0.0.1:10001")  #? RAY006
ray.init()  #! RAY002
@ray.remote
def f(x):
    return x
out = []
for i in range(3):
    ref = f.remote(i)
    out.append(ray.get(ref))  #? RAY005
rows = ray.data.read_csv("s3://data/birds.csv").filter(lambda r: r["a"] > 1).take_all()  #? RAY007
print(rows, out)

