"""Mail by SMTP."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr

from tracker.chasing.ways.parcel import NotSent, Parcel
from tracker.settings import Settings

PATIENCE = 20
"""Seconds that the server may take over one word of the conversation."""
PORTS = {"starttls": 587, "tls": 465, "none": 25}


def send(settings: Settings, parcel: Parcel) -> None:
    """Hands a message to the server; raises NotSent where it didn't say that it took it."""
    try:
        with _connection(settings) as server:
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
            server.send_message(_written(settings, parcel))
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"SMTP {error.smtp_code}") from error
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise NotSent(f"SMTP {code}") from error
    except (smtplib.SMTPException, OSError) as error:
        # What they say may quote the address.
        raise NotSent(type(error).__name__) from error


def _connection(settings: Settings) -> smtplib.SMTP:
    host, _colon, port = settings.mail_server.partition(":")
    number = int(port or PORTS[settings.mail_security])
    if settings.mail_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, number, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(host, number, timeout=PATIENCE)
    if settings.mail_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _written(settings: Settings, parcel: Parcel) -> EmailMessage:
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = parcel.to
    message["Subject"] = parcel.subject
    # Sent twice it has the same name, by which the reader's side can tell.
    message["Message-ID"] = f"<{parcel.key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if parcel.thread:
        message["References"] = f"<{parcel.thread}@{domain}>"
        message["In-Reply-To"] = f"<{parcel.thread}@{domain}>"
    message.set_content(parcel.text)
    message.add_alternative(parcel.html, subtype="html")
    return message
