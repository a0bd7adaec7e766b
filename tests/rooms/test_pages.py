"""Every page is on the menu once, and says what the shell needs to know."""

import importlib
from pathlib import Path

import meiping.ui.pages
from meiping.kernel.permissions import OPEN, all_permissions
from meiping.ui.page_list import PAGES
from meiping.ui.page_spec import Module
from tests.shop import OpenedShop

FOLDER = Path(meiping.ui.pages.__file__).parent
TABS_ROOM, TAB_EDGES, CHARACTER = 1180 - 136, 34, 14
"""Pixels at 100 %: what the smallest window leaves beside the rail, and what a tab takes around and for its words."""
LISTED_AT_THE_LEFT = (Module.REPORTS, Module.SYSTEM)


def page_modules() -> list[str]:
    return sorted(
        ".".join(("meiping.ui.pages", *path.relative_to(FOLDER).with_suffix("").parts))
        for path in FOLDER.rglob("*_page.py")
    )


def test_every_page_module_is_on_the_menu_once():
    of_modules = [importlib.import_module(name).PAGE for name in page_modules()]
    listed = [page.parts() for page in PAGES]
    assert len(listed) == len(of_modules)
    assert all(any(parts is one for one in listed) for parts in of_modules)


def test_keys_and_titles_are_unique():
    assert len({page.key for page in PAGES}) == len(PAGES)
    assert len({(page.module, page.title) for page in PAGES}) == len(PAGES)


def test_the_list_is_in_menu_order():
    places = [list(Module).index(page.module) for page in PAGES]
    assert places == sorted(places)


def test_every_permission_of_a_page_is_declared():
    declared = {*all_permissions(), OPEN}
    assert all(page.permission in declared for page in PAGES)


def test_a_module_has_no_more_tabs_than_fit_across():
    for module in Module:
        titles = [page.title for page in PAGES if page.module is module]
        room = sum(TAB_EDGES + CHARACTER * len(title) for title in titles)
        assert module in LISTED_AT_THE_LEFT or room <= TABS_ROOM


def test_no_two_meanings_for_one_key_of_a_page(shop: OpenedShop):
    for page in PAGES:
        keys = [key for key, _ in page.keys]
        assert len(set(keys)) == len(keys), page.key
