"""Ways of saying the same thing about numbers, as rewritings into a few canonical words.

They are applied in order to a text in which `#3` is the number at place 3, and so on.
"""

import re
from collections.abc import Sequence

_N = r"#\d+"
_ENGINE = r"(?:py ?spark|spark|ray)"
_PARTS = (
    r"(?:remote )?(?:core|tasks?|functions?|actors?|data|sql|data ?frames?|rdds?|cluster|jobs?)"
)

_POLITE = (
    (r"\b(?:please|kindly|thanks|thank you|hi|hello|hey)\b", " "),
    (r"\b(?:can|could|would|will) you\b", " "),
    (
        r"\bi(?: would| d|'d)? (?:want|need|like|wish)(?: you)?(?: to)?(?: (?:see|know|have))?\b",
        " ",
    ),
    (r"\b(?:i'd|we'd) like(?: you)?(?: to)?\b", " "),
    (r"\b(?:help me|let's|let us|tell me|give me|show me|get me|find me|do you know)\b", " "),
    (
        rf"\b(?:write|create|build|make|run|need|use|generate)(?: me)?(?: an?| some| the)? "
        rf"(?:(?:small|simple|short|distributed|parallel|python|{_ENGINE}) )*"
        r"(?:program|script|code|job|task|function|app|application|pipeline)s?"
        r"(?: (?:that|which|to|for|and))?\b",
        " ",
    ),
    (rf"\b(?:using|use|with|on|in|via|by) (?:an? )?{_ENGINE}(?: {_PARTS})?(?: to(?! #))?\b", " "),
    (rf"\b{_ENGINE} (?:to|:)(?= )", " "),
    (
        r"\b(?:using|with|as|by) (?:parallel|remote|distributed) (?:tasks?|workers?|functions?)\b",
        " ",
    ),
    (r"\b(?:in parallel|in a distributed (?:way|manner)|concurrently|on (?:a|the) cluster)\b", " "),
    (r"\b(?:parallel(?:i[sz]ed?)?|distributed)(?:ly)?\b", " "),
    (r"\bparameter (?:sweep|study|scan)(?: (?:of|over|for|with))?\b", " "),
    (r"\b(?:what's|what is|what are|what was|which is|which are|whats)\b", " "),
)
_COUNTS = (
    (
        r"\bhow (?:many times|often)(?: does| do| is| are)? (?:each|every)(?: single| "
        r"different)? (word|letter)s?(?: occurs?| appears?| used| repeated)*\b",
        r"\1frequency",
    ),
    (
        r"\b(?:count|counts of|number of)(?: of)?(?: occurrences? of)?(?: the)? (?:each|"
        r"every)(?: different| distinct| single)? (word|letter)s?\b",
        r"\1frequency",
    ),
    (
        r"\b(word|letter|character)s? (?:counts?|frequency|frequencies|occurrences|histogram)\b",
        r"\1frequency",
    ),
    (
        r"\b(?:frequency|frequencies|occurrences|counts?|count the occurrences) of(?: the| each| "
        r"every| all)* (word|letter|character)s?\b",
        r"\1frequency",
    ),
    (r"\bcount(?: up)?(?: the| all| all the| each| its)* words\b", "wordfrequency"),
    (
        r"\bcount(?: the)? (?:occurrences|frequency) of (?:each|every|all) (word|letter)s?\b",
        r"\1frequency",
    ),
    (
        r"\b(?:how many|number of|count the number of|count)(?: the| all)* (word|letter|"
        r"character)s\b",
        r"\1total",
    ),
    (r"\bcharacterfrequency\b", "letterfrequency"),
    (r"\b(?:at least|no less than|not less than|>=|≥)(?= )", "atleast"),
    (r"\b(?:square roots?|sqrts?|roots?)\b(?! \()", "squareroot"),
    (r"\b(?:how many|the number of|number of|total number of|count of|amount of)\b", "count"),
    (r"\bcount (?:up |of )?(?:how many|the|all)\b", "count"),
)
_FILLER = (
    r"\b(?:a|an|the|of|all|any|each|every|finds?|computes?|calculates?|returns|prints|shows|"
    r"gives|generates|determines|finding|computing|calculating|computed|calculated|"
    r"computation|calculation|contains?|determine|work out|evaluate|get|"
    r"list|lists|print|display|output|return|show|generate|produce|report|enumerate|write|tell|"
    r"give|do|does|did|exist|exists|there|that|which|who|whose|it|its|me|my|you|us|i|we|in|for|at|"
    r"what|are|be|have|has|so|then(?= sum)|run|perform|make|exactly|exact|value|values|result|"
    r"results|answer|some|together|inclusive|inclusively|both included|including both ends|out|"
    r"when|if|as|into|given|following|these|those|this|them|their|using|use|via|need|only|just|"
    r"positive(?= (?:whole|natural|even|odd|integers|numbers|divisors|multiples))|"
    r"natural|whole|counting|consecutive|proper(?= nothing)|function|equals?)\b",
    " ",
)
_BOUNDS = (
    (rf"\bfrom ({_N}) (?:up |all way |on )?(?:to|through|thru|until|till) ({_N})", r"\1 to \2"),
    (rf"\b(?:between|from|range|within) ({_N}) (?:and|to|,|-) ({_N})", r"\1 to \2"),
    (rf"({_N}) (?:to|through|thru|until|till) ({_N})", r"\1 to \2"),
    (
        rf"\bstart(?:ing)? (?:with|from|by)? ?({_N}) (?:and )?(?:up to|end(?:ing)? (?:with|by)?) "
        rf"?({_N})",
        r"\1 to \2",
    ),
    (rf"\b(?:in )?range ({_N} to {_N})", r"\1"),
    (r"\b(?:less|smaller|lower|fewer) than or equal to\b", "upto"),
    (r"\bat most\b|\bmost(?= #)|\b(?:no|not) (?:more|greater|larger|bigger|higher) than\b", "upto"),
    (
        r"\b(?:not|without|never) (?:exceed|exceeds|exceeding|above|over)\b|\bno (?:larger|"
        r"greater|more) than\b",
        "upto",
    ),
    (r"\bup to(?: and including)?\b|\bthrough(?= #)|\b(?:until|till)\b|≤|< =", "upto"),
    (r"<=", "upto"),
    (
        r"\b(?:strictly )?(?:less|smaller|lower|fewer) than\b|\b(?:below|under|beneath|before)\b|"
        r"<",
        "below",
    ),
    (
        r"\b(?:strictly )?(?:greater|larger|bigger|higher|more) than\b|\b(?:above|after|over|"
        r"exceeding|beyond)(?= #)|>",
        "above",
    ),
    (r"\bfollowing(?= #)", "above"),
)
_WORDS = (
    (r"(?:(?<!\d )!|[.?;:])+(?= |$)", " "),
    (r"\bgreatest common (?:divisor|factor|denominator)s?\b|\bhighest common factor\b", "gcd"),
    (r"\blargest common (?:divisor|factor)\b|\bhcf\b|\bgcf\b", "gcd"),
    (r"\b(?:least|lowest|smallest) common (?:multiple|denominator)\b", "lcm"),
    (r"\bprime (?:factors?|factori[sz]ation|decomposition)\b", "primefactors"),
    (r"\b(?:factori[sz]e|factori[sz]ation|decompose|break down)\b", "primefactors"),
    (
        rf"^(?:check|test|verify|see|decide)? ?(?:whether|if)? ?(?:is )?(?:number |integer "
        rf")?({_N}) (?:is )?prime number\b",
        r"isprime \1",
    ),
    (
        rf"^(?:check|test|verify|see|decide)? ?(?:whether|if)? ?is (?:number |integer )?({_N}) "
        rf"prime\b",
        r"isprime \1",
    ),
    (
        rf"^(?:check|test|verify|see|decide)? ?(?:whether|if)? ?(?:number |integer )?({_N}) is "
        rf"prime\b",
        r"isprime \1",
    ),
    (rf"\b(?:primality|prime test|primality test)(?: test)?(?: of)? ({_N})", r"isprime \1"),
    (r"\b(?:is|are|was|were|be)\b", " "),
    (rf"\bprime number ({_N})(?!\S)", r"\1 th prime"),
    (r"\bprime numbers?\b|\bprimes\b|\bprime integers?\b", "prime"),
    (r"\btwin prime(?: pairs?)?\b|\bpairs? twin prime\b", "twins"),
    (rf"\bfibonacci (?:sequence|series)(?: length)? ({_N})", r"first \1 fibonacci"),
    (rf"\bfibonacci ({_N}) (?:numbers|terms)\b", r"first \1 fibonacci"),
    (r"\bfib\b|\bfibonaccis?\b", "fibonacci"),
    (r"\bfibonacci (?:numbers?|sequence|series|terms?)(?: (?:numbers|terms))?\b", "fibonacci"),
    (r"\b(?:terms|numbers|members|elements) fibonacci\b", "fibonacci"),
    (r"\bfactorials\b", "factorial"),
    (rf"({_N}) !", r"\1 factorial"),
    (r"\b(?:integers|number|integer|nums)\b", "numbers"),
    (r"\b(?:sum up|add up|adding up|add together|summation|sums|summing|add|adding)\b", "sum"),
    (r"\btotal\b", "sum"),
    (r"\b(?:multiply|multiplying|multiplication|multiplied|matmul|products)\b", "product"),
    (r"\b(?:largest|biggest|greatest|highest|maximum|max)\b", "largest"),
    (r"\b(?:smallest|least|lowest|minimum|min)\b", "smallest"),
    (r"\b(?:average|arithmetic mean|avg)\b", "mean"),
    (r"\b(?:standard deviation|std ?dev|stdev|std)\b", "stddev"),
    (r"\b(even|odd) (?:- )?(?:ones|valued)(?: terms)?\b", r"\1"),
    (r"\bevens\b", "even numbers"),
    (r"\b(even|odd)(?: terms| numbers)? fibonacci\b", r"\1 fibonacci"),
    (r"\b(?:squares|squared)\b", "square"),
    (r"\b(?:cubes|cubed)\b", "cube"),
    (r"\b(?:evenly )?(?:divisible|divided)(?: by)?(?: either)?\b", "divisible"),
    (r"\bmultiples?(?: either)?\b", "multiples"),
    (r"\bpowers\b", "powers"),
    (r"\b(?:factors|factor|divisor)\b", "divisors"),
    (r"\bdigit\b", "digits"),
    (r"\bsum digits\b|\bdigits? sum\b", "digitsum"),
    (r"\bcollatz(?: conjecture)? (?:sequence|chain|series|trajectory|orbit)\b", "collatzsequence"),
    (r"\bcollatz conjecture\b", "collatz"),
    (r"\b(?:starting|starts|start|beginning|begins)(?: (?:with|from))?(?= )", "starting"),
    (r"\b(?:raised )?to (?:the )?power\b|\braised to(?: power)?\b|\* \*", "^"),
    (rf"({_N}) to ({_N}) th(?: power)?", r"\1 ^ \2"),
    (
        r"\b(?:ascending|increasing|low to high|smallest to largest|numerical(?:ly)?)(?: "
        r"order)?\b",
        "ascending",
    ),
    (
        r"\b(?:descending|decreasing|high to low|largest to smallest|reverse)(?: alphabetical)? "
        r"order\b",
        "descending",
    ),
    (
        r"\b(?:descending|decreasing|high to low|from largest to smallest|largest to smallest)\b",
        "descending",
    ),
    (r"\b(?:alphabetical(?:ly)?|alphabetic)(?: order)?\b", "ascending"),
    (r"\bmonte ?carlo\b|\bmonte - carlo\b", "mc"),
    (
        r"\b(?:simulation|simulate|simulating|estimate|approximate|estimation|approximation|"
        r"sampling)\b",
        "mc",
    ),
    (r"\bmc (?:methods?|simulations?)\b|\bsimulations?\b|\brandom(?:ly)?\b", "mc"),
    (r"\b(?:with|by|from) mc\b", "mc"),
    (r"\b(?:integration|integrating|integrals|integrate)\b", "integral"),
    (r"\bmc(?: (?:to )?mc)+\b", "mc"),
    (r"\bintegral(?: integral)+\b", "integral"),
    (r"\b(?:dice|die|dices)\b", "dice"),
    (r"\b(?:pair|couple) dice\b", "pair dice"),
    (r"\b(?:sided|sides|faced)\b", "sided"),
    (
        r"\b(?:throws|throw|throwing|toss|tosses|tossing|rolling|rolls|roll|flips|flip|flipping|"
        r"tossed|rolled|thrown)\b",
        "roll",
    ),
    (r"\bcoins\b", "coin"),
    (r"[\[\](){}]", " "),
    (r"^[ ,]+|[ ,]+$", " "),
)


