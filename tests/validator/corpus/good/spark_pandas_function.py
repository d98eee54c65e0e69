# framework: spark
# sources: birds=s3://data/birds.csv
import argparse
import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql.functions import pandas_udf, udf
from pyspark.sql.types import DoubleType, StringType

@pandas_udf(DoubleType())
def zscore(v: pd.Series) -> pd.Series:
    return (v - v.mean()) / v.std()

def fit(group: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"size": [group["size"].iloc[0]], "slope": [group["cost"].mean()]})

@udf(StringType())
def grade(v):
    if v is None:
        return None
    for limit, name in ((10, "low"), (100, "mid")):
        if v < limit:
            return name
    return "high"

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    spark = SparkSession.builder.getOrCreate()
    df = spark.read.option("header", "true").csv(path="s3://data/birds.csv")
    out = df.groupBy("size").applyInPandas(fit, "size string, slope double")
    out.write.mode("overwrite").parquet(args.output)

if __name__ == "__main__":
    main()
