"""The whole product's flow in one table: when this happens, these tasks hear of it."""

import accounts.events
import accounts.tasks
import fraud.events
import fraud.tasks
import lending.events
import lending.tasks
import scoring.events
import scoring.tasks
import wallets.events
import wallets.tasks
from creditiq.kernel.events import Flow

FORGET = (wallets.tasks.forget, fraud.tasks.forget, scoring.tasks.forget, lending.tasks.forget, accounts.tasks.push)
"""What ended may no longer be used: everybody who keeps something made from it lets go, and the score is asked anew."""

FLOW: Flow = {
    wallets.events.EvidenceReceived: (wallets.tasks.parse_upload,),
    wallets.events.EvidenceRecorded: (fraud.tasks.screen_business, accounts.tasks.push),
    wallets.events.UploadRefused: (accounts.tasks.push,),
    wallets.events.UploadCancelled: (accounts.tasks.push,),
    wallets.events.WalletProved: (),  # on record; pages read the proof
    wallets.events.WalletClaimMoved: (),  # the earlier holder reads it on the wallet's row
    wallets.events.WalletSyncAsked: (wallets.tasks.sync_wallet,),
    wallets.events.WalletSynced: (),  # on record; the open page asks every few seconds while a reading runs
    wallets.events.OnchainScoreIssued: (),  # on record
    fraud.events.BusinessScreened: (scoring.tasks.score_business,),
    fraud.events.PopulationScreened: (),  # on record; the next score of a business reads it
    fraud.events.AlertDecided: (),  # on record; verdicts read the standing of a ring when they are asked
    fraud.events.DisputeAnswered: (accounts.tasks.push,),
    fraud.events.DisputeUpheld: (fraud.tasks.screen_business,),
    scoring.events.ScoreRequested: (scoring.tasks.answer_request,),
    scoring.events.ScoreIssued: (accounts.tasks.push, lending.tasks.redecide_open_applications),
    lending.events.DecisionMade: (accounts.tasks.push,),
    lending.events.LoanChanged: (accounts.tasks.push,),
    accounts.events.ConsentRequested: (accounts.tasks.push,),
    fraud.events.WatchlistChanged: (fraud.tasks.screen_against_changes,),
    fraud.events.MatchDecided: (),  # on record; verdicts read the standing of a business when they are asked
    accounts.events.ConsentGranted: (fraud.tasks.take_up, fraud.tasks.screen_customer, accounts.tasks.push),
    accounts.events.ConsentDenied: (accounts.tasks.push,),
    accounts.events.ConsentWithdrawn: FORGET,
    accounts.events.ConsentExpired: FORGET,
}
