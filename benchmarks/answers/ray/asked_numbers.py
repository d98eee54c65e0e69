"""Questions about numbers, as people ask them, with their answers."""

import math

from benchmarks.answers.ray import arithmetic as a
from benchmarks.answers.ray.question import Question, compute


def listed(numbers: list[int]) -> list[a.Row]:
    return [[n] for n in numbers]


def large(n: int) -> int | str:
    """A number beyond 64 bits is written as text."""
    return n if abs(n) < 2**63 else str(n)


def primes() -> list[Question]:
    twins = [[p, p + 2] for p in a.primes(2, 98) if a.is_prime(p + 2)]
    return [
        *compute(
            "first_primes",
            ("What are the first 10 prime numbers?", listed(a.first_primes(10))),
            ("Compute the first twenty-five primes in parallel.", listed(a.first_primes(25))),
            ("give me 100 primes", listed(a.first_primes(100))),
            ("Write a Ray program that finds the first 15 primes", listed(a.first_primes(15))),
        ),
        *compute(
            "primes_below",
            ("primes below 100", listed(a.primes(2, 99))),
            ("list all prime numbers up to 97", listed(a.primes(2, 97))),
            ("Find every prime smaller than one thousand", listed(a.primes(2, 999))),
            ("all primes below 10^4", listed(a.primes(2, 9_999))),
        ),
        *compute(
            "primes_between",
            ("primes between 10 and 50", listed(a.primes(10, 50))),
            ("Which numbers from 100 to 150 are prime?", listed(a.primes(100, 150))),
            (
                "find prime numbers in the range 1000 to 1,100 using ray",
                listed(a.primes(1000, 1100)),
            ),
        ),
        *compute(
            "nth_prime",
            ("What is the 100th prime number?", [[100, a.first_primes(100)[-1]]]),
            ("find the thousandth prime", [[1000, a.first_primes(1000)[-1]]]),
            ("the 25th prime please", [[25, a.first_primes(25)[-1]]]),
        ),
        *compute(
            "count_primes",
            ("How many primes are there below 1000?", [[len(a.primes(2, 999))]]),
            ("count the primes up to 10,000", [[len(a.primes(2, 10_000))]]),
            ("number of prime numbers between 50 and 500", [[len(a.primes(50, 500))]]),
        ),
        *compute(
            "is_prime",
            ("Is 97 a prime number?", [[97, True]]),
            ("check whether 7919 is prime", [[7919, True]]),
            ("is 1001 prime?", [[1001, False]]),
        ),
        *compute(
            "prime_factors",
            ("prime factors of 360", a.prime_factors(360)),
            ("What is the prime factorization of 13195?", a.prime_factors(13195)),
            ("factorize 9,999,991", a.prime_factors(9_999_991)),
        ),
        *compute(
            "sum_primes",
            ("sum of all primes below 100", [[sum(a.primes(2, 99))]]),
            ("Add up the prime numbers up to 1000", [[sum(a.primes(2, 1000))]]),
            ("what is the sum of the first 50 primes?", [[sum(a.first_primes(50))]]),
        ),
        *compute(
            "near_prime",
            ("largest prime below 1000", [[max(a.primes(2, 999))]]),
            (
                "What is the biggest prime number less than 1 million?",
                [[max(a.primes(999_000, 999_999))]],
            ),
            ("next prime after 100", [[min(a.primes(101, 200))]]),
            ("find the smallest prime greater than 5000", [[min(a.primes(5001, 5100))]]),
        ),
        *compute(
            "twin_primes",
            ("twin primes below 100", twins),
            ("list all twin prime pairs up to 50", [t for t in twins if t[1] <= 50]),
            (
                "find the twin primes between 20 and 80",
                [t for t in twins if t[0] >= 20 and t[1] <= 80],
            ),
        ),
    ]


