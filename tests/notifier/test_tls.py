"""Over TLS the connection goes to the checked address, and the certificate is the name's."""

import ssl
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from arclight.contracts.events import WebhookAttempted
from services.notifier.address import Address, parse
from services.notifier.deliver import deliver
from services.notifier.post import SYSTEM, Network
from tests.notifier.conftest import MakeWork, ended
from tests.notifier.receiver import Receiver, receiving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and self-signed certificate for receiver.example, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("receiver.example")]), False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "receiver.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def to_this_machine(certificate: Path | None) -> Network:
    async def resolve(host: str, port: int) -> Sequence[Address]:
        return [parse("127.0.0.1")]

    def trust() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=certificate)

    return replace(SYSTEM, resolve=resolve, tls=trust)


def attempt(make_work: MakeWork, host: str, certificate: Path, trust: Path | None) -> object:
    with receiving(Receiver(), server_side(certificate)) as receiver:
        job = ended(f"https://{host}:{receiver.port}/")
        event = deliver(make_work(job), to_this_machine(trust))
    assert isinstance(event, WebhookAttempted)
    return event.attempt.error or receiver.got[0][1]["host"].partition(":")[0]


def test_the_certificate_of_the_name_is_accepted(make_work: MakeWork, certificate: Path) -> None:
    said = attempt(make_work, "receiver.example", certificate, certificate)
    assert said == "receiver.example"


def test_a_certificate_of_another_name_is_not(make_work: MakeWork, certificate: Path) -> None:
    said = str(attempt(make_work, "other.example", certificate, certificate))
    assert "not valid for 'other.example'" in said


def test_an_unknown_issuer_is_not(make_work: MakeWork, certificate: Path) -> None:
    said = str(attempt(make_work, "receiver.example", certificate, None))
    assert "CERTIFICATE_VERIFY_FAILED" in said
