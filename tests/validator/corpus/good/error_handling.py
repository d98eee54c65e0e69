# framework: spark
# sources: birds=s3://data/birds.csv
import argparse
import logging
import sys
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

log = logging.getLogger(__name__)

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    spark = SparkSession.builder.getOrCreate()
    try:
        df = spark.read.csv("s3://data/birds.csv", header=True)
        df.groupBy("size").count().write.mode("overwrite").parquet(args.output)
    except AnalysisException as e:
        log.error("failed: %s %s", e.__class__.__name__, e)
        sys.exit(1)
    except Exception:
        log.exception("failed")
        raise
    finally:
        spark.stop()

if __name__ == "__main__":
    main()
