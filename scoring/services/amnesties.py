"""Features under a filing amnesty: measured again by their own statements, from returns changed as it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from creditiq.kernel.clock import micros
from scoring.engine.amnesty import Amnesty, Readings, relieved, with_scaled_delays, without_late
from scoring.engine.features import catalogue

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Changed:
    """The returns as they are, the moment, and how features (n, m) are measured from other returns."""

    returns: pa.Table
    as_of: datetime
    again: Callable[[pa.Table], Floats]


def relief_of(names: Sequence[str], plain: Floats, amnesty: Amnesty, changed: Changed) -> Floats:
    """The measured columns `names` (n, m) as the amnesty lets them be read."""
    entries = catalogue.by_name()
    waived = changed.again(without_late(changed.returns, amnesty))
    scaled = changed.again(with_scaled_delays(changed.returns, amnesty, micros(changed.as_of)))
    risks = [str(entries[name].risk) for name in names]
    return relieved(names, risks, Readings(plain, waived, scaled), amnesty.multiplier)
