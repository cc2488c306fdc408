"""Names and numbers of the parties: PAN, GSTIN, Udyam, trade names, payment addresses. All synthetic, all valid."""

import numpy as np
import polars as pl

from creditiq.kernel.identifiers import gstin
from wallets.engine.world import geography, sectors
from wallets.engine.world.spec import Ints

HANDLES = ("okaxis", "okhdfcbank", "okicici", "oksbi", "ybl", "ibl", "paytm")
CONSTITUTIONS = ("proprietorship", "partnership", "company")
_HOLDERS = np.frombuffer(b"PFC", dtype=np.uint8)
_OWNERS = [
    "Aarti",
    "Anand",
    "Asha",
    "Balaji",
    "Bharat",
    "Chetan",
    "Deepak",
    "Devi",
    "Divya",
    "Farhan",
    "Ganesh",
    "Gauri",
    "Govind",
    "Harish",
    "Imtiyaz",
    "Jaya",
    "Joseph",
    "Karthik",
    "Kaveri",
    "Lakshmi",
    "Mahesh",
    "Manoj",
    "Meena",
    "Mohan",
    "Nandini",
    "Neha",
    "Omkar",
    "Pankaj",
    "Pooja",
    "Prakash",
    "Radha",
    "Ramesh",
    "Rashid",
    "Rekha",
    "Rohan",
    "Sagar",
    "Salim",
    "Sarita",
    "Shanti",
    "Shiva",
    "Sunil",
    "Suresh",
    "Tarun",
    "Uma",
    "Usha",
    "Varun",
    "Vijay",
    "Vinod",
    "Yash",
    "Zoya",
]
_FIRST = [
    "Amrit",
    "Apex",
    "Arihant",
    "Bharti",
    "Chandra",
    "Classic",
    "Crystal",
    "Deccan",
    "Dhanraj",
    "Eastern",
    "Everest",
    "Galaxy",
    "Ganga",
    "Global",
    "Golden",
    "Hindustan",
    "Indus",
    "Jai",
    "Jyoti",
    "Kalpana",
    "Kamal",
    "Kiran",
    "Krishna",
    "Mahavir",
    "Malwa",
    "Maruti",
    "Metro",
    "Narmada",
    "National",
    "Navkar",
    "New",
    "Nirmal",
    "Om",
    "Orient",
    "Pioneer",
    "Prime",
    "Rajdhani",
    "Royal",
    "Sahyadri",
    "Sai",
    "Sanjivani",
    "Saraswati",
    "Shakti",
    "Shree",
    "Sterling",
    "Sunrise",
    "Supreme",
    "Swastik",
    "Tirupati",
    "Trident",
    "Unity",
    "Universal",
    "Vaibhav",
    "Vardhman",
    "Vikas",
    "Western",
]
_TAILS = (
    ("Works", "Traders", "Enterprises", "Stores"),
    ("and Sons", "Brothers", "and Company", "Associates"),
    ("Private Limited", "Industries Private Limited", "Exports Private Limited", "India Private Limited"),
)
_PAN_SPACE = 26**3 * 10**4


def draw_pans(constitution: Ints, initials: Ints, first: int, chance: np.random.Generator) -> list[str]:
    """Distinct PANs: a walk from place `first` with a stride coprime to the space of three letters and four digits."""
    count = len(constitution)
    place = (first + np.arange(count)) * 7_368_787 % _PAN_SPACE
    letters, digits = place // 10**4, place % 10**4
    text = np.empty((count, 10), dtype=np.uint8)
    for column, unit in enumerate((676, 26, 1)):
        text[:, column] = 65 + letters // unit % 26
    text[:, 3] = _HOLDERS[constitution]
    text[:, 4] = 65 + initials
    for column, unit in enumerate((1000, 100, 10, 1)):
        text[:, 5 + column] = 48 + digits // unit % 10
    text[:, 9] = 65 + chance.integers(26, size=count)
    return [str(pan, "ascii") for pan in text.view("S10").ravel().tolist()]


def draw_names(sector: Ints, constitution: Ints, chance: np.random.Generator) -> list[str]:
    """Legal names that fit sector and constitution; not unique, as in life."""
    first = chance.integers(len(_FIRST), size=len(sector)).tolist()
    tail = chance.integers(4, size=len(sector)).tolist()
    rows = zip(first, sector.tolist(), constitution.tolist(), tail, strict=True)
    return [f"{_FIRST[f]} {sectors.WORDS[s]} {_TAILS[c][t]}" for f, s, c, t in rows]


def draw_gstins(state: Ints, pans: list[str]) -> list[str]:
    """The first registration of each PAN in its state (index)."""
    codes = geography.CODES[state].tolist()
    return [gstin.compose(code, pan) for code, pan in zip(codes, pans, strict=True)]


def draw_udyams(state: Ints, first: int, chance: np.random.Generator) -> list[str]:
    """Distinct Udyam numbers, a walk from place `first`."""
    district = chance.integers(1, 40, size=len(state)).tolist()
    serial = (first + np.arange(len(state))) * 613 % 9_999_991
    rows = zip(state.tolist(), district, serial.tolist(), strict=True)
    return [f"UDYAM-{geography.LETTERS[s]}-{d:02d}-{n:07d}" for s, d, n in rows]


def business_addresses(names: list[str], owner: Ints, first: int, chance: np.random.Generator) -> list[str]:
    """Payment addresses, distinct because each carries its own running number."""
    handles = chance.integers(len(HANDLES), size=len(owner)).tolist()
    stems = ["".join(name.lower().split()[:2]) for name in names]
    rows = enumerate(zip(owner.tolist(), handles, strict=True), start=first)
    return [f"{stems[o]}.{number}@{HANDLES[h]}" for number, (o, h) in rows]


def people_addresses(count: int, first: int, chance: np.random.Generator) -> pl.Series:
    """Payment addresses of private persons, distinct, numbered from `first`."""
    people = pl.DataFrame(
        {
            "owner": pl.Series([name.lower() for name in _OWNERS]).gather(chance.integers(len(_OWNERS), size=count)),
            "number": first + np.arange(count),
            "handle": pl.Series(HANDLES).gather(chance.integers(len(HANDLES), size=count)),
        }
    )
    return people.select(pl.format("{}{}@{}", "owner", "number", "handle")).to_series()
