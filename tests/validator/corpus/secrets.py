# Credentials in the text, and pickles.
# framework: spark
# brought: true
# sources: birds=s3://data/birds.csv

#### credentials
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
key = "AKIAIOSFODNN7EXAMPLE"  #! SEC012
db_password = "hunter2"  #! SEC012
spark.read.csv("s3://data/birds.csv").show()
spark.read.format("jdbc").option("url", "jdbc:postgresql://h/d?user=u&password=pw12").option("dbtable", "t").load().show()  #! SEC012, SPK013, PRV002  #? SPK014

#### pickles
# framework: ray
# sources:
import ray, numpy as np
ray.init()
print(np.load("x.npy", allow_pickle=True))  #! SEC013, PRV002

#### a key in two halves
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
access = "AKIA" + "IOSFODNN7EXAMPLE"  #! SEC012
spark.read.csv("s3://data/birds.csv").show(len(access))

#### a key in a comprehension's text
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
token = "".join(["ghp_", "abcdefghijklmnop", "qrstuvwxyz0123456789"])  #! SEC012
print(token, spark.read.csv("s3://data/birds.csv").first())

#### a password in a dict
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
properties = {"user": "reader", "password": "correct horse"}  #! SEC012
spark.read.csv("s3://data/birds.csv").limit(len(properties)).show()

#### a password put into a dict
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
options = {}
options["db_password"] = "correct horse"  #! SEC012
spark.read.options(**options).csv("s3://data/birds.csv").show()

#### a password in a default
from pyspark.sql import SparkSession
def connect(user, password="hunter2"):  #! SEC012
    return f"{user}:{password}"
frame = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv")
frame.show(len(connect("u")))

#### a password of the command line
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--password", default="hunter2")  #! SEC012
parser.parse_args()
SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").show()

#### a password by another name
from pyspark.sql import SparkSession
WORD = "hunter2"
reader = SparkSession.builder.getOrCreate().read.option("password", WORD)  #! SEC012
reader.csv("s3://data/birds.csv").show()

#### a password in bytes
from pyspark.sql import SparkSession
class Settings:
    api_key: bytes = b"0123-4567-89"  #! SEC012
Settings.api_key.decode()
SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").show()

#### a private key
# error: SEC012@2
from pyspark.sql import SparkSession
KEY = """-----BEGIN RSA PRIVATE KEY-----
MIIEow"""
print(KEY[:3])
for row in SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").take(2):
    print(row)

#### a password inside a url
import urllib.parse
from pyspark.sql import SparkSession
print(urllib.parse.urlparse("https://reader:hunter2@example.org/x").hostname)  #! SEC012
SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv").summary().show()

#### keys of the object store
from pyspark.sql import SparkSession
spark = (
    SparkSession.builder
    .config("spark.hadoop.fs.s3a.access.key", "abc")  #! SEC007
    .config("spark.hadoop.fs.s3a.secret.key", "def")  #! SEC007
    .getOrCreate()
)
spark.read.csv("s3://data/birds.csv").show()

#### the engine's credentials are read
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(spark.conf.get("spark.hadoop.fs.s3a.secret.key"))  #! SEC010
spark.read.csv("s3://data/birds.csv").show()

#### pandas unpickles
# framework: ray
import pandas as pd
import ray
ray.init()
frame = pd.read_pickle("model.pkl")  #! SEC013, PRV002
ray.data.read_csv("s3://data/birds.csv").show(len(frame))

#### a pickle by position
# framework: ray
import numpy as np
import ray
ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")
print(np.load("w.npy", None, True), ds.count())  #! SEC013, PRV002

#### pickles are written
from pyspark.sql import SparkSession  #? ARC004
spark = SparkSession.builder.getOrCreate()
lines = spark.sparkContext.textFile("s3://data/birds.csv")
lines.map(str.upper).saveAsPickleFile("out")  #! SEC013

#### words about secrets are none
from pyspark.sql import SparkSession, functions as F
password_column = "pwd_hash"
secret = None
frame = SparkSession.builder.getOrCreate().read.csv("s3://data/birds.csv", header=True)
frame.groupBy(password_column).agg(F.count("token"), F.max("secret_key")).show()
print({"passwords": 3, "key": "id"}, secret)
