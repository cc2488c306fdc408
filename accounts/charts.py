"""Plotly figures of accounts. Colours are token names; the browser knows the theme."""

from accounts.selectors.usage import Usage

Figure = dict[str, object]


def calls_by_day(usage: Usage) -> Figure:
    """Bars: what went well, what the caller got wrong, what we did."""
    days = [day.name for day in usage.days]
    parts = (
        ("done", "good", [day.calls - day.client_errors - day.server_errors for day in usage.days]),
        ("refused", "warn", [day.client_errors for day in usage.days]),
        ("failed", "bad", [day.server_errors for day in usage.days]),
    )
    bars = [
        {"type": "bar", "name": name, "x": days, "y": counts, "marker": {"color": tone}} for name, tone, counts in parts
    ]
    return {"data": bars, "layout": {"barmode": "stack", "showlegend": True, "yaxis": {"title": {"text": "calls"}}}}
