"""The grounds of a suspicious-transaction report: sentences made from facts, each with the ids behind it.

Nothing is said that no row shows. People may reword, drop or reorder sentences; a sentence has to keep ids of the
annex, and every number in it has to stand in what those ids name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
CITED = re.compile(r"^(?P<text>.*?)\s*\[(?P<ids>[^\[\]]+)\]\s*$")
LONGEST = 600
SHOWN_IDS = 40


class Fact(NamedTuple):
    """A figure with its name: `id` such as F3, `what` it is, its `value` as text, and the row it comes from."""

    id: str
    what: str
    value: str
    row: str


class Transaction(NamedTuple):
    """A payment of the annex: `id` such as T12; texts as they are written in the report."""

    id: str
    at: str
    rail: str
    reference: str
    payer: str
    payee: str
    amount: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with the ids of the facts and transactions behind it."""

    text: str
    evidence: tuple[str, ...]


class UnsupportedSentence(ValueError):
    """A line of the grounds that the evidence does not carry; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def grounds_of(facts: Sequence[Fact], laps: Mapping[str, Sequence[Transaction]]) -> tuple[Sentence, ...]:
    """The sentences of a draft: one per fact, then one per lap of money with its transactions in order.

    >>> fact = Fact("F1", "Businesses in the ring", "3", "ring:1")
    >>> grounds_of([fact], {})[0]
    Sentence(text='Businesses in the ring: 3.', evidence=('F1',))
    """
    told = [Sentence(f"{fact.what}: {fact.value}.", (fact.id,)) for fact in facts]
    return (*told, *(_lap(payments) for payments in laps.values() if payments))


def _lap(payments: Sequence[Transaction]) -> Sentence:
    first, last = payments[0], payments[-1]
    way = ", then ".join(f"{one.payer} paid {one.payee} {one.amount} on {one.at}" for one in payments)
    text = f"{way}; the first payment was {first.amount}, the last {last.amount}."
    return Sentence(text, tuple(one.id for one in payments))


def written(sentences: Sequence[Sentence]) -> str:
    """The grounds as people edit them: one sentence a line, its ids in brackets at the end."""
    return "\n".join(f"{one.text} [{', '.join(one.evidence)}]" for one in sentences)


def read_grounds(text: str, annex: Mapping[str, str]) -> tuple[Sentence, ...]:
    """The edited grounds, checked against the annex (`id → everything the row says`). Raises UnsupportedSentence.

    >>> read_grounds("Three laps of 5 days. [F1]", {"F1": "laps 3, days 5"})
    (Sentence(text='Three laps of 5 days.', evidence=('F1',)),)
    """
    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise UnsupportedSentence(1, "The grounds are empty: keep at least one sentence.")
    return tuple(_sentence(at, line, annex) for at, line in lines)


def _sentence(at: int, line: str, annex: Mapping[str, str]) -> Sentence:
    found = CITED.match(line)
    if found is None or not found["text"]:
        raise UnsupportedSentence(at, f"Line {at} names no evidence: end it with ids of the annex, such as [T1, F2].")
    if len(found["text"]) > LONGEST:
        raise UnsupportedSentence(at, f"Line {at} is longer than {LONGEST} characters; make two sentences of it.")
    ids = tuple(dict.fromkeys(word.strip() for word in found["ids"].split(",") if word.strip()))
    unknown = [one for one in ids if one not in annex]
    if unknown:
        raise UnsupportedSentence(at, f"Line {at} names {', '.join(unknown)[:80]}, which the annex does not have.")
    invented = unsupported_numbers(found["text"], [annex[one] for one in ids])
    if invented:
        message = f"Line {at} says {', '.join(invented)}, which its evidence does not show."
        raise UnsupportedSentence(at, message)
    return Sentence(found["text"], ids)


def unsupported_numbers(text: str, evidence: Collection[str]) -> list[str]:
    """Numbers of the text that stand nowhere in the evidence, in order.

    >>> unsupported_numbers("₹ 5,000 in 3 days", ["₹ 5,000", "2 days"])
    ['3']
    """
    known = {_plain(number) for row in evidence for number in NUMBER.findall(row)}
    return [number for number in NUMBER.findall(text) if _plain(number) not in known]


def _plain(number: str) -> str:
    bare = number.replace(",", "")
    return (bare.rstrip("0").rstrip(".") if "." in bare else bare).lstrip("0") or "0"
