"""The edition code: six signs and a check sign, short enough to copy by hand onto a form."""

from leaflets.errors import RequestError

#: No 0, I, L, O or U, so that a sign is not taken for another. 31 of them: a prime number.
ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"

_SIGNS = 6
_FIRST_GROUP = 3

#: What people write for a sign that does not exist, and between signs.
_READ_AS = str.maketrans({"I": "1", "L": "1", "-": "", "‐": "", "–": ""})


def of(fingerprint: str) -> str:
    """Return the code of a fingerprint, a hash in hexadecimal, as it is printed: AQ6-R2YY."""
    number = int(fingerprint, 16)
    signs = ""
    for _ in range(_SIGNS):
        number, sign = divmod(number, len(ALPHABET))
        signs += ALPHABET[sign]
    return _printed(signs + check_sign(signs))


def check_sign(signs: str) -> str:
    """Return the sign that follows six signs: their sum modulo 31, weighted 1 to 6.

    A whole code is right if 1·a + 2·b + … + 6·f − check is 0 modulo 31: the check sign has the
    weight −1. One wrong sign changes the sum by its weight times the difference of two signs, and
    two signs that are swapped by the difference of their weights times that of the signs. All these
    factors are between 1 and 30 in size (weights differ by 1 to 7), and 31 is prime: the product is
    never 0 modulo 31. So any wrong sign and any swap, of neighbours or not, is found.
    """
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, 1))
    return ALPHABET[total % len(ALPHABET)]


def read(text: str) -> str:
    """Read a code as somebody typed it, and return it as it is printed.

    Raises `RequestError` if it is not a code.
    """
    signs = "".join(text.upper().split()).translate(_READ_AS)
    if len(signs) != _SIGNS + 1 or any(sign not in ALPHABET for sign in signs):
        raise RequestError(
            f"“{text}” is not an edition code: a code has {_SIGNS + 1} letters and digits, such as"
            " AQ6-R2YY, at the foot of each page."
        )
    if check_sign(signs[:-1]) != signs[-1]:
        raise RequestError(
            f"“{text}” is not an edition code: one sign is wrong or two are swapped. Look at the"
            " sheet again."
        )
    return _printed(signs)


def _printed(signs: str) -> str:
    return f"{signs[:_FIRST_GROUP]}-{signs[_FIRST_GROUP:]}"
