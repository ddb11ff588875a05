"""`make image-test` refuses to start Compose if another network on the machine has Compose's addresses."""

import pytest

from ...e2e.image.container import CheckFailed
from ...e2e.image.network import require_free

HEADER = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
OTHERS = "eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0\ndocker0 000011AC 00000000 0001 0 0 0 0000FFFF 0 0 0\n"


def test_other_networks_and_the_default_route_are_allowed(tmp_path):
    (tmp_path / "route").write_text(HEADER + OTHERS)
    require_free(tmp_path / "route")


@pytest.mark.parametrize(("destination", "mask"), [("0036D50A", "F0FFFFFF"), ("0000D50A", "0000FFFF")])
def test_a_network_with_the_same_addresses_is_named_with_the_command_that_removes_it(tmp_path, destination, mask):
    (tmp_path / "route").write_text(f"{HEADER}{OTHERS}br-1a2b {destination} 00000000 0001 0 0 0 {mask} 0 0 0\n")
    with pytest.raises(CheckFailed, match=r"10\.213\.54\.0/28 .* br-1a2b.*ip link delete br-1a2b"):
        require_free(tmp_path / "route")
