#### a table nobody made
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").createOrReplaceTempView("birds")
spark.sql("SELECT * FROM birds b JOIN airports a ON a.id = b.id").show()  #! PRV002


#### another path
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
spark.read.csv("birds.csv").show()  #! PRV002


#### beside the folder
# framework: spark
# sources: birds=s3://data/birds/
# brought: true
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
spark.read.csv(["s3://data/birds/../other.csv", "s3://data/birds2/x.csv"]).show()  #! PRV002


#### hidden path
# framework: spark
# sources: birds=s3://data/birds.csv
# brought: true
import sys
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().read.csv(sys.argv[1]).show()  #? PRV006


#### unread
# framework: spark
# sources: birds=s3://data/birds.csv, airports=s3://data/airports.csv
# brought: true
from pyspark.sql import SparkSession  #? PRV003
SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").show()

