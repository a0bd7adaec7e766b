"""Shared widgets; they know no business."""
