"""Mails as the common calendars shape them, written for these tests; nothing in them is anybody's."""

from __future__ import annotations

import base64
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

MAILBOX = "sessions@northgate.example"
UID = "drawing@northgate.example"
BEN = "ben@hillside.example"
BOUNDARY = "=_limit"


def ics(*events: str, method: str | None = "REPLY") -> str:
    """A calendar object with these VEVENTs."""
    stated = [f"METHOD:{method}"] if method else []
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sample//EN", *stated, *events, "END:VCALENDAR", ""]
    )


def vevent(*lines: str, partstat: str = "ACCEPTED", stamp: str | None = "20261202T101500Z", **changed: str) -> str:
    """A VEVENT that answers; ``changed`` replaces or (empty) leaves out a property by its name."""
    properties = {
        "UID": f"UID:{UID}",
        "SEQUENCE": "SEQUENCE:0",
        "DTSTART": "DTSTART:20270112T153000Z",
        "DTEND": "DTEND:20270112T163000Z",
        "ORGANIZER": f"ORGANIZER:mailto:{MAILBOX}",
        "ATTENDEE": f"ATTENDEE;PARTSTAT={partstat}:mailto:{BEN}",
        "DTSTAMP": f"DTSTAMP:{stamp}" if stamp else "",
    } | changed
    return "\r\n".join(["BEGIN:VEVENT", *filter(None, properties.values()), *lines, "END:VEVENT"])


