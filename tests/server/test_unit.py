"""The systemd unit: what it starts exists, and what it promises is in it."""

import subprocess
from pathlib import Path

import pytest

from tests.serving import PROGRAM

from .nginx import DEPLOY, NUMBERS, found, options

UNIT = DEPLOY / "secondopinion@.service"


@pytest.fixture(scope="module")
def service() -> dict[str, str]:
    """Return the settings of the unit; of one that stands twice, the last."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    settings = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name: value for name, equals, value in settings if equals}


@pytest.mark.parametrize("number", NUMBERS)
def test_the_unit_starts_the_workbook_with_options_that_it_has(number: int):
    asked = options(number, "https://workbook.example.org")
    help_text = subprocess.run(
        [PROGRAM, "app", "--help"],
        check=True,
        capture_output=True,
        text=True,
        env={"COLUMNS": "200"},
    ).stdout
    assert {word for word in asked if word.startswith("--")} <= set(help_text.split())
    assert f"https://workbook.example.org/{number}/" in asked


def test_the_web_server_knows_each_process_at_its_port():
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for number in NUMBERS:
        port = options(number, "")[options(number, "").index("--port") + 1]
        assert f"upstream workbook_{number} {{ server 127.0.0.1:{port} max_fails=0; }}" in text


@pytest.mark.parametrize(
    ("promise", "setting", "value"),
    [
        ("no account of its own stays behind", "DynamicUser", "yes"),
        ("it cannot write where others read", "ProtectSystem", "strict"),
        ("it cannot look into homes", "ProtectHome", "yes"),
        ("its scratch folder is nobody else's", "PrivateTmp", "yes"),
        ("it never gets more rights", "NoNewPrivileges", "yes"),
        ("it cannot send anything anywhere", "IPAddressDeny", "any"),
        ("what it prints is kept nowhere", "StandardOutput", "null"),
        ("nothing of it goes to the disk when memory is short", "MemorySwapMax", "0"),
        ("nothing of it stays when it crashes", "LimitCORE", "0"),
        ("it cannot take the machine's memory", "MemoryMax", "3G"),
        ("it cannot take the machine's processes", "TasksMax", "2000"),
        ("it has no rights of the system's", "CapabilityBoundingSet", ""),
    ],
)
def test_the_unit_holds_what_we_promise(
    service: dict[str, str], promise: str, setting: str, value: str
):
    assert service[setting] == value, promise


def test_systemd_takes_the_unit_where_there_is_one(tmp_path: Path):
    analyze = found("systemd-analyze")
    here = UNIT.read_text(encoding="utf-8").replace("/opt/secondopinion/bin", str(PROGRAM.parent))
    copy = tmp_path / UNIT.name
    copy.write_text(here, encoding="utf-8")
    said = subprocess.run(
        [analyze, "verify", copy] if analyze else ["true"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")
