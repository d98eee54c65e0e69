"""The names by which `needs` tells what a program asks of Spark, as data."""

from collections.abc import Mapping

PYTHON_FUNCTIONS = frozenset({"udf", "pandas_udf", "arrow_udf", "udtf", "arrow_udtf"})
"""Makers of Python functions that run on the server, also as bare names."""

ATTRIBUTES: Mapping[str, str] = {
    **dict.fromkeys(PYTHON_FUNCTIONS, "it defines a Python UDF"),
    **dict.fromkeys(
        (
            "mapInPandas",
            "mapInArrow",
            "mapPartitions",
            "mapPartitionsWithIndex",
            "flatMap",
            "applyInPandas",
            "applyInArrow",
            "applyInPandasWithState",
            "transformWithState",
            "transformWithStateInPandas",
            "cogroup",
            "foreach",
            "foreachPartition",
            "foreachBatch",
            "registerJavaFunction",
            "registerJavaUDAF",
        ),
        "it runs a function of its own on the rows",
    ),
    **dict.fromkeys(("rdd", "toJSON", "parallelize"), "it works on RDDs"),
    "sparkContext": "it uses the SparkContext",
    **dict.fromkeys(
        ("addArtifact", "addArtifacts", "addPyFile", "addFile", "addJar", "copyFromLocalToFs"),
        "it sends files to Spark",
    ),
    **dict.fromkeys(
        ("saveAsTable", "insertInto", "writeTo", "mergeInto", "createTable", "createExternalTable"),
        "it writes a table of the catalog",
    ),
    **dict.fromkeys(
        ("createGlobalTempView", "createOrReplaceGlobalTempView", "dropGlobalTempView"),
        "it uses a global view",
    ),
    **dict.fromkeys(
        ("cache", "persist", "unpersist", "cacheTable", "uncacheTable", "clearCache"),
        "it keeps a table in Spark's cache",
    ),
    **dict.fromkeys(("checkpoint", "localCheckpoint"), "it takes a checkpoint"),
    **dict.fromkeys(
        ("readStream", "writeStream", "streams"),
        "it runs a streaming query",
    ),
    **dict.fromkeys(("newSession", "cloneSession"), "it opens a second session"),
    **dict.fromkeys(("channelBuilder", "remote"), "it chooses its own server"),
    "jdbc": "it reads a database itself",
    "dataSource": "it brings a data source of its own",
    "pandas_api": "it uses pandas on Spark",
    **dict.fromkeys(
        ("reflect", "try_reflect", "java_method", "call_udf", "call_function"),
        "it calls a function by a name of its choice",
    ),
}
"""What an attribute of this name says of the program, whatever it is an attribute of."""

MODULES: Mapping[str, str] = {
    "pyspark.pandas": "it uses pandas on Spark",
    "pyspark.ml": "it uses Spark ML",
    "pyspark.mllib": "it works on RDDs",
    "pyspark.streaming": "it runs a streaming query",
    "pyspark.sql.streaming": "it runs a streaming query",
    "pyspark.sql.connect": "it speaks with Spark Connect itself",
    "pyspark.sql.datasource": "it brings a data source of its own",
    "pyspark.pipelines": "it defines a pipeline",
    "pyspark.java_gateway": "it calls Java",
    "py4j": "it calls Java",
    "grpc": "it speaks with Spark Connect itself",
    "importlib": "it loads code by a name of its choice",
    "delta": "it brings a data source of its own",
    "graphframes": "it brings a data source of its own",
}
"""Imported modules, with all below them."""

DYNAMIC = frozenset({"eval", "exec", "compile", "__import__", "globals", "locals", "vars"})
"""Built-in functions after which reading a program says little about it."""

HARMLESS_DUNDERS = frozenset(
    {"__init__", "__name__", "__doc__", "__file__", "__enter__", "__exit__", "__str__", "__len__"}
)

FORMATS = frozenset({"csv", "json", "parquet", "orc", "text"})
"""Formats whose reading and writing runs Spark's own code only."""

CATALOG_READS = frozenset(
    {
        "currentCatalog",
        "currentDatabase",
        "databaseExists",
        "dropTempView",
        "functionExists",
        "getTable",
        "isCached",
        "listColumns",
        "listDatabases",
        "listFunctions",
        "listTables",
        "tableExists",
    }
)
"""What a program may do with the catalog, which all sessions of a server share."""

HARMLESS_SETTINGS = (
    "spark.app.name",
    # Sizes are the installation's: the program's are passed over, however Spark starts.
    "spark.driver.memory",
    "spark.driver.cores",
    "spark.executor.memory",
    "spark.executor.cores",
    "spark.executor.instances",
    "spark.dynamicAllocation.",
    # These change no answer.
    "spark.ui.",
    "spark.serializer",
    "spark.kryoserializer.buffer",
)
"""Settings, or beginnings of such, that may be passed over without a word."""

FIXED_SQL_SETTINGS = (
    "spark.sql.artifact.",
    "spark.sql.broadcastExchange.maxThreadThreshold",
    "spark.sql.cache.serializer",
    "spark.sql.catalog",
    "spark.sql.codegen.cache.",
    "spark.sql.event.",
    "spark.sql.extensions",
    "spark.sql.filesourceTableRelationCacheSize",
    "spark.sql.globalTempDatabase",
    "spark.sql.hive.",
    "spark.sql.metadataCacheTTLSeconds",
    "spark.sql.pyspark.",
    "spark.sql.queryExecutionListeners",
    "spark.sql.reflect.",
    "spark.sql.restrictedMode.",
    "spark.sql.runSQLOnFiles",
    "spark.sql.sources.disabledJdbcConnProviderList",
    "spark.sql.streaming.",
    "spark.sql.subquery.maxThreadThreshold",
    "spark.sql.ui.",
    "spark.sql.warehouse.dir",
)
"""Beginnings of SQL settings that are fixed when Spark starts, or that are not a program's."""

SPARK_VARIABLES = frozenset(
    {
        "PYSPARK_SUBMIT_ARGS",
        "PYSPARK_PYTHON",
        "PYSPARK_DRIVER_PYTHON",
        "SPARK_REMOTE",
        "SPARK_HOME",
        "SPARK_CONF_DIR",
        "SPARK_LOCAL_DIRS",
        "JAVA_HOME",
    }
)
"""Environment variables that are read when Spark starts, as they stand in a program."""

PATH_CALLS = frozenset({"csv", "json", "parquet", "orc", "text", "textFile", "load", "save"})
"""Methods of readers and writers whose first argument is a path."""
