from decimal import Decimal

from lending.engine.charges import Basis, FeeRule, PenalPolicy, fee, penal

GST = Decimal(18)


def test_fifteen_days_of_an_overdue_instalment_cost_27_30_and_4_91_of_tax():
    charge = penal(PenalPolicy(Decimal(2), GST), Decimal("33214.31"), 15)

    assert (charge.amount, charge.tax, charge.total) == (Decimal("27.30"), Decimal("4.91"), Decimal("32.21"))


def test_a_penal_charge_stops_at_its_cap_and_grows_in_a_straight_line():
    overdue, capped = Decimal("33214.31"), PenalPolicy(Decimal(2), GST, most=Decimal(20))

    assert penal(capped, overdue, 15).amount == 20
    year = penal(PenalPolicy(Decimal(2), GST), Decimal(36_500), 365).amount
    assert year == 2 * penal(PenalPolicy(Decimal(1), GST), Decimal(36_500), 365).amount == Decimal(730)


def test_a_fee_is_fixed_or_a_share_within_its_bounds():
    share = FeeRule("Processing", Basis.PRINCIPAL, Decimal(1), GST, least=Decimal(500), most=Decimal(5_000))

    assert [fee(share, Decimal(base)).amount for base in (10_000, 100_000, 1_000_000)] == [500, 1_000, 5_000]
    assert fee(FeeRule("Stamp", Basis.FIXED, Decimal(100), Decimal(0)), Decimal(7)).total == 100
