"""Who may read the logs."""

from meiping.kernel.permissions import permission

VIEW_LOG = permission("audit.view", "查看操作日志", group="系统")
EXPORT = permission("data.export", "导出数据", group="系统")
