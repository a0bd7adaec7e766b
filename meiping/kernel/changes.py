"""Topics: facts a committed verb tells the screen, by which pages know that they are stale."""

from enum import StrEnum


class Topic(StrEnum):
    """What may have changed. A page names those it shows."""

    ACCESS = "access"
    SETTINGS = "settings"
    CUSTOMERS = "customers"
    CONTACTS = "contacts"
    DOCUMENTS = "documents"
    PRODUCTS = "products"
    STOCK = "stock"
    SALES = "sales"
    MONEY = "money"
    CART = "cart"
    DEALS = "deals"
    SUPPORT = "support"
    EXPENSES = "expenses"
    TASKS = "tasks"
    REMINDERS = "reminders"
    BACKUPS = "backups"