def mail(
    calendar: str | bytes | None, *fields: str, sender: str = BEN, method: str = "REPLY", text: str = "Yes"
) -> bytes:
    """multipart/alternative with a text and a calendar part in base64, as most clients send it."""
    raw = calendar.encode() if isinstance(calendar, str) else calendar
    parts = [f"--{BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"]
    if raw is not None:
        encoded = base64.encodebytes(raw).decode().replace("\n", "\r\n")
        kind = f'text/calendar; charset="UTF-8"; method={method}'
        parts.append(f"--{BOUNDARY}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}")
    head = [
        f"From: Ben Ito <{sender}>",
        f"To: {MAILBOX}",
        "Subject: Accepted: Drawing",
        "Message-ID: <one@hillside.example>",
        "Date: Wed, 02 Dec 2026 10:15:05 +0000",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"',
        *fields,
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + "".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def google(partstat: str = "ACCEPTED") -> bytes:
    """Gmail: mixed(alternative(plain, html, calendar), application/ics), CN is the address, auto-generated."""
    event = vevent(
        "CREATED:20261201T090500Z",
        "DESCRIPTION:",
        "LAST-MODIFIED:20261202T101500Z",
        "LOCATION:Library",
        "STATUS:CONFIRMED",
        "SUMMARY:Drawing",
        "TRANSP:OPAQUE",
        ATTENDEE=f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={BEN};X-NUM-GUESTS=0:mai\r\n"
        f" lto:{BEN}",
        ORGANIZER=f'ORGANIZER;CN="Northgate sessions":mailto:{MAILBOX}',
    )
    calendar = ics(event)
    alternative = MIMEMultipart("alternative")
    alternative.attach(MIMEText("Ben Ito has accepted", "plain", "utf-8"))
    alternative.attach(MIMEText("<p>Ben Ito has accepted</p>", "html", "utf-8"))
    part = MIMEText(calendar, "calendar", "utf-8")
    part.set_param("method", "REPLY")
    alternative.attach(part)
    attached = MIMEText(calendar, "plain", "utf-8")
    attached.replace_header("Content-Type", 'application/ics; name="invite.ics"')
    attached.add_header("Content-Disposition", "attachment", filename="invite.ics")
    whole = MIMEMultipart("mixed")
    whole["From"], whole["To"], whole["Sender"] = f"Ben Ito <{BEN}>", MAILBOX, "calendar-notification@google.example"
    whole["Message-ID"], whole["Auto-Submitted"] = "<calendar-1@google.example>", "auto-generated"
    whole.attach(alternative)
    whole.attach(attached)
    return whole.as_bytes()


def outlook(partstat: str = "DECLINED") -> bytes:
    """outlook.com: no ORGANIZER, MAILTO in upper case, an own zone, quoted-printable in a calendar part alone."""
    event = vevent(
        "COMMENT;LANGUAGE=en-GB:Parents' evening\\, sorry\\n",
        "SUMMARY;LANGUAGE=en-GB:Declined: Drawing",
        "PRIORITY:5",
        "CLASS:PUBLIC",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        DTSTART="DTSTART;TZID=GMT Standard Time:20270112T153000",
        DTEND="DTEND;TZID=GMT Standard Time:20270112T163000",
        ORGANIZER="",
        ATTENDEE=f'ATTENDEE;PARTSTAT={partstat};CN="Ito, Ben":MAILTO:{BEN.upper()}',
    )
    zone = "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            "TZID:GMT Standard Time",
            "BEGIN:STANDARD",
            "DTSTART:16010101T020000",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0000",
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:16010101T010000",
            "TZOFFSETFROM:+0000",
            "TZOFFSETTO:+0100",
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
        ]
    )
    import quopri

    body = quopri.encodestring(ics(zone, event).encode().replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    head = (
        f"From: Ben Ito <{BEN}>\r\nTo: {MAILBOX}\r\nSubject: Declined: Drawing\r\nMessage-ID: <o@outlook.example>\r\n"
        "Content-Type: text/calendar; charset=utf-8; method=REPLY\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "MIME-Version: 1.0\r\n\r\n"
    )
    return head.encode() + body


def apple(partstat: str = "TENTATIVE") -> bytes:
    """Apple Mail: the calendar part in 7 bit with a file name, after the text, in multipart/mixed."""
    event = vevent(
        "SUMMARY:Drawing",
        ATTENDEE=f'ATTENDEE;CN="Ben Ito";CUTYPE=INDIVIDUAL;EMAIL="{BEN}";PARTSTAT={partstat}:mailto:\r\n {BEN}',
    )
    return (
        f"From: Ben Ito <{BEN}>\r\nTo: {MAILBOX}\r\nMessage-ID: <a@icloud.example>\r\nMime-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=Apple-Mail\r\n\r\n"
        "--Apple-Mail\r\nContent-Type: text/plain\r\n\r\nBen Ito has tentatively accepted\r\n"
        "--Apple-Mail\r\nContent-Type: text/calendar; method=REPLY; name=iCal-1.ics\r\n"
        "Content-Disposition: attachment; filename=iCal-1.ics\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
        f"{ics(event)}\r\n--Apple-Mail--\r\n"
    ).encode()


def thunderbird(partstat: str = "ACCEPTED") -> bytes:
    """Thunderbird: alternative with the calendar part, its DTSTAMP, and the whole event copied back."""
    event = vevent(
        "SUMMARY:Drawing",
        "X-MOZ-GENERATION:1",
        ATTENDEE=f"ATTENDEE;CN=Ben Ito;PARTSTAT={partstat};ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUAL:mailto:{BEN}",
    )
    return mail(ics(event), "User-Agent: Mozilla Thunderbird")


def delivery_report(
    *blocks: str, original_id: str = "<drawing.ben.0.request@northgate.example>", to: str = MAILBOX
) -> bytes:
    """A delivery report with one block for each recipient."""
    told = "\r\n\r\n".join(["Reporting-MTA: dns; mx.hillside.example", *blocks])
    return (
        f"From: MAILER-DAEMON@hillside.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <dsn@hillside.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{BOUNDARY}"\r\n\r\n'
        f"--{BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nSorry\r\n"
        f"--{BOUNDARY}\r\nContent-Type: message/delivery-status\r\n\r\n{told}\r\n\r\n"
        f"--{BOUNDARY}\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original_id}\r\nSubject: x\r\n\r\n"
        f"--{BOUNDARY}--\r\n"
    ).encode()


def failed(status: str = "5.1.1", recipient: str = BEN, action: str = "failed") -> str:
    return (
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user"
    )
