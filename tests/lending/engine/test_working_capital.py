from decimal import Decimal

from lending.engine.working_capital import Stock, drawing_power, need_by_turnover, permissible_finance

LAKH = Decimal(100_000)


def test_a_turnover_of_two_crore_needs_50_lakh_of_which_the_bank_gives_40():
    found = need_by_turnover(200 * LAKH)

    assert (found.need, found.bank, found.margin) == (50 * LAKH, 40 * LAKH, 10 * LAKH)


def test_the_worked_stock_statement_lets_75_lakh_be_drawn():
    assert drawing_power(Stock(80 * LAKH, 20 * LAKH, 50 * LAKH)) == 75 * LAKH


def test_unpaid_stock_gives_no_power_and_never_a_negative_one():
    assert drawing_power(Stock(10 * LAKH, 20 * LAKH, Decimal(0))) == 0


def test_above_five_crore_three_quarters_of_assets_less_liabilities_are_financed():
    assert permissible_finance(1000 * LAKH, 200 * LAKH) == 550 * LAKH
    assert permissible_finance(100 * LAKH, 200 * LAKH) == 0
