"""A real SMTP server on loopback, which keeps what it accepts and answers what a test has it say."""

import email
import email.policy
import socket
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

ACCEPTED = "250 Kept"


class MailServer:
    """`on_recipient` and `on_data` are called with what has come so far, and return the answer."""

    def __init__(self):
        self.received = []
        self.on_recipient = self.on_data = lambda _: ACCEPTED

    async def handle_RCPT(self, server, session: Session, envelope: Envelope, address, options):  # noqa: N802
        answer = self.on_recipient(address)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session: Session, envelope: Envelope):  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        answer = self.on_data(message)
        if answer == ACCEPTED:
            self.received.append(message)
        return answer


def find_free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def running_mail_server():
    """A MailServer that listens, with its `port`."""
    server = MailServer()
    server.port = find_free_port()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
