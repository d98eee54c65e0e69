"""The lists behind the SEC rules: each entry is a name, its reason is the rule's."""

import re

from services.validator.analysis.words import words

STANDARD_LIBRARY = words(
    "__future__ abc argparse array ast base64 bisect calendar cmath collections colorsys "
    "concurrent contextlib copy csv dataclasses datetime decimal difflib enum fractions "
    "functools gc glob gzip bz2 lzma hashlib heapq html io itertools json locale logging math "
    "numbers operator os pathlib platform pprint queue random re secrets shutil statistics "
    "string struct sys tempfile textwrap threading time traceback types typing "
    "typing_extensions unicodedata urllib uuid warnings zlib zoneinfo"
)
"""No process, no network, no native code, no import machinery, no pickles."""
LIBRARIES = words("pyspark ray pyarrow pandas numpy dateutil pytz")
ALLOWED = STANDARD_LIBRARY | LIBRARIES

DANGEROUS = re.compile(
    r"(subprocess|multiprocessing|socket|socketserver|ssl|ctypes|cffi|signal|pty|fcntl|resource|"
    r"asyncio|http|ftplib|smtplib|telnetlib|xmlrpc|requests|httpx|aiohttp|urllib3|paramiko|"
    r"posix|nt|_posixsubprocess|_socket|mmap|pwd|grp|shlex|cloudpickle|pickle|marshal|shelve|dill|"
    r"joblib|importlib|imp|runpy|code|codeop|pkgutil|inspect|dis|builtins|sysconfig|site|atexit|"
    r"webbrowser|psutil|boto3|botocore|s3fs|gcsfs|pip|setuptools|py4j|jpype|duckdb|sqlite3)(\..*)?"
    r"|urllib\.(request|robotparser)(\..*)?|pyspark\.(java_gateway|install|shell|daemon|worker|"
    r"cloudpickle|serializers|resource|profiler)(\..*)?"
    r"|logging\.(config|handlers)(\..*)?"
    r"|ray\.(util\.(client|debug|rpdb|multiprocessing|joblib)|_private|_raylet|cluster_utils|"
    r"autoscaler|dashboard|worker|state|util\.state|job_submission|serve|cross_language|internal|experimental)(\..*)?"
    r"|numpy\.(ctypeslib|f2py|distutils)(\..*)?|pyarrow\.(flight|cuda|plasma|_\w+)(\..*)?"
)
"""Refused with SEC002 whatever else is on a list."""

CARRIED = words(
    "os sys subprocess socket builtins importlib ctypes pickle inspect linecache runpy "
    "multiprocessing asyncio pkgutil marshal"
)
"""Modules that other modules carry as attributes, such as `shutil.os`."""

OS_ALLOWED = words(
    "path makedirs mkdir listdir scandir walk sep linesep pathsep cpu_count getcwd getpid "
    "fspath PathLike stat remove unlink rename replace rmdir DirEntry SEEK_SET SEEK_END name "
    "devnull urandom"
)
NO_STAR = words("os sys io shutil pathlib tempfile glob gc platform operator logging types")
SYS_ALLOWED = words(
    "argv exit stdout stderr stdin maxsize version version_info platform executable getsizeof "
    "float_info int_info byteorder exc_info getrecursionlimit setrecursionlimit flags "
    "set_int_max_str_digits intern hexversion implementation"
)
ENVIRONMENT = re.compile(r"os\.(environb?|getenvb?|putenv|unsetenv)(\..*)?")
PROCESS = re.compile(
    r"shutil\.(which|chown|unpack_archive)|platform\.(popen|node|uname)"
    r"|concurrent\.futures\.ProcessPoolExecutor|concurrent\.futures\.process(\..*)?"
    r"|pandas\.(compat|_libs|_testing|core\.computation|io\.(common|sql|clipboards?|pickle|html))"
    r"|numpy\.(lib\.)?(npyio\.)?DataSource|uuid\.(getnode|_\w+)"
    r"|ray\.(cloudpickle|cross_language|java_function|java_actor_class|timeline|nodes)"
)
DYNAMIC = words("builtins.eval builtins.exec builtins.compile builtins.__import__")
NAMESPACES = words(
    "builtins.globals builtins.locals builtins.breakpoint builtins.input builtins.help "
    "builtins.memoryview builtins.__loader__ builtins.__spec__ builtins.__builtins__ "
    "builtins.__build_class__"
)

