"""Small faults put into a module's source, one at a time: each is one that a test should notice."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

TURNED = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
# A condition left out of these finds more than it should.
NARROWING = {"filter", "exclude", "get", "Q", "update"}


@dataclass(frozen=True)
class Mutant:
    """A fault: which lines (`within` names the function), what stood there, what stands there now, the whole source."""

    line: int
    last_line: int
    within: str
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.within}: {_on_one_line(self.before)} → {_on_one_line(self.after)}"


def mutants_of(source: str) -> list[Mutant]:
    """Every fault that can be put into the functions of a module. Tables of fields and `Meta` are left alone: what
    they say is in the migrations, and the check of migrations compares.
    """
    made = [
        Mutant(node.lineno, node.end_lineno, within, *_spliced(source, node, after))
        for within, node in _nodes(ast.parse(source), "")
        for after in faults(node)
    ]
    return sorted(made, key=lambda mutant: mutant.line)


def _nodes(tree: ast.AST, within: str) -> Iterator[tuple[str, ast.AST]]:
    """The nodes inside functions, each with the dotted name of its function; decorators and notes on types are not."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            inside = f"{within}.{child.name}".lstrip(".")
            for statement in child.body:
                if isinstance(child, ast.FunctionDef):
                    yield from _whole(statement, inside)
                elif isinstance(statement, ast.FunctionDef):
                    yield from _nodes(ast.Module([statement], []), inside)


def _whole(node: ast.AST, within: str) -> Iterator[tuple[str, ast.AST]]:
    yield within, node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.AnnAssign) and child is node.annotation):
            yield from _whole(child, within)


@singledispatch
def faults(node: ast.AST) -> list[str]:
    """What could stand in the place of a node, as source."""
    return []


@faults.register
def _(node: ast.Compare) -> list[str]:
    if len(node.ops) > 1 or type(node.ops[0]) not in TURNED:
        return []
    return [ast.unparse(ast.Compare(node.left, [TURNED[type(node.ops[0])]()], node.comparators))]


@faults.register
def _(node: ast.BoolOp) -> list[str]:
    return [ast.unparse(ast.BoolOp(TURNED[type(node.op)](), node.values))]


@faults.register
def _(node: ast.BinOp) -> list[str]:
    # Two texts cannot be subtracted: such a fault says nothing of the tests.
    if type(node.op) not in TURNED or any(isinstance(side, ast.JoinedStr) or _is_text(side) for side in _sides(node)):
        return []
    return [ast.unparse(ast.BinOp(node.left, TURNED[type(node.op)](), node.right))]


@faults.register
def _(node: ast.UnaryOp) -> list[str]:
    return [ast.unparse(node.operand)] if isinstance(node.op, ast.Not | ast.Invert) else []


@faults.register
def _(node: ast.Constant) -> list[str]:
    if isinstance(node.value, bool):
        return [str(not node.value)]
    return [str(node.value + 1)] if isinstance(node.value, int) else []


@faults.register
def _(node: ast.IfExp) -> list[str]:
    return [ast.unparse(node.body), ast.unparse(node.orelse)]


@faults.register
def _(node: ast.Return) -> list[str]:
    empty = node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
    return [] if empty else ["return None"]


@faults.register
def _(node: ast.Expr) -> list[str]:
    return ["pass"] if isinstance(node.value, ast.Call | ast.Yield) else []


@faults.register
def _(node: ast.Raise) -> list[str]:
    return ["pass"]


@faults.register
def _(node: ast.Assign) -> list[str]:
    """A value that is not set on a thing; a name that is not set would only be an error."""
    return ["pass"] if any(isinstance(target, ast.Attribute) for target in node.targets) else []


@faults.register
def _(node: ast.AugAssign) -> list[str]:
    turned = ast.AugAssign(node.target, TURNED.get(type(node.op), type(node.op))(), node.value)
    return ["pass", ast.unparse(turned)]


@faults.register
def _(node: ast.Call) -> list[str]:
    """One condition less in a question to the database."""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name not in NARROWING:
        return []
    fewer = [[*node.keywords[:place], *node.keywords[place + 1 :]] for place in range(len(node.keywords))]
    return [ast.unparse(ast.Call(node.func, node.args, keywords)) for keywords in fewer]


def _sides(node: ast.BinOp) -> tuple[ast.expr, ast.expr]:
    return node.left, node.right


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _spliced(source: str, node, after: str) -> tuple[str, str, str]:
    """What stood there, what stands there now, and the source with it: all other lines are as they were."""
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    whole = source.encode()
    put = f"({after})" if isinstance(node, ast.expr) else after
    return whole[start:end].decode(), after, (whole[:start] + put.encode() + whole[end:]).decode()


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
