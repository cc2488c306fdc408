"""The whole product's flow in one table: when this happens, these tasks hear of it."""

import accounts.events
import accounts.tasks
import wallets.events
import wallets.tasks
from creditiq.kernel.events import Flow

FLOW: Flow = {
    wallets.events.EvidenceReceived: (wallets.tasks.parse_upload,),
    wallets.events.EvidenceRecorded: (accounts.tasks.push,),
    wallets.events.UploadRefused: (accounts.tasks.push,),
    accounts.events.ConsentWithdrawn: (accounts.tasks.push,),
}
