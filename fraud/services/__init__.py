from fraud.services.alerts import AlertDecision, UnableToDecideAlert, decide_alert
from fraud.services.population import screen_frames, screen_population
from fraud.services.screening import UnableToScreen, screen_business
from fraud.services.warming import warm

__all__ = [
    "AlertDecision",
    "UnableToDecideAlert",
    "UnableToScreen",
    "decide_alert",
    "screen_business",
    "screen_frames",
    "screen_population",
    "warm",
]