def _compiled(rules: Sequence[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), new) for pattern, new in rules)


_BLANKS = (re.compile(r"\s+"), " ")
PHRASES: Sequence[tuple[re.Pattern[str], str]] = (
    *_compiled(_POLITE),
    *_compiled(_COUNTS),
    *_compiled((_FILLER,)),
    _BLANKS,
    *_compiled(_BOUNDS),
    _BLANKS,
    *(rule for one in _compiled(_WORDS) for rule in (one, _BLANKS)),
)

_WITH = r"(?:(?:and|,|with|from|by|over|above|on|on basis|based on) )*"
CHANCE = re.compile(r"\b(?:mc|pi|dice|coin|integral|integrate|heads)\b")
"""Words of a computation with random numbers: only there are samples an option."""
SAMPLES = re.compile(
    rf"{_WITH}#(?P<n>\d+) (?:mc )?(?P<kept>dice |coin )?"
    r"(?:samples?|points?|darts?|draws?|trials?|iterations?|experiments?|roll|times|repetitions|"
    r"rounds|runs)\b"
)
SEED = re.compile(r"(?:(?:and|,|with|from|fixed|mc) )*\bseed (?:= |to |set to )?#(?P<n>\d+)")
WORKERS = re.compile(
    r"(?:with|on|across|over|by|and) #(?P<n>\d+) (?:parallel |remote )*"
    r"(?:workers|cores|cpus|tasks|processes|machines|nodes|executors|partitions|chunks|threads)\b"
)
