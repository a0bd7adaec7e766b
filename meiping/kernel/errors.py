"""Errors a user can read. Their text is one Chinese sentence that says what is wrong and what to do."""


class UserError(Exception):
    """An operation refused for a reason the user can act on.

    ``field`` names the input that caused it, so that a form can show the sentence beside it.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class InputError(UserError):
    """What was typed can't be understood or breaks a rule."""


class NotFound(UserError):
    """The record is gone, or lies outside what the operator may see."""


class PermissionDenied(UserError):
    """The operator's roles lack a permission; a colleague may allow an ``approvable`` one once.

    ``about`` is what he who may allow it should know, empty where the title says it all; ``told`` once it has been
    written down.
    """

    def __init__(self, permission: str, title: str, *, approvable: bool = False, about: str = "") -> None:
        super().__init__(f"您没有“{title}”的权限，请联系管理员。")
        self.permission = permission
        self.title = title
        self.approvable = approvable
        self.about = about
        self.told = False


class LoggedOut(UserError):
    """The actor's operator is no longer active."""


class NeedsConfirmation(UserError):
    """Allowed once the user says yes: call again with ``token`` among the confirmed ones.

    ``verb`` is the word on the button that says yes; with ``danger`` the other button has the focus. ``detail`` is what
    stands below the question in a lighter hand.
    """

    def __init__(
        self,
        token: str,
        sentence: str,
        *,
        verb: str = "继续",
        field: str | None = None,
        danger: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(sentence, field=field)
        self.token = token
        self.verb = verb
        self.danger = danger
        self.detail = detail


class DamagedFile(UserError):
    """A database, backup or workbook that can't be trusted; nothing was changed."""


class FolderInUse(UserError):
    """Another copy of the program has the data folder open."""


class Cancelled(Exception):
    """Background work stopped because the user asked for it; not an error."""