DUNDERS = words(
    "__bases__ __base__ __mro__ __subclasses__ __globals__ __builtins__ __code__ __closure__ "
    "__getattribute__ __import__ __loader__ __spec__ __reduce__ __reduce_ex__ __func__ __self__ "
    "__wrapped__ __defaults__ __kwdefaults__ __weakref__ __subclasshook__ __init_subclass__ "
    "__class_getitem__ __setattr__ __delattr__ f_globals f_locals f_back f_builtins f_code "
    "gi_frame gi_code cr_frame tb_frame tb_next co_code func_globals mro"
)
JVM = words(
    "_jvm _jsc _jsparkSession _jdf _jrdd _gateway _jconf _jc _jseq _jmap _jreader _jwrite "
    "java_gateway _java_obj _javaFunction"
)
UNPICKLES = re.compile(
    r"pandas\.(read_pickle|to_pickle|eval|read_hdf)|pyarrow\.(deserialize|serialize)(_\w+)?|pyarrow\.pickle_\w+|ray\.cloudpickle\.\w+"
)
METADATA_NUMBER = 0xA9FEA9FE
"""169.254.169.254 as one number."""
SECRET_PLACE = re.compile(
    r"(^|/)(\.aws|\.ssh|\.kube|\.docker|\.gnupg|\.netrc|\.pgpass|\.git-credentials|\.azure|\.gcloud"
    r"|id_rsa|id_ed25519|serviceaccount)(/|$)"
    r"|^(file:/{1,3})?/(etc|proc|sys|root|dev(?!/null$)|run/secrets|var/run|boot)(/|$)"
)
"""Files that hold secrets or describe the machine, wherever a text names them."""
CLASS_KEYS = re.compile(
    r"(spark\.hadoop\.)?hive\.metastore\.client\.factory\.class|spark\.sql\.catalog\.[\w-]+"
    r"(\.(catalog-impl|io-impl|client\.factory))?|spark\.(closure\.)?serializer"
    r"|spark\.io\.compression\.codec|spark\.sql\.sources\.(default|commitProtocolClass)"
    r"|spark\.sql\.parquet\.output\.committer\.class|spark\.hadoop\.[\w.]*committer[\w.]*"
)
"""Settings whose value is a class that the engine loads."""
KNOWN_CLASSES = re.compile(
    r"org\.apache\.(spark|iceberg|hudi|hadoop|parquet|hive)\..*|io\.delta\..*"
    r"|org\.projectnessie\..*|com\.amazonaws\.glue\.catalog\.metastore\..*"
    r"|com\.amazon\.emr\.committer\..*|[\w-]*"
)
KNOWN_FORMATS = re.compile(r"[\w-]+|org\.apache\.(spark|iceberg|hudi)\..*|net\.snowflake\..*")
SESSION_PRIVATE = words("_conf _options _sc _jconf")
RAY_INIT_PRIVATE = words(
    "_system_config _temp_dir _plasma_directory _node_ip_address _redis_password "
    "_driver_object_store_memory _metrics_export_port _tracing_startup_hook dashboard_host "
    "dashboard_port include_dashboard"
)
CONTEXT_PRIVATE = words("pyFiles environment gateway jsc sparkHome")
SECRET_KEY = re.compile(
    r".*(secret|password|passwd|access\.?key|token|credential).*", re.IGNORECASE
)
CODE_FILE = re.compile(r".*\.(py|pyc|pyd|so|dll|pth|sh|jar|class)", re.IGNORECASE)
"""What is run when it lies in the right folder."""
IN_QUERY = re.compile(r"@[\w.]*[.(]")
"""`@name.attribute` and `@name()` in a query of pandas: code, not a column."""
CODE_METHODS = words(
    "registerJavaFunction registerJavaUDAF addFile addPyFile addJar addArtifact addArtifacts "
    "pickleFile"
)

