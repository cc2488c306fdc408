"""The whole product's flow in one table: when this happens, these tasks hear of it."""

import accounts.events
import accounts.services
import accounts.tasks
import fraud.events
import fraud.services
import fraud.tasks
import lending.events
import lending.tasks
import scoring.events
import scoring.tasks
import wallets.events
import wallets.selectors
import wallets.services
import wallets.tasks
from creditiq.kernel.events import Flow

FORGET = (
    wallets.tasks.forget,
    fraud.tasks.forget,
    scoring.tasks.forget,
    lending.tasks.forget,
    accounts.tasks.push,
    accounts.tasks.tell_members,
)
"""What ended may no longer be used: everybody who keeps something made from it lets go, and the score is asked anew."""

FLOW: Flow = {
    wallets.events.EvidenceReceived: (wallets.tasks.parse_upload,),
    wallets.events.EvidenceRecorded: (fraud.tasks.screen_business, accounts.tasks.push),
    wallets.events.UploadRefused: (accounts.tasks.push, accounts.tasks.tell_members),
    wallets.events.UploadCancelled: (accounts.tasks.push,),
    wallets.events.WalletProved: (),  # on record; pages read the proof
    wallets.events.WalletClaimMoved: (),  # the earlier holder reads it on the wallet's row
    wallets.events.WalletSyncAsked: (wallets.tasks.sync_wallet,),
    wallets.events.WalletSynced: (),  # on record; the open page asks every few seconds while a reading runs
    wallets.events.OnchainScoreIssued: (),  # on record
    wallets.events.TransactionPrepared: (wallets.tasks.send_transactions,),
    wallets.events.TransactionSettled: (),  # on record; pages read what it did
    fraud.events.BusinessScreened: (scoring.tasks.score_business,),
    fraud.events.SlabPlanned: (fraud.tasks.search_slab,),
    fraud.events.SweepSearched: (fraud.tasks.finish_sweep,),
    fraud.events.PopulationScreened: (),  # on record; the next score of a business reads it
    fraud.events.DisputeAnswered: (accounts.tasks.push,),
    fraud.events.DisputeUpheld: (fraud.tasks.screen_business,),
    scoring.events.ScoreRequested: (scoring.tasks.answer_request,),
    scoring.events.ScoreIssued: (
        accounts.tasks.push,
        accounts.tasks.tell_members,
        lending.tasks.redecide_open_applications,
    ),
    scoring.events.ModelSuspended: (),  # on record; the next score asks who serves
    scoring.events.DriftFound: (),  # on record; the model pages show the alarm
    fraud.events.AlertDecided: (lending.tasks.resume_screened,),
    lending.events.DecisionMade: (accounts.tasks.push, accounts.tasks.tell_members, lending.tasks.issue_key_facts),
    lending.events.ApplicationMoved: (accounts.tasks.push,),
    lending.events.LoanChanged: (accounts.tasks.push, lending.tasks.follow_loan, lending.tasks.seal_agreement),
    lending.events.LoansClassified: (accounts.tasks.push,),
    accounts.events.ConsentRequested: (accounts.tasks.push, accounts.tasks.tell_members),
    fraud.events.WatchlistChanged: (fraud.tasks.screen_against_changes,),
    fraud.events.MatchDecided: (),  # on record; verdicts read the standing of a business when they are asked
    accounts.events.ConsentGranted: (
        fraud.tasks.take_up,
        fraud.tasks.screen_customer,
        accounts.tasks.push,
        accounts.tasks.tell_members,
    ),
    accounts.events.ConsentDenied: (accounts.tasks.push,),
    accounts.events.MailWritten: (accounts.tasks.send_mail,),
    accounts.events.ClaimDisputed: (accounts.tasks.push, accounts.tasks.tell_members),
    accounts.events.MembershipChanged: (accounts.tasks.push, accounts.tasks.tell_members),
    accounts.events.ApprovalRequested: (),  # on record; the desk reads what waits
    accounts.events.ApprovalDecided: (accounts.tasks.tell_maker,),  # the act itself was carried out with the approval
    accounts.events.Notified: (accounts.tasks.push_person,),
    accounts.events.JobQueued: (accounts.tasks.run_job,),
    accounts.events.ConsentWithdrawn: FORGET,
    accounts.events.ConsentExpired: FORGET,
}

APPROVABLE = (
    accounts.services.publish_approved_policy,
    accounts.services.erase_approved_person,
    wallets.services.deploy_approved_contract,
    wallets.services.send_approved_call,
    wallets.services.spend_approved,
)
"""Every act that needs two people; the desk knows these and no others."""

RUNNABLE = (
    accounts.services.plan_reminders_as_job,
    accounts.services.verify_audit_as_job,
    fraud.services.screen_population_as_job,
)
"""Every piece of work that can be a job, with progress, cancel and retry."""

WITNESSES = (wallets.selectors.witness_of_checkpoint,)
"""Who, outside this database, knows the root of an audit checkpoint; inclusion proofs name them."""
