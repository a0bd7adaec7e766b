"""Sizes of files, in bytes, as people read them."""


def show_size(size: int) -> str:
    """Bytes as people read them: ``640 KB``, ``12.5 MB``."""
    if size < 1_000_000:
        return f"{max(size // 1000, 1)} KB"
    if size < 1_000_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:.2f} GB"
