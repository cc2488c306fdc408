from fraud.services.alerts import AlertDecision, UnableToDecideAlert, decide_alert
from fraud.services.consents import forget, take_up
from fraud.services.population import screen_frames, screen_population
from fraud.services.screening import UnableToScreen, screen_business
from fraud.services.warming import warm
from fraud.services.works import screen_population_as_job

__all__ = [
    "AlertDecision",
    "UnableToDecideAlert",
    "UnableToScreen",
    "decide_alert",
    "forget",
    "screen_business",
    "screen_frames",
    "screen_population",
    "screen_population_as_job",
    "take_up",
    "warm",
]
