"""The edition code: what it is made of, and which slips of the pen it finds."""

import itertools
import random
import string

import pytest

from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.errors import RequestError
from leaflets.library import edition_code
from leaflets.library.load import Library

#: Fingerprints from a fixed seed: any will do.
RANDOM = random.Random(31)  # noqa: S311 - no secret
FINGERPRINTS = [f"{RANDOM.getrandbits(256):064x}" for _ in range(200)]


def is_code(signs: str) -> bool:
    try:
        edition_code.read(signs)
    except RequestError:
        return False
    return True


def test_a_code_has_seven_signs_in_two_groups_without_any_that_are_mistaken() -> None:
    assert len(edition_code.ALPHABET) == 31
    assert not set("0ILOU") & set(edition_code.ALPHABET)
    for fingerprint in FINGERPRINTS:
        first, second = edition_code.of(fingerprint).split("-")
        assert (len(first), len(second)) == (3, 4)
        assert set(first + second) <= set(edition_code.ALPHABET)


def test_any_one_wrong_sign_is_found() -> None:
    for fingerprint in FINGERPRINTS:
        signs = edition_code.of(fingerprint).replace("-", "")
        for place, other in itertools.product(range(len(signs)), edition_code.ALPHABET):
            changed = signs[:place] + other + signs[place + 1 :]
            assert is_code(changed) == (changed == signs)


def test_any_two_swapped_signs_are_found_wherever_they_stand() -> None:
    for fingerprint in FINGERPRINTS:
        signs = edition_code.of(fingerprint).replace("-", "")
        for one, other in itertools.combinations(range(len(signs)), 2):
            swapped = list(signs)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            assert is_code("".join(swapped)) == (signs[one] == signs[other])


def test_every_pair_of_places_and_signs_would_be_found() -> None:
    """All values, not a sample: what a slip adds to the sum depends on nothing else."""
    weights = [*range(1, 7), -1]
    for weight, difference in itertools.product(weights, range(1, 31)):
        assert weight * difference % 31
    for one, other in itertools.combinations(weights, 2):
        assert all((one - other) * difference % 31 for difference in range(1, 31))


@pytest.mark.parametrize("form", ["{}", " {} ", "{0}\u00a0"])
def test_a_code_is_read_as_it_was_typed(form: str) -> None:
    for fingerprint in FINGERPRINTS:
        printed = edition_code.of(fingerprint)
        spaced = " ".join(printed.replace("-", ""))
        for typed in (printed, printed.lower(), printed.replace("-", ""), spaced):
            assert edition_code.read(form.format(typed)) == printed


def test_i_and_l_are_read_as_one() -> None:
    with_one = next(one for one in map(edition_code.of, FINGERPRINTS) if "1" in one)
    for letter in "IiLl":
        assert edition_code.read(with_one.replace("1", letter)) == with_one


@pytest.mark.parametrize("typed", ["", "AQ6", "AQ6-R2YKK", "AQ6-R2Y0", "AQ6-R2YÄ", "٣٣٣٣٣٣٣"])
def test_what_has_not_the_form_of_a_code_is_refused(typed: str) -> None:
    with pytest.raises(RequestError, match="has 7 letters and digits"):
        edition_code.read(typed)


def test_a_wrong_check_sign_sends_the_reader_back_to_the_sheet() -> None:
    right = edition_code.of(FINGERPRINTS[0])
    wrong = right[:-1] + next(one for one in edition_code.ALPHABET if one != right[-1])
    with pytest.raises(RequestError, match="one sign is wrong or two are swapped"):
        edition_code.read(wrong)


def test_the_code_of_an_edition_depends_on_its_fingerprint_alone(library: Library) -> None:
    inputs = Inputs(library)
    editions = [compose(inputs, one) for one in plan(library, Request(languages=("en", "ar")))]
    assert len({one.code for one in editions}) == len(editions)
    assert all(one.code == edition_code.of(one.fingerprint) for one in editions)
    assert set(string.ascii_lowercase).isdisjoint(editions[0].code)
