"""What `simulate --format official` writes, `import_evidence` takes in whole."""

import io
import json
from pathlib import Path

from django.core.management import call_command

from creditiq.kernel.clock import now
from tests.wallets.conftest import Shop
from wallets.models import BankEntry, EwayBill, GstInvoice, GstReturn, UpiPayment


def test_official_files_are_imported_without_a_reject(shop: Shop, tmp_path: Path) -> None:
    options = ("--businesses=30", "--months=6", "--seed=9", "--mix=demo", "--end=2026-05-31", f"--out={tmp_path}")
    call_command("simulate", *options, "--format=official", "--first=1", stdout=io.StringIO())
    (folder,) = (path for path in tmp_path.iterdir() if path.name != "truth")
    shop.consent.expires_at = now().replace(year=now().year + 1)
    shop.consent.save()
    shop.business.gstin = folder.name
    shop.business.save()
    for file in sorted(folder.iterdir()):
        kind = file.name.split("-")[0].split(".")[0]
        out = io.StringIO()
        call_command("import_evidence", str(file), "--kind", kind, "--business", folder.name, "--json", stdout=out)
        report = json.loads(out.getvalue())
        assert (report["rejected"], report["accepted"]) == (0, report["rows"]), (file.name, report)
    for model in (GstInvoice, GstReturn, UpiPayment, EwayBill, BankEntry):
        assert model.objects.filter(business=shop.business).exists(), model


def test_every_simulated_bill_is_valid(tmp_path: Path) -> None:
    options = ("--businesses=30", "--months=4", "--seed=9", "--mix=demo", "--end=2026-05-31", f"--out={tmp_path}")
    call_command("simulate", *options, "--format=official", "--first=3", stdout=io.StringIO())
    files = sorted(tmp_path.glob("*/eway_bills.json"))
    assert files
    for file in files:
        out = io.StringIO()
        call_command("validate_eway_bills", str(file), "--json", stdout=out)
        report = json.loads(out.getvalue())
        assert report["valid"] == report["bills"] > 0
        assert report["findings"] == []
