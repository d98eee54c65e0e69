"""Functions of `pyspark.sql.functions`, by which of their texts name columns."""

from services.validator.analysis.words import words

NAMES_ONLY = words(
    """
    abs acos acosh add_months aes_decrypt aes_encrypt array array_agg array_compact array_distinct
    array_except array_intersect array_max array_min array_repeat array_size array_union
    arrays_overlap arrays_zip ascii asin asinh atan atan2 atanh avg base64 bin bit_and bit_count
    bit_get bit_length bit_or bit_xor bitmap_and_agg bitmap_bit_position bitmap_bucket_number
    bitmap_construct_agg bitmap_count bitmap_or_agg bitwiseNOT bitwise_not bool_and bool_or btrim
    cardinality cbrt char char_length character_length chr coalesce collation collect_list
    collect_set collect_union concat contains corr cos cosh cot count countDistinct count_distinct
    count_if counter_diff covar_pop covar_samp crc32 create_map csc cume_dist curdate
    current_catalog current_database current_date current_path current_schema current_timestamp
    current_timezone current_user date_add date_diff date_from_unix_date date_sub dateadd datediff
    day dayname dayofmonth dayofweek dayofyear days degrees dense_rank e elt endswith equal_null
    every exp explode explode_outer expm1 factorial find_in_set flatten from_base32 get getbit
    greatest grouping grouping_id hash hex hll_sketch_estimate hmac hour hours hypot ifnull initcap
    inline inline_outer input_file_block_length input_file_block_start input_file_name is_valid_utf8
    is_valid_variant is_variant_null isnan isnotnull isnull jaro_winkler_similarity java_method
    json_array_length json_object_keys kll_sketch_get_n_bigint kll_sketch_get_n_double
    kll_sketch_get_n_float kll_sketch_get_quantile_bigint kll_sketch_get_quantile_double
    kll_sketch_get_quantile_float kll_sketch_get_rank_bigint kll_sketch_get_rank_double
    kll_sketch_get_rank_float kll_sketch_merge_bigint kll_sketch_merge_double kll_sketch_merge_float
    kll_sketch_to_string_bigint kll_sketch_to_string_double kll_sketch_to_string_float kurtosis
    last_day lcase least left length ln localtimestamp log log10 log1p log2 lower ltrim make_date
    make_dt_interval make_interval make_time make_timestamp make_timestamp_ltz make_timestamp_ntz
    make_valid_utf8 make_ym_interval map_concat map_entries map_from_arrays map_from_entries
    map_keys map_values mask max md5 mean median min minute monotonically_increasing_id month
    monthname months named_struct nanvl negate negative now nullif nullifzero nvl nvl2 octet_length
    overlay parse_json parse_url percent_rank pi pmod posexplode posexplode_outer position positive
    pow power printf product quarter quote radians rank reflect regexp regexp_count regexp_like
    regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
    regr_syy repeat replace reverse right rint rlike row_number rtrim schema_of_variant
    schema_of_variant_agg sec second sentences sequence session_user sha sha1 sign signum sin sinh
    size skewness slice some soundex spark_partition_id split_part sqrt st_asbinary st_geogfromwkb
    st_geomfromwkb st_setsrid st_srid stack startswith std stddev stddev_pop stddev_samp str_to_map
    struct substr substring sum sumDistinct sum_distinct tan tanh theta_difference
    theta_intersection theta_intersection_agg theta_sketch_estimate time_diff time_from_micros
    time_from_millis time_from_seconds time_to_micros time_to_millis time_to_seconds time_trunc
    timestamp_micros timestamp_millis timestamp_nanos timestamp_seconds toDegrees toRadians
    to_base32 to_binary to_char to_number to_time to_timestamp_ltz to_timestamp_ntz
    to_unix_timestamp to_varchar to_variant_object trim try_add try_aes_decrypt try_avg try_divide
    try_element_at try_make_interval try_make_timestamp try_make_timestamp_ltz
    try_make_timestamp_ntz try_mod try_multiply try_parse_json try_parse_url try_reflect
    try_subtract try_sum try_to_binary try_to_number try_to_time try_to_timestamp try_url_decode
    try_validate_utf8 tuple_difference_double tuple_difference_integer tuple_difference_theta_double
    tuple_difference_theta_integer tuple_sketch_estimate_double tuple_sketch_estimate_integer
    tuple_sketch_theta_double tuple_sketch_theta_integer typeof ucase unbase64 unhex unix_date
    unix_micros unix_millis unix_nanos unix_seconds unwrap_udt upper url_decode url_encode user
    validate_utf8 var_pop var_samp variance vector_avg vector_cosine_similarity vector_inner_product
    vector_l2_distance vector_norm vector_normalize vector_sum version weekday weekofyear
    width_bucket window_time xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long
    xpath_number xpath_short xpath_string xxhash64 year years zeroifnull
    """
)
"""Every text that they take names a column."""

