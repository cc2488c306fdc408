"""`manage.py recompute_wallet_score` gives the number of an evidence file, without a database."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from wallets.engine import evidence_json
from wallets.engine.chains.demo_wallet import demo_evidence
from wallets.engine.onchain_model import serving
from wallets.engine.onchain_score import evaluate


def test_the_number_and_the_root_come_out_again(tmp_path: Path) -> None:
    evidence = demo_evidence("0x" + "ab" * 20, 1_795_000_000)
    file = tmp_path / "evidence.json"
    file.write_bytes(evidence_json.write(evidence))
    said = StringIO()
    call_command("recompute_wallet_score", str(file), stdout=said)
    answer = json.loads(said.getvalue().splitlines()[-1])
    score = evaluate(evidence, serving())
    assert (answer["score"], answer["low"], answer["high"]) == (score.score, score.low, score.high)
    assert (answer["status"], answer["evidence_root"]) == ("complete", evidence.root)
    assert (answer["coverage"], len(answer["components"])) == (score.coverage, 24)
    assert answer["likely"][0] <= answer["likely"][1]


def test_a_file_that_is_no_evidence_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evidence.json"
    file.write_text("{}")
    with pytest.raises(CommandError, match="version"):
        call_command("recompute_wallet_score", str(file))


def told(tmp_path: Path, document: dict[str, object]) -> dict[str, object]:
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps(document))
    said = StringIO()
    call_command("recompute_wallet_score", str(file), stdout=said)
    return json.loads(said.getvalue().splitlines()[-1])


@pytest.fixture
def document() -> dict[str, object]:
    return json.loads(evidence_json.write(demo_evidence("0x" + "ab" * 20, 1_795_000_000)))


def test_one_changed_digit_no_longer_has_the_stated_root(tmp_path: Path, document: dict[str, object]) -> None:
    document["transactions"][0]["value"] += 1
    with pytest.raises(CommandError, match="evidence root"):
        told(tmp_path, document)


def test_a_file_that_states_no_root_gets_the_root_of_what_it_holds(tmp_path: Path, document: dict[str, object]) -> None:
    stated = document.pop("evidence_root")
    assert told(tmp_path, document)["evidence_root"] == stated
    document["transactions"].reverse()
    document["logs"].append(document["logs"][0])
    assert told(tmp_path, document)["evidence_root"] == stated
    document["transactions"][0]["value"] += 1
    assert told(tmp_path, document)["evidence_root"] != stated


@pytest.mark.parametrize(
    ("section", "field", "value", "said"),
    [
        ("transactions", "value", -1, r"transactions\[0\].value must be a whole number from 0"),
        ("transactions", "value", 10**400, "transactions.*whole number"),
        ("transactions", "value", "5", "wrong type"),
        ("transactions", "at", 10**12, "transactions.*at must be"),
        ("streams", "complete", 5, "streams.*from 0 to 1"),
        ("prices", "usd", "NaN", "prices.*dollars"),
        ("prices", "usd", "-5", "prices.*dollars"),
        ("tokens", "decimals", 100_000, "tokens.*decimals"),
        ("health", "factor", -2.0, "health.*factor"),
    ],
)
def test_what_no_chain_can_say_is_refused_naming_its_place(
    tmp_path: Path, document: dict[str, object], section: str, field: str, value: object, said: str
) -> None:
    document.pop("evidence_root")
    document[section][0][field] = value
    with pytest.raises(CommandError, match=said):
        told(tmp_path, document)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("recompute_wallet_score", str(tmp_path / "none.json"))
