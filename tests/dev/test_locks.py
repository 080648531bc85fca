"""What is committed about packages: exact versions and hashes, and no address of any machine or registry."""

import json
import re

from dev.places import ROOT

ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|file:")


def test_every_python_package_is_pinned_with_a_hash():
    for name in ("requirements.txt", "requirements-node.txt"):
        text = (ROOT / name).read_text()
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.M)
        for block in filter(None, blocks):
            assert "==" in block.splitlines()[0], block
            assert "--hash=sha256:" in block, block


def test_no_lock_carries_an_address():
    for name in ("requirements.in", "requirements.txt", "requirements-node.txt", ".npmrc"):
        assert not ADDRESS.search((ROOT / name).read_text()), name
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, facts in packages.items() if "resolved" in facts]
    assert all("integrity" in facts for name, facts in packages.items() if name)
