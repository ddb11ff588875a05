"""The network of compose.yaml. Only one Docker engine of a machine can have a network with these addresses."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from pathlib import Path

from ...conftest import ROOT
from .container import CheckFailed

ROUTES = Path("/proc/net/route")  # see proc_pid_net(5)


def require_free(routes: Path = ROUTES) -> None:
    """Raise CheckFailed if another network of this machine overlaps the subnet in compose.yaml."""
    subnet = IPv4Network(re.search(r"subnet: ([\d./]+)", (ROOT / "compose.yaml").read_text())[1])  # type: ignore[index]
    for line in routes.read_text().splitlines()[1:]:
        name, destination, _, _, _, _, _, mask, *_ = line.split()
        network = IPv4Network((_address(destination), _address(mask)))
        if network.prefixlen and network.overlaps(subnet):
            raise CheckFailed(
                f"The network {subnet} of compose.yaml is in use by {name}. Another engine has this network, or was "
                f"killed. If no engine runs, remove the network: ip link delete {name}"
            )


def _address(hexadecimal: str) -> str:
    """Return the usual notation of an address from /proc/net/route, such as “172.17.0.1” for “010011AC”.

    The file has the bytes of each address in reverse order.
    """
    return ".".join(str(byte) for byte in reversed(bytes.fromhex(hexadecimal)))
