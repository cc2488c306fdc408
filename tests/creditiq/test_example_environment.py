"""`.env.example` says what the code does: every variable stands there once, with the default that the code has."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.architecture.sources import ROOT

EXAMPLE = (ROOT / ".env.example").read_text()
LINE = re.compile(r"^(?:# )?(?P<name>[A-Z][A-Z0-9_]+)=(?P<value>\S+(?: \S+)*)?(?: {2,}.*)?$", re.MULTILINE)
DOCUMENTED = {found["name"]: found["value"] or "" for found in LINE.finditer(EXAMPLE)}
READERS = [*sorted((ROOT / "creditiq" / "settings").glob("*.py")), ROOT / "creditiq/management/commands/run.py"]
OF_THE_DEMO = {"SECRET_KEY", "JWT_SIGNING_KEY", "ATTESTER_KEY", "FIELD_KEYS", "BLIND_KEYS"}
"""Keys that everybody can read stand in the code only, and production refuses them."""
PER_PLACE = {"ENABLE_MFA", "DJANGO_SETTINGS_MODULE"}
"""Their lines say what they are where; `manage.py` and the image name the settings."""


def folded(node: ast.expr) -> object:
    """The value of a default: a literal, or a product or power of literals. Anything else has none to write down."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Pow):
        left, right = folded(node.left), folded(node.right)
        if isinstance(left, int) and isinstance(right, int):
            return left * right if isinstance(node.op, ast.Mult) else left**right
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def read() -> Iterator[tuple[str, object]]:
    """Name and default of every call of a reader of the environment, place by place."""
    for path in READERS:
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            function = ast.unparse(call.func)
            if function.startswith("env.") or function in {"required", "folder"}:
                default = next((keyword.value for keyword in call.keywords if keyword.arg == "default"), None)
                yield str(call.args[0].value), folded(default) if default is not None else None


def written(default: object) -> set[str]:
    """How a default may stand in the file; none, zero and empty may be left out."""
    if isinstance(default, bool):
        return {str(default).lower()}
    if isinstance(default, list):
        return {",".join(default)}
    return {str(default)} if default else {"", str(default)}


def test_every_variable_stands_in_the_example_once() -> None:
    names = {name for name, _ in read() if name.isupper()}
    assert len(names) > 60
    assert names - set(DOCUMENTED) == set()
    counted = Counter(found["name"] for found in LINE.finditer(EXAMPLE))
    assert [name for name, times in counted.items() if times > 1] == []


def test_every_default_in_the_example_is_the_codes() -> None:
    allowed: dict[str, set[str]] = {}
    for name, default in read():
        if default is not None and name not in OF_THE_DEMO | PER_PLACE:
            allowed.setdefault(name, set()).update(written(default))
    wrong = {name: (DOCUMENTED[name], texts) for name, texts in allowed.items() if DOCUMENTED[name] not in texts}
    assert wrong == {}
    assert {name for name in OF_THE_DEMO if DOCUMENTED[name]} == set()
