"""How the rooms are built: what a public function of the business is, who writes which table, what is forbidden."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from peewee import Model

from meiping.store.database import fetch
from meiping.store.fields import KeyedModel
from meiping.store.unit_of_work import Query, Verb, Work, all_queries, all_verbs
from tests.rooms.examples import operations
from tests.rooms.source import Source, every_node, sources
from tests.shop import OpenedShop

PROCEDURES = {
    "access.login": {"check_own_password", "log_in", "nobody", "replace_own_password"},
    "access.pins": {"make_pin_hash", "pin_is_right", "replace_own_pin"},
    "audit.service": {"record_denial", "record_elsewhere"},
    "custom_fields.service": {"declare_kind"},
    "customers.checking": {"check_words"},
    "customers.own_fields": {"declare_own_fields"},
    "customers.ownership": {"daily_pass"},
    "loyalty.service": {"daily_pass"},
    "documents.keeping": {
        "copy_all_to",
        "copy_for_opening",
        "copy_to",
        "free_path",
        "keep_content",
        "keep_files",
        "read_content",
    },
    "maintenance.files": {"check_files", "clear_if_unnamed", "named_files"},
    "maintenance.invariants": {"figures", "shop_name"},
    "maintenance.rebuilding": {"wrong_sums"},
    "maintenance.service": {"automatic_backup", "backup_before_migration", "backup_is_due", "wants_backup"},
    "reminders.causes": {"chunks", "marks"},
    "reports.analysis": {
        "added_up",
        "any_merged",
        "companies_of",
        "count_seen",
        "cut_points",
        "ever",
        "last_days",
        "left_out",
        "rounded",
        "seen",
        "seen_among",
        "seen_ids",
        "spent",
        "who",
    },
    "receivables.open_items": {"items_of", "items_table", "shares_of"},
    "renewals.ending": {"ending_between", "still_open"},
    "sales.deposits": {
        "deposit_back_of",
        "held_for",
        "require_deposit_kept",
        "require_no_deposit",
        "use_deposit",
    },
    "sales.due_dates": {"earliest_due_dates"},
    "sales.invoice_state": {
        "in_state",
        "invoicing_on",
        "left_fen",
        "numbered",
        "states_of",
        "told_invoices",
        "usual_rate_bp",
    },
    "customers.spending_pins": {"make_spending_pin", "pin_of", "spending_pin_is_right"},
    "sales.receipt": {"receipt_slip"},
    "sales.spending_pins": {"check_spending_pin", "guarded", "guarded_fen"},
    "sales.tenders_standing": {"tenders_standing"},
    "settings.numbers": {"number_typed"},
    "settings.recovery": {"recover", "same_form"},
    "settings.saved_searches": {"searches_of"},
    "settings.till_keys": {"till_keys"},
    "stewardship.exports": {"template"},
    "stewardship.import_known": {
        "contact_names",
        "import_fields",
        "imported_at",
        "read_customers",
        "read_known",
        "words_for",
    },
    "stewardship.import_plan": {"plan_customers"},
    "stewardship.import_records": {"plan_records"},
    "stewardship.imports": {"confirming"},
    "till.approvals": {"approve", "require_approved"},
    "till.service": {"check_end"},
    "catalog.prices": {"bill_rules", "check_price_rule", "level_prices_of", "offered_prices", "rule_terms"},
    "catalog.weighed": {"quantity_for", "read_label"},
    "office.moving": {"open_tasks_of"},
    "office.people": {"led_by", "seen_clause", "seen_tasks"},
    "support.moving": {"open_cases_of"},
    "loyalty.card_queries": {"cards_back_on", "cards_sold_on"},
    "loyalty.cards": {"left_of"},
    "sales.amount_lines": {"amount_and_name"},
    "sales.exchanging": {
        "came_back",
        "money_back",
        "only_original",
        "settle_credit",
        "tenders_back",
        "write_credits",
    },
    "sales.kept_payments": {"body_of"},
    "sales.last_purchases": {"last_purchases"},
    "sales.prices": {"price_facts"},
    "sales.refunds": {"debt_of", "given_back", "purses_of", "refund_lines", "take_from", "whose"},
    "sales.returns": {"may_come_back", "posted_return", "shares_of", "told_shares"},
    "sales.goods_words": {"goods_of"},
    "sales.line_people": {
        "lines_count_apart",
        "of_person",
        "parts_of_person",
        "people_beside",
        "people_words",
    },
    "sales.taking_back": {
        "credited",
        "list_value",
        "negative",
        "part_of",
        "require_left",
        "returnable",
        "taken_from",
    },
}
"""Public functions of the business that are neither verbs, nor parts of verbs, nor in a pure module."""

OPERATIONS = operations()
MODULES = {one.module: one for one in sources()}
IMPURE = ("models", "queries", "service")
BUSINESS = [
    one for one in sources() if one.room and one.part not in ("rules", "models", "queries", "__init__")
]


def public_functions(source: Source) -> Iterator[tuple[str, Any]]:
    module = importlib.import_module(source.module)
    for node in source.public():
        if isinstance(node, ast.FunctionDef):
            yield node.name, getattr(module, node.name)


def is_part(function: Any) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and (first.name, first.annotation) in (("work", Work), ("work", "Work"))


def imported(source: Source) -> Iterator[str]:
    """What of the program and of peewee a module imports, by dotted names; a module by its own, not what is in it."""
    for node in every_node(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in inside)


@cache
def is_pure(source: Source) -> bool:
    """Whether a module can neither read nor write: beneath it are only the kernel and other pure modules.

    What it offers needs no permission and no transaction, for it knows only what it is given. So it is asked
    of nobody to be a verb, whatever the module is called.
    """
    beneath = [name for name in imported(source) if name.split(".")[0] in ("meiping", "peewee")]
    return source.part not in IMPURE and all(
        name.startswith("meiping.kernel.")
        or (name.startswith("meiping.domains.") and name in MODULES and is_pure(MODULES[name]))
        for name in beneath
    )


def test_what_others_may_call_is_a_verb_a_part_of_one_or_listed() -> None:
    procedures: dict[str, set[str]] = {}
    for source in (one for one in BUSINESS if not is_pure(one)):
        for name, function in public_functions(source):
            if not isinstance(function, Verb | Query) and not is_part(function):
                procedures.setdefault(f"{source.room}.{source.part}", set()).add(name)
    assert procedures == PROCEDURES


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_verb_takes_its_values_by_name(name: str) -> None:
    first, *values = inspect.signature(OPERATIONS[name].body).parameters.values()
    if isinstance(OPERATIONS[name], Verb):
        assert (first.name, first.annotation) in (("work", Work), ("work", "Work"))
        assert all(value.kind is value.KEYWORD_ONLY for value in values)
    else:
        assert first.name == "actor"
        assert all(value.kind in (value.KEYWORD_ONLY, value.POSITIONAL_OR_KEYWORD) for value in values)


def test_no_two_verbs_or_queries_have_one_name() -> None:
    registered = {**all_verbs(), **all_queries()}
    for source in sources():
        if source.room:
            for value in vars(importlib.import_module(source.module)).values():
                if isinstance(value, Verb | Query):
                    assert registered[value.name] is value
    assert not all_verbs().keys() & all_queries().keys()


# ------------------------------------------------------------- who writes what
def models() -> dict[str, tuple[str, type[Model]]]:
    """Table names with the room that owns them and their model."""
    found: dict[str, tuple[str, type[Model]]] = {}
    for source in sources():
        if source.room and source.part == "models":
            for value in vars(importlib.import_module(source.module)).values():
                if (
                    isinstance(value, type)
                    and issubclass(value, KeyedModel)
                    and value.__module__ == source.module
                    and not value.__subclasses__()  # what others build on has no table
                ):
                    found[value._meta.table_name] = (source.room, value)
    return found


MODELS = models()
WRITING_METHODS = {
    "create",
    "insert",
    "insert_many",
    "insert_from",
    "replace",
    "replace_many",
    "update",
    "delete",
    "delete_by_id",
    "set_by_id",
    "get_or_create",
    "bulk_create",
    "bulk_update",
}
WRITING_SQL = re.compile(r"\b(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM)\s+(\w+)")


def written_tables(source: Source) -> set[str]:
    """The tables a module writes, by statements and by models."""
    written: set[str] = set()
    for node in every_node(source):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            written |= set(WRITING_SQL.findall(node.value))
    for call in source.calls():
        if (
            isinstance(call.func, ast.Attribute)
            and call.func.attr in WRITING_METHODS
            and isinstance(call.func.value, ast.Name)
        ):
            named = getattr(importlib.import_module(source.module), call.func.value.id, None)
            written |= {table for table, (_, model) in MODELS.items() if model is named}
    return written & MODELS.keys()


def test_a_rooms_tables_are_written_by_itself_only() -> None:
    floors = ("store/", "tools/")  # below the rooms, and beside the program: what works on copies
    found = [(source, written_tables(source)) for source in sources() if not source.path.startswith(floors)]
    foreign = [
        f"{source.path} writes {table} of {MODELS[table][0]}"
        for source, tables in found
        for table in tables
        if source.room != MODELS[table][0]
    ]
    assert not foreign
    assert {table for _, tables in found for table in tables} >= {"sale", "entry", "customer", "operation"}


def test_rules_and_queries_write_nothing() -> None:
    for source in sources():
        if source.part in ("rules", "models", "queries"):
            assert not written_tables(source), source.path


def test_every_table_has_a_model_and_every_model_a_table(shop: OpenedShop) -> None:
    rows = fetch(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'"
    )
    assert {name for (name,) in rows} - {"schema_migration"} == set(MODELS)


# ------------------------------------------------------------- words that are forbidden
@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ({"print"}, {"app.py", "cli.py", "adapters/display.py"}),
        ({"time.sleep", "sleep"}, {"adapters/files.py", "store/backup.py"}),
        (
            {
                "datetime.now",
                "datetime.today",
                "datetime.utcnow",
                "date.today",
                "time.time",
                "time.localtime",
            },
            {"kernel/moments.py"},
        ),
        ({"eval", "exec", "os.system", "pickle.loads", "pickle.load"}, set()),
    ],
    ids=["print", "sleep", "clock", "danger"],
)
def test_some_words_stand_where_they_belong_only(words: set[str], allowed: set[str]) -> None:
    found = {
        source.path
        for source in sources()
        if not source.path.startswith("tools/")
        and not words.isdisjoint(ast.unparse(call.func) for call in source.calls())
    }
    assert found <= allowed


def test_no_error_is_swallowed_unseen() -> None:
    for source in sources():
        for node in every_node(source):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{source.path}:{node.lineno} catches anything"
                caught = ast.unparse(node.type)
                silent = all(isinstance(line, ast.Pass) for line in node.body)
                assert not (silent and re.search(r"\b(Base)?Exception\b", caught)), (
                    f"{source.path}:{node.lineno}"
                )


def test_what_is_public_says_what_it_means() -> None:
    silent = [
        f"{source.path}: {node.name}"
        for source in sources()
        for node in source.public()
        if not ast.get_docstring(node)
    ]
    silent += [one.path for one in sources() if one.tree.body and not ast.get_docstring(one.tree)]
    assert not silent
