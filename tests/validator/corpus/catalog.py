# Tables of a catalog and of a database.
# framework: spark
# brought: true
# sources: sales.orders=@glue

#### files of a table
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
spark.read.parquet("s3://lake/warehouse/sales.db/orders/").dropna().show()  #! SPK010, PRV002

#### one partition's files
from pyspark.sql import SparkSession
spark = SparkSession.builder.enableHiveSupport().getOrCreate()
all_rows = spark.table("sales.orders")  #? SPK012
day = spark.read.orc(f"s3://lake/sales/orders/day={20240101}")  #! SPK010, PRV002
print(all_rows.count(), day.count())

#### no support
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.table("sales.orders").limit(20).show()  #! SPK011  #? SPK012

#### no support in SQL
from pyspark.sql import SparkSession
spark = SparkSession.builder.appName("orders").getOrCreate()
top = spark.sql("SELECT shop, sum(amount) AS s FROM sales.orders GROUP BY shop LIMIT 5")  #! SPK011  #? SPK012
top.show()

#### no support by a reader
from pyspark.sql import SparkSession
def orders(session):
    return session.read.table(tableName="sales.orders")  #! SPK011  #? SPK012
orders(SparkSession.builder.getOrCreate()).describe().show()

#### half the settings
from pyspark.sql import SparkSession
spark = (
    SparkSession.builder.config("spark.sql.warehouse.dir", "s3://lake/warehouse")
    .config("spark.sql.catalogImplementation", "hive")
    .getOrCreate()
)
spark.table("sales.orders").groupBy("shop").count().show()  #? SPK012

#### another table
from pyspark.sql import SparkSession
b = SparkSession.builder.enableHiveSupport()
b = b.config("spark.sql.warehouse.dir", "s3://lake/w")
FACTORY = "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory"
b = b.config("hive.metastore.client.factory.class", FACTORY)
spark = b.getOrCreate()
spark.table("sales.orders").join(spark.table("hr.staff"), "staff_id").show()  #! PRV002

#### a catalog of its own
# brought: false
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
spark = (
    SparkSession.builder.config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
    .config("spark.sql.catalog.lake.catalog-impl", "org.apache.iceberg.aws.glue.GlueCatalog")
    .config("spark.sql.catalog.lake.warehouse", "s3://lake/warehouse")
    .getOrCreate()
)
spark.table("sales.orders").groupBy("shop").sum("amount").write.parquet(args.output)

#### Hive as it should be
from pyspark.sql import SparkSession, functions as F
SETTINGS = {
    "spark.sql.warehouse.dir": "s3://lake/warehouse",
    "spark.hadoop.hive.metastore.client.factory.class":
        "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory",
}
builder = SparkSession.builder.appName("orders").enableHiveSupport()
for key in SETTINGS:
    builder = builder.config(key, SETTINGS[key])
orders = builder.getOrCreate().table("sales.orders")
orders.groupBy(F.year("day")).agg(F.sum("amount")).show()

#### a database by its address
# sources: public.orders=@postgres
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
orders = spark.read.jdbc("jdbc:postgresql://db/shop", "public.orders")  #! SPK013, PRV002  #? SPK014
orders.groupBy("shop").count().show()

#### a database with a password
# sources: public.orders=@postgres
from pyspark.sql import SparkSession  #! PRV001
spark = SparkSession.builder.getOrCreate()
LOGIN = {"user": "u", "password": "hunter2"}  #! SEC012
reader = spark.read.format("jdbc").options(url="jdbc:postgresql://db/shop", dbtable="orders", **LOGIN)
reader.load().show()  #! SPK013, PRV002  #? SPK014

#### a database in parts
# sources: public.orders=@postgres
from pyspark.sql import SparkSession  #! PRV001
frame = SparkSession.builder.getOrCreate().read.jdbc(  #! SPK013, PRV002
    url="jdbc:postgresql://db/shop", table="orders", column="id", lowerBound=1,
    upperBound=1_000_000, numPartitions=8,
)
frame.show()

#### a warehouse by its format
# sources: PUBLIC.ORDERS=@snowflake
from pyspark.sql import SparkSession
options = {"sfURL": "x.snowflakecomputing.com", "dbtable": "ORDERS"}
spark = SparkSession.builder.getOrCreate()
spark.read.format("snowflake").options(**options).load().show()  #! SPK013  #? SPK014, PRV006

#### a database by its handle
# sources: public.orders=@postgres, PUBLIC.STAFF=@snowflake
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
orders, staff = spark.table("public.orders"), spark.table("public.staff")
orders.join(staff, orders.clerk == staff.id, "left").groupBy(staff.name).count().show()