_MIXED = """
any_value col ignoreNulls=
approxCountDistinct col rsd=
approx_count_distinct col rsd=
approx_percentile col percentage= accuracy=
array_append col value=
array_contains col value=
array_insert arr pos value=
array_join col delimiter= null_replacement=
array_position col value=
array_prepend col value=
array_remove col element=
assert_true col errMsg=
bround col scale=
bucket numBuckets= col
ceil col scale=
ceiling col scale=
collate col collation=
concat_ws sep= *cols
conv col fromBase= toBase=
convert_timezone sourceTz= targetTz= sourceTs
count_min_sketch col eps= confidence= seed=
current_time precision=
date_format date format=
date_part field= source
date_trunc format= timestamp
datepart field= source
decode col charset=
element_at col extraction=
encode col charset=
extract field= source
first col ignorenulls=
first_value col ignoreNulls=
floor col scale=
format_number col d=
format_string format= *cols
from_csv col schema= options=
from_json col schema= options=
from_unixtime timestamp format=
from_utc_timestamp timestamp tz=
from_xml col schema= options=
get_json_object col path=
histogram_numeric col nBins=
hll_sketch_agg col lgConfigK=
hll_union col1 col2 allowDifferentLgConfigK=
hll_union_agg col allowDifferentLgConfigK=
ilike str pattern escapeChar=
instr str substr= start= occurrence=
json_tuple col *fields=
kll_merge_agg_bigint col k=
kll_merge_agg_double col k=
kll_merge_agg_float col k=
kll_sketch_agg_bigint col k=
kll_sketch_agg_double col k=
kll_sketch_agg_float col k=
lag col offset= default=
last col ignorenulls=
last_value col ignoreNulls=
lead col offset= default=
levenshtein left right threshold=
like str pattern escapeChar=
listagg col delimiter=
listagg_distinct col delimiter=
locate substr= str pos=
lpad col len= pad=
map_contains_key col value=
max_by col ord k=
min_by col ord k=
mode col deterministic=
months_between date1 date2 roundOff=
next_day date dayOfWeek=
nth_value col offset= ignoreNulls=
ntile n=
percentile col percentage= frequency=
percentile_approx col percentage= accuracy=
raise_error errMsg=
rand seed=
randn seed=
random seed=
randstr length= seed=
regexp_extract str pattern= idx=
regexp_extract_all str regexp idx=
regexp_instr str regexp idx=
regexp_replace string pattern= replacement= position=
round col scale=
rpad col len= pad=
schema_of_csv csv= options=
schema_of_json json= options=
schema_of_xml xml= options=
session_window timeColumn gapDuration=
sha2 col numBits=
shiftLeft col numBits=
shiftRight col numBits=
shiftRightUnsigned col numBits=
shiftleft col numBits=
shiftright col numBits=
shiftrightunsigned col numBits=
shuffle col seed=
sort_array col asc=
split str pattern= limit
string_agg col delimiter=
string_agg_distinct col delimiter=
substring_index str delim= count=
theta_sketch_agg col lgNomEntries=
theta_union col1 col2 lgNomEntries=
theta_union_agg col lgNomEntries=
time_bucket bucket_size= ts origin=
timestamp_add unit= quantity ts
timestamp_diff unit= start end
to_csv col options=
to_date col format=
to_json col options=
to_timestamp col format=
to_utc_timestamp timestamp tz=
to_xml col options=
translate srcCol matching= replace=
trunc date format=
try_to_date col format=
try_variant_array_append v path= value
try_variant_get v path= targetType=
try_variant_insert v path= value
try_variant_set v path= value create_if_missing=
tuple_intersection_agg_double col mode=
tuple_intersection_agg_integer col mode=
tuple_intersection_double col1 col2 mode=
tuple_intersection_integer col1 col2 mode=
tuple_intersection_theta_double col1 col2 mode=
tuple_intersection_theta_integer col1 col2 mode=
tuple_sketch_agg_double key summary lgNomEntries= mode=
tuple_sketch_agg_integer key summary lgNomEntries= mode=
tuple_sketch_summary_double col mode=
tuple_sketch_summary_integer col mode=
tuple_union_agg_double col lgNomEntries= mode=
tuple_union_agg_integer col lgNomEntries= mode=
tuple_union_double col1 col2 lgNomEntries= mode=
tuple_union_integer col1 col2 lgNomEntries= mode=
tuple_union_theta_double col1 col2 lgNomEntries= mode=
tuple_union_theta_integer col1 col2 lgNomEntries= mode=
uniform min= max= seed=
unix_timestamp timestamp format=
uuid seed=
variant_array_append v path= value
variant_delete v *paths=
variant_get v path= targetType=
variant_insert v path= value
variant_set v path= value create_if_missing=
variant_strip_nulls v include_arrays=
window timeColumn windowDuration= slideDuration= startTime=
"""
"""The others: function, then its parameters in order; `=` follows those whose texts are values."""


