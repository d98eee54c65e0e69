# framework: spark
# sources: poem=file:///store/poem.txt
# brought: true
from pyspark import SparkConf, SparkContext
sc = SparkContext.getOrCreate(SparkConf().setAppName("wc"))
lines = sc.textFile("file:///store/poem.txt")
counts = lines.flatMap(lambda l: l.split()).map(lambda w: (w.lower(), 1)).reduceByKey(lambda a, b: a + b)
for word, n in counts.takeOrdered(10, key=lambda kv: -kv[1]):
    print(f"{word}\t{n}")
