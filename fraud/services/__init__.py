from fraud.services.alerts import AlertDecision, UnableToDecideAlert, decide_alert
from fraud.services.consents import forget, take_up
from fraud.services.population import screen_frames, screen_population
from fraud.services.screening import UnableToScreen, screen_business
from fraud.services.warming import warm

__all__ = [
    "AlertDecision",
    "UnableToDecideAlert",
    "UnableToScreen",
    "decide_alert",
    "forget",
    "screen_business",
    "screen_frames",
    "screen_population",
    "take_up",
    "warm",
]
