import json

from hypothesis import given
from hypothesis import strategies as st

from creditiq.kernel.hashing import canonical_json
from lending.engine.record import differences, filed, written
from lending.engine.verdict import evaluate
from tests.lending.engine.test_verdict import GOOD, POLICY, dossier

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def test_a_written_verdict_reads_back_with_exact_amounts():
    back = json.loads(canonical_json(written(evaluate(GOOD, POLICY))))

    working = back["facilities"]["working_capital"]
    assert working["amount"] == "1840000"
    assert working["binding"] == "turnover"
    assert [bound["constraint"] for bound in working["bounds"]] == [
        "turnover",
        "repayment_capacity",
        "expected_loss",
        "band_cap",
    ]
    assert back["cgtmse"]["eligible"] is True
    assert back["facilities"]["term_loan"]["months"] == 60


def test_the_same_dossier_is_written_in_the_same_bytes():
    assert canonical_json(written(evaluate(GOOD, POLICY))) == canonical_json(written(evaluate(dossier(), POLICY)))
    assert canonical_json(filed(GOOD)) == canonical_json(filed(dossier()))


def test_a_changed_fact_is_named_by_its_path():
    stored = json.loads(canonical_json(filed(GOOD)))
    rebuilt = json.loads(canonical_json(filed(dossier(flows={"filing_gaps": 1}))))

    assert differences(stored, rebuilt) == [("flows.filing_gaps", 0, 1)]


@given(values)
def test_nothing_differs_from_itself(value):
    assert differences(value, value) == []


@given(values, values)
def test_unequal_values_always_show_a_difference(left, right):
    assert bool(differences(left, right)) == (left != right)
