"""Scores of wallets: made from frozen evidence, kept for ever, compared and simulated."""

import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import seconds
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from wallets.engine import evidence_json, score_difference, what_if
from wallets.engine.likely_range import likely_range
from wallets.engine.onchain_model import from_document, serving
from wallets.engine.onchain_score import Score, evaluate
from wallets.events import OnchainScoreIssued
from wallets.models import OnchainScore, ScoreComponent, ScoreModelVersion
from wallets.selectors.wallets import bundle_evidence, evidence_of_score, own_score, own_wallets
from wallets.services.risks import wallets_named, warn

MOST_IN_BATCH = 20
MOST_IN_BUNDLE = 8


class UnableToScoreWallets(ApplicationError):
    """There is nothing to score."""

    code = "unable_to_score"


def score_wallets(*, wallet_ids: Sequence[UUID], by: User, at: datetime) -> OnchainScore:
    """Issue a score (or an address report) for a bundle of a person's wallets. Raises UnableToScoreWallets."""
    require(by, Capability.LINK_WALLETS)
    wallets = own_wallets(user=by, wallet_ids=wallet_ids)
    if not 1 <= len(wallets) <= MOST_IN_BUNDLE:
        raise InvalidInput(f"Name one to {MOST_IN_BUNDLE} wallets.", field="wallets", rule="onchain.bundle")
    if any(wallet.chain.testnet for wallet in wallets):
        raise UnableToScoreWallets("Coins of a test network are worth nothing; it never feeds a score.")
    bundle = bundle_evidence(wallets, as_of=seconds(at))
    if bundle is None:
        raise UnableToScoreWallets("No history of these wallets is here yet; import one first.", code="no_evidence")
    evidence, confirmed = bundle
    model = serving()
    score = evaluate(evidence, model)
    likely = likely_range(evidence, model) if score.score is not None else None
    content = zlib.compress(evidence_json.write(evidence))
    named = list(wallets_named(wallets, evidence)) if score.flags else []
    with transaction.atomic(durable=True):
        made = _store(score, likely, confirmed, content, by, at)
        made.wallets.set(wallets)
        audit.record(
            "onchain_score.issued",
            target=made,
            at=at,
            by=by,
            payload={"root": score.evidence_root, "status": score.status},
        )
        for wallet, found in named:
            warn(wallet, found, at=at)
        publish(OnchainScoreIssued(score_id=made.pk, user_id=by.pk))
    return made


def score_each(*, wallet_ids: Sequence[UUID], by: User, at: datetime) -> list[OnchainScore]:
    """A score for each wallet on its own; all are looked at before the first is made."""
    if not 1 <= len(wallet_ids) <= MOST_IN_BATCH:
        raise InvalidInput(f"Name one to {MOST_IN_BATCH} wallets.", field="wallets", rule="onchain.batch")
    own_wallets(user=by, wallet_ids=wallet_ids)
    return [score_wallets(wallet_ids=[wallet_id], by=by, at=at) for wallet_id in wallet_ids]


def _store(
    score: Score, likely: tuple[int, int] | None, confirmed: bool, content: bytes, by: User, at: datetime
) -> OnchainScore:
    model = serving()
    version, _ = ScoreModelVersion.objects.get_or_create(
        hash=model.hash, defaults={"version": model.version, "document": dict(model.document), "active_from": at}
    )
    made = OnchainScore.objects.create(
        user=by, model=version, status=score.status, reason=score.reason, value=score.score, low=score.low,
        high=score.high, likely_low=likely[0] if likely else None, likely_high=likely[1] if likely else None,
        estimate=score.estimate, coverage=score.coverage, confirmed=confirmed,
        flags=[asdict(flag) for flag in score.flags], as_of=at, evidence_root=score.evidence_root, evidence=content,
    )  # fmt: skip
    rows = []
    for part in score.components:
        values = asdict(part)
        values["judged"] = values.pop("score")
        rows.append(ScoreComponent(score=made, **values))
    ScoreComponent.objects.bulk_create(rows)
    return made


def simulate_score(*, score_id: UUID, change: what_if.Change, by: User) -> what_if.Outcome:
    """What a change would do to a score. Raises InvalidInput."""
    require(by, Capability.LINK_WALLETS)
    score = own_score(user=by, score_id=score_id)
    try:
        return what_if.simulate(evidence_of_score(score), from_document(score.model.document), change)
    except what_if.Meaningless as error:
        raise InvalidInput(str(error), field="change", rule="onchain.change") from error


def compare_scores(*, score_id: UUID, other_id: UUID, by: User) -> tuple[score_difference.Step, ...]:
    """Why the later of two scores differs from the earlier; the steps sum to the difference of their estimates."""
    require(by, Capability.LINK_WALLETS)
    pair = [own_score(user=by, score_id=name) for name in (score_id, other_id)]
    before, after = sorted(pair, key=lambda score: (score.as_of, score.pk))
    ends = [(evidence_of_score(score), from_document(score.model.document)) for score in (before, after)]
    return score_difference.attribute(ends[0], ends[1])
