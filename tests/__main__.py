"""Every check in order, stopping at the first that fails: ``python3 run.py test [options of pytest]``."""

import subprocess
import sys

from meiping.adapters.display import MissingDisplay, ensure_display

CHECKS = (
    ("代码检查", ["-m", "ruff", "check", "--quiet", "."]),
    ("代码格式", ["-m", "ruff", "format", "--quiet", "--check", "."]),
    ("类型检查", ["-m", "mypy"]),
    ("分层检查", ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"]),
)


def main(options: list[str]) -> int:
    """Returns the exit code of the first check that fails, else pytest's; its closing line is the last."""
    for title, command in CHECKS:
        done = subprocess.run([sys.executable, *command], capture_output=True, check=False)
        print(f"{title}：{'未通过' if done.returncode else '通过'}", flush=True)
        if done.returncode:
            sys.stdout.buffer.write(done.stdout + done.stderr)
            return done.returncode
    try:
        ensure_display()
    except MissingDisplay as error:
        print(error, file=sys.stderr)
        return 2
    print("测试：", flush=True)
    return subprocess.run([sys.executable, "-m", "pytest", *options], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