def sequences() -> list[Question]:
    million = a.fibonaccis(lambda n, f: f <= 4_000_000)
    even = sum(f for _, f in million if isinstance(f, int) and f % 2 == 0)
    return [
        *compute(
            "fibonacci",
            ("What is the 30th Fibonacci number?", [[30, a.fibonacci(30)]]),
            ("compute fibonacci(50)", [[50, a.fibonacci(50)]]),
            ("the hundredth fibonacci number", [[100, large(a.fibonacci(100))]]),
            ("first 15 Fibonacci numbers", [[n, a.fibonacci(n)] for n in range(15)]),
            (
                "Generate the Fibonacci sequence up to 12 terms",
                [[n, a.fibonacci(n)] for n in range(12)],
            ),
            ("fibonacci numbers below 1000", a.fibonaccis(lambda n, f: f < 1000)),
        ),
        *compute(
            "fibonacci_sum",
            ("sum of the even Fibonacci numbers below four million", [[even]]),
            (
                "Find the sum of the even-valued terms in the Fibonacci sequence that do not "
                "exceed four million",
                [[even]],
            ),
            ("add up the first 20 fibonacci numbers", [[sum(a.fibonacci(n) for n in range(20))]]),
        ),
        *compute(
            "factorial",
            ("factorial of 10", [[10, math.factorial(10)]]),
            ("What is 20!?", [[20, math.factorial(20)]]),
            ("compute 30 factorial using ray remote tasks", [[30, str(math.factorial(30))]]),
            ("factorials of 1 to 10", [[n, math.factorial(n)] for n in range(1, 11)]),
            (
                "factorials of the numbers from 5 to 8",
                [[n, math.factorial(n)] for n in range(5, 9)],
            ),
        ),
        *compute(
            "power",
            ("2 to the power of 100", [[str(2**100)]]),
            ("what is 3**20", [[3**20]]),
            ("calculate 7^10", [[7**10]]),
            ("first 10 powers of 2", [[n, 2**n] for n in range(1, 11)]),
        ),
        *compute(
            "harmonic",
            ("100th harmonic number", [[a.harmonic(100)]]),
            ("sum of 1/k for k from 1 to 1000", [[a.harmonic(1000)]]),
            ("sum of the first 50 terms of the harmonic series", [[a.harmonic(50)]]),
            ("sum of the reciprocals of the numbers from 1 to 20", [[a.harmonic(20)]]),
        ),
        *compute(
            "series",
            (
                "first 8 terms of the geometric series with first term 3 and ratio 2",
                [[n, 3 * 2 ** (n - 1)] for n in range(1, 9)],
            ),
            (
                "sum of the geometric series with first term 1, ratio 0.5 and 10 terms",
                [[sum(0.5**n for n in range(10))]],
            ),
            (
                "sum of the arithmetic sequence starting at 5 with difference 3 and 20 terms",
                [[sum(5 + 3 * n for n in range(20))]],
            ),
            (
                "first 6 terms of the arithmetic progression with first term 10 and difference 7",
                [[n, 10 + 7 * (n - 1)] for n in range(1, 7)],
            ),
        ),
    ]