SQL_METHODS = words("sql expr selectExpr filter where call_function call_udf having")
SQL_DANGER = re.compile(
    r"(?:\b|(?=\0))(?P<what>add\s+(jars?|files?|archives?|pyfiles?)\b"
    r"|(try_)?reflect\s*\(|java_method\s*\("
    r"|(?:transform|map|reduce)\b(?=[^;]{0,1000}?\busing\s{0,9}['\"])"
    r"|create\s+(or\s+replace\s+)?(temporary\s+)?function\b"
    r"|execute\s+immediate\b|load\s+data\b|insert\s+overwrite\s+(local\s+)?directory\b"
    r"|\0\s*(jars?|archives?|pyfiles?)\s(?!\s*[.=])"
    r"|set\s+spark\.(jars|driver|executor|plugins|submit|files|archives)[\w.]*)",
    re.IGNORECASE,
)
SQL_TEXT_FUNCTIONS = re.compile(r"pyspark\.sql\.functions\.(expr|call_function|call_udf)")
SQL_FUNCTIONS = re.compile(r"pyspark\.sql\.functions\.(try_)?(reflect|java_method)")

CONF = re.compile(
    r"spark\.(jars|files|archives|plugins|submit|driver\.(extra|default|user|host|bindAddress)|"
    r"executor\.(extra|default|user)|executorEnv|pyspark|kryo\.(?!unsafe)|shuffle\.manager|python\.(?!worker\.reuse)|extraListeners|"
    r"eventLog|history|ui\.(?!enabled|showConsoleProgress)|redaction|authenticate|ssl|kubernetes|"
    r"yarn|mesos|metrics|logConf|local\.dir|repl|connect|api|worker|deploy|security|kerberos|"
    r"sql\.(extensions|warehouse\.external|queryExecutionListeners|streaming\.streamingQuery"
    r"Listeners|artifact|hive\.metastore\.jars|sessionState))[\w.]*"
    r"|(spark\.hadoop\.)?(fs\.viewfs|fs\.defaultFS|fs\.\w+\.impl"
    r"|fs\.\w+\.(access|secret|session|endpoint|proxy|assumed|aws\.credentials)[\w.]*"
    r"|hadoop\.security)[\w.]*",
    re.IGNORECASE,
)
"""Configuration that loads code, opens ports, carries credentials or moves the cage's walls."""
RUNTIME_ENV_ALLOWED = frozenset({"env_vars", "config"})
LOADER_VARIABLES = re.compile(r"(LD_|DYLD_|PYTHON|PATH$|RAY_|JAVA_|SPARK_|AWS_)\w*")

METADATA = re.compile(
    r"169\.254\.169\.(254|253|123)|169\.254\.170\.2|fd00:ec2::254|metadata\.google\.internal|"
    r"100\.100\.100\.200|168\.63\.129\.16|\b2852039166\b|0x[aA]9[fF][eE][aA]9[fF][eE]"
    r"|\b0*251\.0*376\.|\ba9fe:a9fe\b|\b0xa9\.0xfe\.|\binstance-data\.ec2\.internal\b"
    r"|\bmetadata\.(goog|azure\.(com|internal))\b|\b192\.0\.0\.192\b",
    re.IGNORECASE,
)
CREDENTIAL = re.compile(
    r"(?P<aws>\b(AKIA|ASIA)[0-9A-Z]{16}\b)"
    r"|(?P<private>-----BEGIN [A-Z ]*PRIVATE KEY-----)"
    r"|(?P<token>\b(ghp_[0-9A-Za-z]{30,}|github_pat_\w{30,}|xox[abprs]-[\w-]{10,}"
    r"|sk-[A-Za-z0-9_-]{20,}|arc_[0-9a-f]{8}_[0-9a-f]{32,}|glpat-[\w-]{20,}|whsec_[\w+/=]{24,}))"
    r"|(?P<password>\b(password|passwd|pwd|secret_?key|aws_secret_access_key)\s*=\s*[^\s&;{'\"]{3,})"
    r"|(?P<url>\b[a-z][a-z0-9+.-]{0,30}://[^/\s:@]{1,200}:[^/\s@{]{1,200}@)",
    re.IGNORECASE,
)
SECRET_NAME = re.compile(
    r"(.*_)?(password|passwd|pwd|secret|secret_?key|access_?key(_id)?|api_?key|auth_?token|"
    r"private_?key|aws_secret_access_key|session_token)",
    re.IGNORECASE,
)
