# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv
# expect: SPK001
spark.read.csv("s3://data/birds.csv").show()
