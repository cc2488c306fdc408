"""The 24 parameters by the key under which the model names them."""

from collections.abc import Mapping

from wallets.engine.parameters import account, borrowing, defi, history, portfolio, reputation, risk, staking
from wallets.engine.parameters.reading import Parameter

PARAMETERS: Mapping[str, Parameter] = {
    "age": account.age,
    "active_wallets": account.active_wallets,
    "verification": account.verification,
    "transactions": history.transactions,
    "volume": history.volume,
    "average_value": history.average_value,
    "frequency": history.frequency,
    "in_out": history.in_out,
    "stablecoins": history.stablecoins,
    "staked": staking.staked,
    "duration": staking.duration,
    "staking_contracts": staking.staking_contracts,
    "rewards": staking.rewards,
    "protocols": defi.protocols,
    "liquidity": defi.liquidity,
    "farming": defi.farming,
    "borrowing": borrowing.borrowing,
    "diversity": portfolio.diversity,
    "blue_chips": portfolio.blue_chips,
    "volatility": portfolio.volatility,
    "rug_exposure": risk.rug_exposure,
    "high_gas": risk.high_gas,
    "approvals": risk.approvals,
    "nfts": reputation.nfts,
}
