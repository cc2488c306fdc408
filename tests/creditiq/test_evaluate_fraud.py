"""The evaluation command on a simulated world and on the source system's layout."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from creditiq.management.worlds import read_world

KEYS = {
    "businesses", "truth", "flagged", "precision", "recall", "by_typology", "by_camouflage", "hard_negative_flags",
    "ring_auc", "seconds", "reliability", "calibration_error",
}  # fmt: skip
GSTINS = [f"27AAACA{number:04d}A1Z5" for number in range(6)]
START = datetime(2026, 1, 1, tzinfo=UTC)


def evaluated(folder: Path) -> dict[str, object]:
    out = StringIO()
    call_command("evaluate_fraud", world=folder, json=True, stdout=out)
    report = json.loads(out.getvalue().splitlines()[-1])
    assert set(report) >= KEYS
    return report


def test_a_simulated_world_is_judged(tmp_path: Path) -> None:
    world = {"businesses": 120, "months": 6, "seed": 11, "mix": "demo", "end": date(2026, 10, 31)}
    call_command("simulate", **world, out=tmp_path, stdout=StringIO())
    report = evaluated(tmp_path)
    assert report["hard_negative_flags"] == 0
    assert report["precision"] == 1.0
    assert set(report["by_typology"]["hub"]) == {"precision", "recall"}


def payment(payer: int, payee: int, hours: float, amount: float) -> dict[str, object]:
    return {
        "gstin": GSTINS[payer], "vpa": f"p{payer}@ybl", "timestamp": START + timedelta(hours=hours), "amount": amount,
        "direction": "outbound", "counterparty_vpa": f"p{payee}@ybl", "txn_type": "P2M", "status": "SUCCESS",
    }  # fmt: skip


def test_the_source_systems_files_are_judged(tmp_path: Path) -> None:
    laps = [payment(who, (who + 1) % 3, 96 * lap + 5 * who, 90_000.0) for lap in range(12) for who in range(3)]
    honest = [payment(who, who + 1, 30 * day + 7, 4_000.0 + day) for day in range(30) for who in (3, 4)]
    profiles = [
        {
            "gstin": gstin, "vpa": f"p{number}@ybl", "business_name": "A", "profile_type": "X",
            "business_age_months": 20, "state_code": "27", "hsn_sector": "textiles",
            "circular_ring_id": "R1" if number < 3 else None,
        }
        for number, gstin in enumerate(GSTINS)
    ]  # fmt: skip
    invoice = {
        "gstin": GSTINS[0], "invoice_id": "I1", "timestamp": START, "taxable_value": 1000.0, "gst_amount": 180.0,
        "buyer_gstin": GSTINS[1], "filing_status": "filed", "filing_delay_days": 0,
    }  # fmt: skip
    bill = {
        "gstin": GSTINS[0], "eway_id": "331000000001", "timestamp": START, "fromGstin": GSTINS[0],
        "toGstin": GSTINS[1], "docType": "INV", "docNo": "A1", "totalValue": 1000.0, "totInvValue": 1180.0,
        "transDistance": 90, "transMode": 1, "vehicleNo": "MH12AB1234", "mainHsnCode": "7208",
        "fromPincode": "400001", "toPincode": "400002", "fromStateCode": 27, "toStateCode": 27,
    }  # fmt: skip
    files = {"upi_transactions": laps + honest, "msme_profiles": profiles}
    files |= {"gst_invoices": [invoice], "eway_bills": [bill]}
    for name, rows in files.items():
        pl.DataFrame(rows).write_parquet(tmp_path / f"{name}.parquet")
    report = evaluated(tmp_path)
    assert (report["truth"], report["precision"], report["recall"]) == (3, 1.0, 1.0)
    assert report["ring_auc"] == 1.0


def test_a_folder_without_a_world_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"businesses\.parquet"):
        call_command("evaluate_fraud", world=tmp_path)
    with pytest.raises(FileNotFoundError):
        read_world(tmp_path)
