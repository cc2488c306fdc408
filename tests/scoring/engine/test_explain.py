import math
from dataclasses import replace

import numpy as np

from scoring.engine.explain import MOST_REASONS, parts_of, reasons_of, top_reasons
from scoring.engine.recourse import FEASIBLE_GROWTH, LEAST_GAIN, path_to_prime
from scoring.engine.scorecard import Score, Scorecard
from scoring.engine.sentences import en
from tests.scoring.engine.conftest import NAMES, SAFE, Workshop


def plain(row: np.ndarray) -> list[float | None]:
    return [None if np.isnan(cell) else float(cell) for cell in row]


def scored(card: Scorecard, row: np.ndarray) -> Score:
    return card.assess(row[None, :])[0].score


def explained(card: Scorecard, row: np.ndarray):
    assessment = card.assess(row[None, :])[0]
    parts = parts_of(card.columns, plain(row), assessment, peers=card.peers, sector="textiles")
    return assessment, parts, reasons_of(parts)


def test_the_waterfall_has_every_feature_and_still_adds_up(workshop: Workshop) -> None:
    assessment, parts, _ = explained(workshop.card, workshop.sample.matrix[3])
    assert {part.feature for part in parts} == set(NAMES)
    total = math.fsum([assessment.base_points, *(part.points for part in parts)])
    assert abs(total - assessment.score.points) < 1e-6
    assert all((part.points >= 0) == (part.direction == "decreases_risk") for part in parts)


def test_near_copies_share_one_reason(workshop: Workshop) -> None:
    for row in workshop.sample.matrix[:50]:
        _, _, reasons = explained(workshop.card, row)
        codes = [reason.code for reason in reasons]
        assert len(codes) == len(set(codes))
        assert len(top_reasons(reasons)) <= MOST_REASONS


def test_missing_evidence_is_told_as_missing_and_never_among_the_top(workshop: Workshop) -> None:
    row = workshop.sample.matrix[5].copy()
    row[NAMES.index("cash_buffer_days")] = np.nan
    _, _, reasons = explained(workshop.card, row)
    missing = [reason for reason in reasons if reason.feature == "cash_buffer_days"]
    assert all(reason.code.startswith("missing.") and "could not be measured" in reason.sentence for reason in missing)
    assert all(reason.advice == "" for reason in missing)
    assert all(reason.value is not None for reason in top_reasons(reasons))


def test_a_strength_behind_healthy_firms_comes_last_into_the_top(workshop: Workshop) -> None:
    _, _, reasons = explained(workshop.card, workshop.sample.matrix[3])
    strength = replace(reasons[0], repairable=True, direction="decreases_risk", behind_peers=False, points=9.0)
    behind = replace(strength, code="behind", behind_peers=True, points=30.0)
    weakness = replace(strength, code="weakness", direction="increases_risk", behind_peers=True, points=-8.0)
    others = tuple(replace(strength, code=f"strength {place}") for place in range(4))
    assert [reason.code for reason in top_reasons((behind, *others, weakness))] == [
        "strength 0", "strength 1", "strength 2", "strength 3", "weakness"
    ]  # fmt: skip
    assert [reason.code for reason in top_reasons((behind, weakness))] == ["behind", "weakness"]


def test_what_cannot_be_repaired_is_no_top_reason(workshop: Workshop) -> None:
    for row in workshop.sample.matrix[:30]:
        _, _, reasons = explained(workshop.card, row)
        names = [workshop.card.columns[NAMES.index(reason.feature)].risk for reason in top_reasons(reasons)]
        assert "neither" not in names


def test_a_disclosed_reason_moves_the_score_when_repaired(workshop: Workshop) -> None:
    tried = faithful = 0
    for row in workshop.sample.matrix[:150]:
        assessment, _, reasons = explained(workshop.card, row)
        for reason in top_reasons(reasons):
            column = workshop.card.columns[NAMES.index(reason.feature)]
            if reason.points > -2:
                continue
            repaired = row.copy()
            repaired[NAMES.index(reason.feature)] = -6.0 if column.risk == "rises" else 6.0
            tried += 1
            faithful += workshop.card.assess(repaired[None, :])[0].score.points > assessment.score.points
    assert tried > 50
    assert faithful / tried >= 0.99


def test_the_path_to_prime_is_what_re_scoring_says(workshop: Workshop) -> None:
    found = 0
    for row in workshop.sample.matrix[:80]:
        path = path_to_prime(workshop.card, row, scored(workshop.card, row), sector="textiles")
        if path is None:
            continue
        found += 1
        changed = row.copy()
        changed[NAMES.index(path.feature)] = path.goal
        again = workshop.card.assess(changed[None, :])[0].score
        before = workshop.card.assess(row[None, :])[0].score
        assert (again.score, again.band) == (path.score, path.band)
        assert path.gain == again.points - before.points
        assert path.gain >= LEAST_GAIN
    assert found > 10


def test_business_itself_is_not_asked_to_grow_by_more_than_a_quarter(workshop: Workshop) -> None:
    columns = tuple(replace(column, unit="rupees") for column in workshop.card.columns)
    card = replace(workshop.card, columns=columns)
    for row in np.abs(workshop.sample.matrix[:60]):
        path = path_to_prime(card, row, scored(card, row), sector="textiles")
        if path is not None and path.feature in SAFE:
            assert path.goal <= FEASIBLE_GROWTH * path.now


def test_the_top_band_needs_no_path(workshop: Workshop) -> None:
    best = max(workshop.sample.matrix, key=lambda row: workshop.card.points(row[None, :])[0])
    assert workshop.card.assess(best[None, :])[0].score.band == "very_low_risk"
    assert path_to_prime(workshop.card, best, scored(workshop.card, best), sector="textiles") is None


def test_sentences_carry_value_peers_and_effect() -> None:
    fact = en.fact_of("filing_compliance_rate", "Filing", value=0.92, value_text="92 %")
    text = en.sentence(fact, peer="98 %", points=-12.4)
    assert text == (
        "92 % of your GST returns in 12 months were filed on time. Healthy firms like yours: 98 %. Effect: −12 points."
    )


def test_a_feature_without_an_entry_is_told_by_its_label() -> None:
    fact = en.fact_of("new_one", "New one", value=3.0, value_text="3")
    assert en.sentence(fact, peer=None, points=0.2) == "New one: 3. Effect: less than a point."
    assert (en.topic_of("new_one"), en.advice("new_one")) == ("new_one", "")
