"""A mail server for tests, on Debian's aiosmtpd.

    smtp_server.py [--tls CERT KEY] [--implicit] [--auth MECHANISM]... [--user NAME PASSWORD]

It listens on a free port of 127.0.0.1 and prints JSON, a line each: first {"port": N}, then for every mail the envelope,
the login, whether the connection was encrypted, and the message, byte for byte as Latin-1. With --tls, nothing but
STARTTLS is taken before encryption; with --implicit, the connection starts encrypted. A failed login is told as well.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import ssl

from aiosmtpd.smtp import MISSING, SMTP, AuthResult

ALL_MECHANISMS = {"CRAM-MD5", "LOGIN", "PLAIN"}


def tell(**what):
    print(json.dumps(what), flush=True)


class Server(SMTP):
    # What most servers ask, and Go's clients understand.
    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"


class Handler:
    def __init__(self, user, password):
        self.user = user
        self.password = password

    def authenticate(self, server, session, envelope, mechanism, data):
        right = data.login == self.user.encode() and data.password == self.password.encode()
        session.mechanism = mechanism
        if not right:
            tell(refused=mechanism)
        return AuthResult(success=right, handled=False)

    async def auth_CRAM__MD5(self, server, args):
        challenge = b"<%s@test>" % os.urandom(8).hex().encode()
        answer = await server.challenge_auth(challenge)
        if answer is MISSING:
            return AuthResult(success=False)
        user, _, digest = answer.partition(b" ")
        expected = hmac.new(self.password.encode(), challenge, hashlib.md5).hexdigest()
        right = user == self.user.encode() and digest == expected.encode()
        server.session.mechanism = "CRAM-MD5"
        if not right:
            tell(refused="CRAM-MD5")
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server, session, envelope):
        tell(
            hello=session.host_name,
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            login=getattr(session, "mechanism", None),
            encrypted=session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            message=envelope.original_content.decode("latin-1"),
        )
        return "250 OK"


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--auth", action="append", default=[])
    parser.add_argument("--user", nargs=2, default=["u", "p"])
    options = parser.parse_args()
    context = None
    if options.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*options.tls)
    handler = Handler(*options.user)
    starttls = context if options.tls and not options.implicit else None

    def session():
        return Server(
            handler,
            hostname="mail.test",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=bool(options.auth),
            auth_require_tls=False,
            authenticator=handler.authenticate,
            auth_exclude_mechanism=ALL_MECHANISMS - set(options.auth),
        )

    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", 0, ssl=context if options.implicit else None
    )
    tell(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
