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

FLOW: Flow = {
    wallets.events.EvidenceReceived: (wallets.tasks.parse_upload,),
    wallets.events.EvidenceRecorded: (fraud.tasks.screen_business, accounts.tasks.push),
    wallets.events.UploadRefused: (accounts.tasks.push,),
    fraud.events.BusinessScreened: (scoring.tasks.score_business,),
    fraud.events.PopulationScreened: (),  # on record; the next score of a business reads it
    fraud.events.AlertDecided: (),  # on record; verdicts read the standing of a ring when they are asked
    scoring.events.ScoreRequested: (scoring.tasks.answer_request,),
    scoring.events.ScoreIssued: (accounts.tasks.push, lending.tasks.redecide_open_applications),
    lending.events.DecisionMade: (accounts.tasks.push,),
    accounts.events.ConsentWithdrawn: (scoring.tasks.score_business, accounts.tasks.push),
}