class Layout:
    """Which texts of a call name columns."""

    def __init__(self, parameters: list[str]) -> None:
        self.columns = frozenset(p for p in parameters if not p.endswith("="))
        self._order = [p.rstrip("=") for p in parameters]

    def is_column(self, position: int) -> bool:
        """True when a text at this position names a column."""
        last = self._order[-1]
        name = self._order[position] if position < len(self._order) else last
        return name in self.columns and (position < len(self._order) or last.startswith("*"))


MIXED = {name: Layout(rest) for name, *rest in map(str.split, _MIXED.strip().splitlines())}

AGGREGATES = words(
    """
    any_value approx_count_distinct approxCountDistinct approx_percentile array_agg avg bit_and
    bit_or bit_xor bool_and bool_or collect_list collect_set corr count countDistinct
    count_distinct count_if covar_pop covar_samp every first first_value grouping grouping_id
    histogram_numeric kurtosis last last_value listagg listagg_distinct max max_by mean median
    min min_by mode percentile percentile_approx product regr_avgx regr_avgy regr_count
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy skewness some std stddev
    stddev_pop stddev_samp string_agg sum sumDistinct sum_distinct try_avg try_sum var_pop
    var_samp variance
    """
)
NUMBERS_ONLY = words(
    """
    avg corr covar_pop covar_samp kurtosis mean median percentile percentile_approx product
    skewness std stddev stddev_pop stddev_samp sum sumDistinct sum_distinct var_pop var_samp
    variance
    """
)
"""Aggregates that need numbers, whatever the engine."""

EXPLODES = {
    "explode": ("col", "key", "value"),
    "explode_outer": ("col", "key", "value"),
    "posexplode": ("pos", "col", "key", "value"),
    "posexplode_outer": ("pos", "col", "key", "value"),
}
"""Functions that make several columns, with the names that these may get."""
OPEN = words("inline inline_outer stack json_tuple variant_explode variant_explode_outer")
"""Functions that make columns whose names only the run knows."""
SORTS = words("asc desc asc_nulls_first asc_nulls_last desc_nulls_first desc_nulls_last")
HIGHER = words(
    "aggregate reduce transform filter exists forall map_filter transform_keys transform_values "
    "zip_with map_zip_with array_sort"
)
"""Functions that take a function of columns."""
RETURNS_NUMBER = words("count count_if countDistinct count_distinct length size year month")
