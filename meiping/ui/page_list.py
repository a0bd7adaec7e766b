"""Every page of the program in menu order: the whole menu at a glance.

A page module ends with ``PAGE = PageSpec(...)``; importing it must cost nothing heavy (no charts, no PDF).
"""

from meiping.ui.page_spec import PageSpec

PAGES: tuple[PageSpec, ...] = ()
