"""The whole product's flow in one table: when this happens, these tasks hear of it."""

import accounts.events
import accounts.selectors
import accounts.services
import accounts.tasks
import fraud.events
import fraud.services
import fraud.tasks
import lending.events
import lending.services
import lending.tasks
import scoring.events
import scoring.services
import scoring.tasks
import wallets.events
import wallets.selectors
import wallets.services
import wallets.tasks
from creditiq.kernel.events import Flow, Forgets

FORGET = (
    wallets.tasks.forget,
    fraud.tasks.forget,
    scoring.tasks.forget,
    lending.tasks.forget,
    accounts.tasks.push,
    accounts.tasks.tell_members,
    accounts.tasks.announce,
)
"""What ended may no longer be used: everybody who keeps something made from it lets go, and the score is asked anew."""

FLOW: Flow = {
    wallets.events.EvidenceReceived: (wallets.tasks.parse_upload,),
    wallets.events.EvidenceRecorded: (fraud.tasks.screen_business, accounts.tasks.push, accounts.tasks.announce),
    wallets.events.UploadRefused: (accounts.tasks.push, accounts.tasks.tell_members, accounts.tasks.announce),
    wallets.events.UploadCancelled: (accounts.tasks.push,),
    wallets.events.SourceFetchAsked: (wallets.tasks.fetch_source, accounts.tasks.push),
    wallets.events.SourceMoved: (accounts.tasks.push,),
    wallets.events.WalletProved: (),  # on record; pages read the proof
    wallets.events.WalletClaimMoved: (),  # both people have it in their trays already
    wallets.events.WalletSyncAsked: (wallets.tasks.sync_wallet,),
    wallets.events.WalletSynced: (accounts.tasks.push_person, accounts.tasks.announce),
    wallets.events.WalletEvidenceKept: (wallets.tasks.look_over_wallet,),
    wallets.events.RiskListTaken: (wallets.tasks.look_over_wallets,),
    wallets.events.WalletsListed: (wallets.tasks.look_over_wallets,),
    wallets.events.SanctionsHit: (
        fraud.tasks.open_case_of_wallet,
        accounts.tasks.push_person,
        accounts.tasks.announce,
    ),
    wallets.events.HealthFactorLow: (accounts.tasks.push_person, accounts.tasks.announce),
    wallets.events.ApprovalAtRisk: (accounts.tasks.push_person, accounts.tasks.announce),
    wallets.events.OnchainScoreIssued: (accounts.tasks.push_person, accounts.tasks.announce),
    wallets.events.TransactionPrepared: (wallets.tasks.send_transactions,),
    wallets.events.TransactionSettled: (),  # on record; pages read what it did
    fraud.events.BusinessScreened: (scoring.tasks.score_business,),
    fraud.events.SlabPlanned: (fraud.tasks.search_slab,),
    fraud.events.SweepSearched: (fraud.tasks.finish_sweep,),
    fraud.events.PopulationScreened: (),  # on record; the next score of a business reads it
    fraud.events.DisputeAnswered: (accounts.tasks.push, accounts.tasks.announce),
    fraud.events.DisputeUpheld: (fraud.tasks.screen_business,),
    scoring.events.ScoreRequested: (scoring.tasks.answer_request,),
    scoring.events.ScoreIssued: (
        accounts.tasks.push,
        accounts.tasks.tell_members,
        lending.tasks.redecide_open_applications,
        accounts.tasks.announce,
    ),
    scoring.events.ModelSuspended: (accounts.tasks.push_house, accounts.tasks.tell_governors),
    scoring.events.DriftFound: (accounts.tasks.push_house, accounts.tasks.tell_governors),
    scoring.events.ScoresRefreshed: (accounts.tasks.push_house, lending.tasks.redecide_everybody),
    scoring.events.PolicyTakenUp: (
        accounts.tasks.push_house,
        accounts.tasks.tell_governors,
        lending.tasks.redecide_everybody,
    ),
    fraud.events.AlertRaised: (accounts.tasks.announce,),
    fraud.events.AlertDecided: (lending.tasks.resume_screened,),
    lending.events.DecisionMade: (
        accounts.tasks.push,
        accounts.tasks.tell_members,
        lending.tasks.issue_key_facts,
        lending.tasks.write_letter,
        accounts.tasks.announce,
    ),
    lending.events.ApplicationMoved: (accounts.tasks.push, lending.tasks.write_letter, accounts.tasks.announce),
    lending.events.LoanChanged: (
        accounts.tasks.push,
        lending.tasks.follow_loan,
        lending.tasks.remind_of_instalments,
        lending.tasks.report_outcomes,
        lending.tasks.seal_agreement,
        accounts.tasks.announce,
    ),
    lending.events.LoansClassified: (accounts.tasks.push, lending.tasks.report_outcomes),
    accounts.events.ConsentRequested: (accounts.tasks.push, accounts.tasks.tell_members, accounts.tasks.announce),
    fraud.events.WatchlistChanged: (fraud.tasks.screen_against_changes,),
    fraud.events.MatchDecided: (),  # on record; verdicts read the standing of a business when they are asked
    accounts.events.ConsentGranted: (
        fraud.tasks.take_up,
        fraud.tasks.screen_customer,
        accounts.tasks.push,
        accounts.tasks.tell_members,
        accounts.tasks.announce,
    ),
    accounts.events.ConsentDenied: (accounts.tasks.push, accounts.tasks.announce),
    accounts.events.MailWritten: (accounts.tasks.send_mail,),
    accounts.events.ClaimDisputed: (
        accounts.tasks.push,
        accounts.tasks.tell_members,
        fraud.tasks.open_case_of_claim,
    ),
    accounts.events.MembershipChanged: (accounts.tasks.push, accounts.tasks.tell_members),
    accounts.events.KycVerified: (accounts.tasks.push, accounts.tasks.tell_members),
    accounts.events.ApprovalRequested: (),  # on record; the desk reads what waits
    accounts.events.ApprovalDecided: (accounts.tasks.tell_maker,),  # the act itself was carried out with the approval
    accounts.events.Notified: (accounts.tasks.push_person,),
    accounts.events.WebhookDue: (accounts.tasks.send_webhook,),
    accounts.events.PeopleUntold: (accounts.tasks.tell_more_affected,),
    accounts.events.JobQueued: (accounts.tasks.run_job,),
    accounts.events.ConsentWithdrawn: FORGET,
    accounts.events.ConsentExpired: FORGET,
}

FORGETS: Forgets = {
    accounts.events.Notified: (accounts.selectors.UNREAD,),
}
"""Which answers that are kept in the cache each event ends, at the moment it is committed."""

APPROVABLE = (
    accounts.services.erase_approved_person,
    lending.services.set_approved_limit,
    accounts.services.verify_approved_business,
    accounts.services.release_approved_retention,
    wallets.services.deploy_approved_contract,
    wallets.services.send_approved_call,
    wallets.services.spend_approved,
)
"""Every act that needs two people; the desk knows these and no others."""

RUNNABLE = (
    accounts.services.plan_reminders_as_job,
    accounts.services.verify_audit_as_job,
    fraud.services.screen_population_as_job,
    lending.services.reset_sandbox_as_job,
    scoring.services.refresh_scores_as_job,
    wallets.services.fetch_source_as_job,
    wallets.services.read_upload_as_job,
)
"""Every piece of work that can be a job, with progress, cancel and retry."""

WITNESSES = (wallets.selectors.witness_of_checkpoint,)
"""Who, outside this database, knows the root of an audit checkpoint; inclusion proofs name them."""
