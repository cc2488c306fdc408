"""The states and union territories of India under the codes that a GSTIN begins with (GST Network, state code list)."""

from collections.abc import Mapping

NAMES: Mapping[int, str] = dict(enumerate(
        (
            "Jammu and Kashmir", "Himachal Pradesh", "Punjab", "Chandigarh", "Uttarakhand", "Haryana", "Delhi",
            "Rajasthan", "Uttar Pradesh", "Bihar", "Sikkim", "Arunachal Pradesh", "Nagaland", "Manipur", "Mizoram",
            "Tripura", "Meghalaya", "Assam", "West Bengal", "Jharkhand", "Odisha", "Chhattisgarh", "Madhya Pradesh",
            "Gujarat", "Daman and Diu", "Dadra and Nagar Haveli and Daman and Diu", "Maharashtra",
            "Andhra Pradesh before 2014", "Karnataka", "Goa", "Lakshadweep", "Kerala", "Tamil Nadu", "Puducherry",
            "Andaman and Nicobar Islands", "Telangana", "Andhra Pradesh", "Ladakh",
        ),
        start=1,
    )) | {96: "Other country", 97: "Other territory", 99: "Centre"}  # fmt: skip


def state_name(code: int) -> str:
    """The name behind a state code; the code itself where no state has it."""
    return NAMES.get(code, f"state {code:02d}")
