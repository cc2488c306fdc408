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
