"""A shop of the version before service cases has types and rights for them once it is opened."""

import sqlite3
from pathlib import Path

from meiping.store.schema import migrate_file
from tests.store.backup_tools import old_shop_file

_SHOP = """
INSERT INTO company (code, name) VALUES ('01', '老店');
INSERT INTO operator (name, password_hash, company_id, created_at) VALUES ('老板', '', 1, 1);
INSERT INTO role (name, scope) VALUES ('经理', 3), ('店员', 3), ('仓管', 3);
INSERT INTO role_permission (role_id, permission) VALUES (1, 'customers.view'), (1, 'customers.edit'),
    (1, 'customers.transfer'), (2, 'customers.view'), (2, 'customers.edit'), (3, 'stock.view');
"""


def test_an_older_shop_gets_types_and_rights(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old_shop_file(path, 17)
    connection = sqlite3.connect(path)
    connection.executescript(_SHOP)
    connection.close()
    migrate_file(path)
    connection = sqlite3.connect(path)
    types = connection.execute(
        "SELECT name FROM dictionary_item WHERE kind = 'service_type' ORDER BY position"
    ).fetchall()
    assert [name for (name,) in types] == ["远程售后", "现场售后", "客户投诉", "客户回访"]
    given = connection.execute(
        "SELECT role_id, permission FROM role_permission WHERE permission LIKE 'service.%' ORDER BY 1, 2"
    ).fetchall()
    assert given == [
        (1, "service.assign"),
        (1, "service.handle"),
        (1, "service.view"),
        (2, "service.handle"),
        (2, "service.view"),
    ]
    connection.close()
