"""What every page must be, judged in a real browser: clean console, policy kept, axe silent, no sideways scroll."""

from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

WIDTHS = (1440, 360)
THEMES = ("light", "dark")
OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""All that a second theme can break: themes differ in the values of colours only (static/css/tokens.css)."""
HEIGHT = 900
FOREIGN = ("/django-admin", "/api/")
"""Doors whose pages others drew: the policy and the console are judged there, the look is not."""

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`));
"""
ALL_DRAWN = """
() => document.readyState === "complete" && [...document.querySelectorAll("figure[data-figure], figure[data-network]")]
  .every((figure) => "drawn" in figure.dataset)
"""
MISDRAWN = """
() => [...document.querySelectorAll("figure[data-figure]")].flatMap((figure) => {
  const given = JSON.parse(document.getElementById(figure.dataset.figure).textContent);
  const asked = given.data.map((trace) => trace.type || "scatter");
  const drawn = figure.querySelector(".plot")._fullData.map((trace) => trace.type);
  return String(asked) === String(drawn) ? [] : [`${figure.dataset.figure} asked for ${asked} and got ${drawn}`];
})
"""
TOO_WIDE = """
() => document.documentElement.scrollWidth <= innerWidth ? "" : `${document.documentElement.scrollWidth} px wide: ` +
  [...document.querySelectorAll("main *")].filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map((element) => element.outerHTML.slice(0, 120)).join(" | ")
"""
VIOLATIONS = "rules => axe.run(rules).then(told => told.violations)"
LINKS = """
() => [...document.querySelectorAll("nav a[href^='/'], main a[href^='/']:not([download]):not([data-export])")]
  .map((link) => link.getAttribute("href"))
"""


@dataclass
class Inspector:
    """Goes through pages as one person and keeps what is wrong with them."""

    context: BrowserContext
    base: str
    complaints: list[str] = field(default_factory=list)
    page: Page = field(init=False)
    where: str = ""

    def __post_init__(self) -> None:
        self.context.add_init_script(REPORT_VIOLATIONS)
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", self._failed)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complain(f"console: {message.text}")

    def _failed(self, error: Error) -> None:
        self._complain(f"script: {error.message}")

    def _complain(self, problem: str) -> None:
        self.complaints.append(f"{self.where}: {problem}")

    def open(self, address: str) -> None:
        """Go there; anything but a page is a complaint."""
        self.where = address
        response = self.page.goto(self.base + address)
        if response is None or response.status != 200:
            self._complain(f"answered {response.status if response else 'nothing'}")
        self.page.wait_for_function(ALL_DRAWN)

    def judge(self) -> None:
        """The open page in both themes at both widths."""
        if self.where.startswith(FOREIGN):
            return
        for problem in self.page.evaluate(MISDRAWN):
            self._complain(problem)
        self.page.evaluate(AXE_SCRIPT)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            for theme in THEMES:
                self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                self._judge_once(f"{width} px {theme}", OF_COLOUR if theme == "dark" else {})

    def _judge_once(self, mode: str, rules: dict[str, object]) -> None:
        self.page.wait_for_timeout(100)
        if wide := self.page.evaluate(TOO_WIDE):
            self._complain(f"{mode}: {wide}")
        for violation in self.page.evaluate(VIOLATIONS, {"resultTypes": ["violations"], **rules}):
            nodes = "; ".join(
                f"{node['html'][:160]} {node.get('failureSummary', '')[:200]}" for node in violation["nodes"][:2]
            )
            self._complain(f"{mode}: axe {violation['id']}: {nodes}")

    def walk(self, home: str, *, most: int = 25) -> list[str]:
        """Judge the home and one page of every kind that can be reached from there by links."""
        waiting, kinds, seen = [home], set(), []
        while waiting and len(seen) < most:
            address = waiting.pop(0)
            kind = kind_of(address)
            if kind is None or kind in kinds:
                continue
            kinds.add(kind)
            seen.append(address)
            self.open(address)
            self.judge()
            if not address.startswith(FOREIGN):
                waiting += [link.split("#")[0] for link in self.page.evaluate(LINKS)]
        return seen


def kind_of(address: str) -> str | None:
    """Name of the view behind an address; None for what is not one of our pages (files, the inner admin)."""
    try:
        name = resolve(address.split("?")[0]).view_name
    except Resolver404:
        return f"missing {address}"
    return None if name in NOT_PAGES or (name.startswith("admin:") and name != "admin:index") else name


NOT_PAGES = {
    "lending:own_seal_file",
    "lending:simulation_csv",
    "lending:simulation_pdf",
    "scoring:cohort_csv",
    "scoring:report_pdf",
    "accounts:audit_proof",
    "accounts:reminder_feed",
    "accounts:consent_receipt",
    "accounts:verifier",
    "webhook_verifier",
    "accounts:list_csv",
    "accounts:kyc_paper",
    "accounts:breach_pdf",
    "accounts:report_csv",
    "accounts:report_pdf",
    "wallets:template",
    "wallets:rejections_csv",
    "wallets:reconciliation_csv",
    "wallets:own_reconciliation_csv",
    "api-onchain-evidence",
    "api-attestation-credential",
    "api-attestation-verify",
    "fraud:own_file",
    "fraud:dispute_file",
    "fraud:report_xml",
    "fraud:report_pdf",
    "fraud:monitoring_csv",
    "fraud:monitoring_pdf",
    "lending:key_facts_pdf",
    "lending:own_paper",
    "lending:paper",
    "lending:own_statement_csv",
    "lending:own_statement_pdf",
    "lending:loan_statement_csv",
    "lending:loan_statement_pdf",
    "lending:letter_pdf",
    "lending:claim_pack",
    "lending:return_csv",
    "lending:return_pdf",
    "lending:portfolio_csv",
    "lending:portfolio_pdf",
}