def ranges() -> list[Question]:
    return [
        *compute(
            "range_sum",
            ("sum of the numbers from 1 to 100", [[sum(range(1, 101))]]),
            ("Add up all integers between 5 and 10,000", [[sum(range(5, 10_001))]]),
            ("what's the sum of the first million natural numbers", [[sum(range(1, 1_000_001))]]),
            ("sum 1 through 50", [[sum(range(1, 51))]]),
            (
                "Compute the sum of the even numbers from 1 to 1000 in parallel",
                [[sum(range(2, 1001, 2))]],
            ),
            ("sum of the odd numbers below 100", [[sum(range(1, 100, 2))]]),
            ("sum of the first 30 odd numbers", [[sum(2 * n + 1 for n in range(30))]]),
            ("sum of the numbers from 0 to 100 with step 5", [[sum(range(0, 101, 5))]]),
        ),
        *compute(
            "range_mean",
            ("average of the numbers from 1 to 100", [[50.5]]),
            ("what is the mean of the even numbers between 2 and 20?", [[11.0]]),
            ("mean of the first 25 odd numbers", [[25.0]]),
        ),
        *compute(
            "range_product",
            ("product of the numbers from 1 to 10", [[math.prod(range(1, 11))]]),
            ("multiply all integers from 5 to 12", [[math.prod(range(5, 13))]]),
            ("product of the first 8 odd numbers", [[math.prod(range(1, 16, 2))]]),
        ),
        *compute(
            "power_sum",
            ("sum of squares from 1 to 100", [[sum(n * n for n in range(1, 101))]]),
            (
                "What is the sum of the squares of the first 50 natural numbers?",
                [[sum(n * n for n in range(1, 51))]],
            ),
            ("sum of the cubes of 1 to 20", [[sum(n**3 for n in range(1, 21))]]),
            (
                "add up the squares of the even numbers between 1 and 30",
                [[sum(n * n for n in range(2, 31, 2))]],
            ),
        ),
        *compute(
            "multiples",
            (
                "sum of all multiples of 3 or 5 below 1000",
                [[sum(n for n in range(1000) if n % 3 == 0 or n % 5 == 0)]],
            ),
            (
                "Find the sum of all natural numbers below 1000 that are divisible by 3 or 5",
                [[sum(n for n in range(1000) if n % 3 == 0 or n % 5 == 0)]],
            ),
            (
                "how many numbers from 1 to 500 are divisible by 7",
                [[sum(1 for n in range(1, 501) if n % 7 == 0)]],
            ),
            (
                "count the numbers up to 1000 divisible by both 4 and 6",
                [[sum(1 for n in range(1, 1001) if n % 4 == 0 and n % 6 == 0)]],
            ),
            (
                "multiples of 9 between 50 and 120",
                listed([n for n in range(50, 121) if n % 9 == 0]),
            ),
            (
                "list the even numbers between 11 and 25",
                listed([n for n in range(11, 26) if n % 2 == 0]),
            ),
        ),
    ]


def theory() -> list[Question]:
    sixty = a.divisors(60)
    return [
        *compute(
            "gcd",
            ("greatest common divisor of 48 and 36", [[12]]),
            ("gcd(1071, 462)", [[21]]),
            ("What is the highest common factor of 84, 126 and 210?", [[42]]),
        ),
        *compute(
            "lcm",
            ("least common multiple of 4 and 6", [[12]]),
            ("lcm of 3, 7 and 9", [[63]]),
            ("the smallest common multiple of 12, 15, 20", [[60]]),
        ),
        *compute(
            "divisors",
            ("divisors of 60", listed(sixty)),
            ("list all the factors of 28", listed(a.divisors(28))),
            ("how many divisors does 360 have?", [[len(a.divisors(360))]]),
            ("sum of the divisors of 60", [[sum(sixty)]]),
        ),
        *compute(
            "perfect_numbers",
            ("perfect numbers below 10000", listed([6, 28, 496, 8128])),
            ("find all perfect numbers up to 500", listed(a.perfect(501))),
            ("the first 3 perfect numbers", listed(a.perfect(500))),
        ),
        *compute(
            "collatz",
            (
                "How many steps does the Collatz sequence take for 27?",
                [[27, len(a.collatz(27)) - 1]],
            ),
            ("collatz steps for 97", [[97, len(a.collatz(97)) - 1]]),
            ("Collatz sequence starting at 6", [[i, n] for i, n in enumerate(a.collatz(6))]),
            (
                "which number below 1000 has the longest Collatz sequence?",
                [a.longest_collatz(1000)],
            ),
            ("longest collatz chain under 3000", [a.longest_collatz(3000)]),
        ),
        *compute(
            "digit_sum",
            ("sum of the digits of 2**100", [[a.digit_sum(2**100)]]),
            ("digit sum of 987654321", [[a.digit_sum(987654321)]]),
            ("What is the sum of the digits of 100!?", [[a.digit_sum(math.factorial(100))]]),
        ),
        *compute(
            "combinations",
            ("10 choose 3", [[math.comb(10, 3)]]),
            ("How many ways are there to choose 5 out of 40?", [[math.comb(40, 5)]]),
            ("number of combinations of 4 items from 12", [[math.comb(12, 4)]]),
            ("permutations of 3 from 10", [[math.perm(10, 3)]]),
            ("in how many ways can 5 books be arranged", [[math.factorial(5)]]),
        ),
    ]


def questions() -> list[Question]:
    """All questions about numbers."""
    return [*primes(), *sequences(), *ranges(), *theory()]
