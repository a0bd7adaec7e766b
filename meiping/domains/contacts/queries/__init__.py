"""Reading contacts, contact records and visits within the operator's scope."""

from meiping.domains.contacts.queries.people import (
    CONTACT_BIN_COLUMNS,
    CONTACT_COLUMNS,
    ContactDetail,
    ContactFilter,
    ContactHit,
    contact_detail,
    contact_list,
    contact_names,
    contacts_of,
    find_contacts,
)
from meiping.domains.contacts.queries.records import (
    RECORD_BIN_COLUMNS,
    RECORD_COLUMNS,
    RecordDetail,
    RecordFilter,
    record_detail,
    record_list,
    records_of,
)
from meiping.domains.contacts.queries.visits import (
    VISIT_COLUMNS,
    VisitCounts,
    VisitFilter,
    visit_counts,
    visits,
)

__all__ = [
    "CONTACT_BIN_COLUMNS",
    "CONTACT_COLUMNS",
    "RECORD_BIN_COLUMNS",
    "RECORD_COLUMNS",
    "VISIT_COLUMNS",
    "ContactDetail",
    "ContactFilter",
    "ContactHit",
    "RecordDetail",
    "RecordFilter",
    "VisitCounts",
    "VisitFilter",
    "contact_detail",
    "contact_list",
    "contact_names",
    "contacts_of",
    "find_contacts",
    "record_detail",
    "record_list",
    "records_of",
    "visit_counts",
    "visits",
]
