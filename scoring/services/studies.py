"""The general tabular mode: how well both models do on any labelled file. Reads no table and registers nothing."""

from creditiq.kernel.errors import ApplicationError
from scoring.engine.sample import LeakFound, UnableToTrain
from scoring.engine.tabular.question import Question
from scoring.engine.tabular.reading import UnableToRead


class UnableToStudy(ApplicationError):
    """The file cannot be learnt from; the message names column or line and what to do."""

    code = "unable_to_study"


def study_file(*, question: Question) -> dict[str, object]:
    """Figures as plain values for JSON, as `engine.tabular.study` says. Raises UnableToStudy."""
    from scoring.engine.tabular.study import study  # xgboost takes seconds to import: only who trains pays

    try:
        return study(question)
    except (UnableToRead, UnableToTrain, LeakFound) as unable:
        raise UnableToStudy(str(unable)) from unable
