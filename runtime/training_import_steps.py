"""Files of training records as commands: a school's keys, signing, sending, and checking who vouched for a file."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.identity import Role
from domain.school_key import RegisterSchoolKey, RevocationReason, RevokeSchoolKey
from runtime.api_client import ApiClient
from runtime.case_caller import Caller
from runtime.case_step import REFUSED, AsJson, answering, calling, read_text, step
from runtime.import_sending import read_file, sent, tell
from runtime.school_key_file import is_signed_by, signature_of

FILES = "Files of many people"
LONGEST_SECONDS = 600.0

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say of each line what would happen, and record nothing.")]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="Also write the whole report as CSV into this file.", metavar="CSV")
]
OfPack = Annotated[str, typer.Option(help="The pack whose kinds and methods of training are meant.")]
RecordFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="CSV, XLSX or JSON Lines, one line a record; - is standard input.")
]


@step("register-key", RegisterSchoolKey, "/school-keys", Role.SCHOOL)
def register_key(
    public_key: Annotated[Path, typer.Argument(metavar="PUBLIC", help="File with the public half, as PEM.")],
) -> dict[str, Any]:
    """Register the public half of a key that the school signs its files with. The private half stays where it is.

    Make a pair first: openssl genpkey -algorithm ed25519 -out school.key; openssl pkey -in school.key -pubout -out
    school.pub

    Example: investiture training register-key school.pub
    """
    return {"public_key": read_text(public_key, "PUBLIC")}


@step("revoke-key", RevokeSchoolKey, "/school-key-revocations", Role.SCHOOL)
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="Its id: 16 hexadecimal digits.")],
    reason: Annotated[RevocationReason, typer.Option(help="Why nothing more is to be taken that it signs.")],
) -> dict[str, Any]:
    """Revoke a key of the school for good; what it signed before stays on record.

    Example: investiture training revoke-key 0f1e2d3c4b5a6978 --reason lost
    """
    return {"key_id": key_id, "reason": reason}


def school_keys(
    service: ApiClient,
    school: Annotated[str, typer.Argument(help="Organ of the school.")],
    as_json: AsJson = False,
) -> None:
    """Show the keys that a school signs with.

    Example: investiture training school-keys training-school
    """
    found = service.read(f"/school-keys/{school}")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for key in found["keys"]:
        revoked = f", revoked {key['revoked_at']} ({key['reason']})" if key["revoked_at"] else ""
        typer.echo(f"{key['key_id']}  registered {key['registered_at']}{revoked}\n{key['public_key']}", nl=False)
    if not found["keys"]:
        typer.echo(f"{school} has registered no key.")


def sign(
    file: RecordFile,
    key: Annotated[Path, typer.Option(metavar="KEYFILE", help="The school's private key (Ed25519, PEM).")],
    pack: OfPack = "standard",
) -> None:
    """Print key id and signature over a file for a pack, to be sent along with it: import FILE --signature FILE.sig.

    Asks no service. Make a key with: openssl genpkey -algorithm ed25519 -out school.key

    Example: investiture training sign records.csv --key school.key
    """
    typer.echo(signature_of(read_file(file), pack, key))


def import_records(
    caller: Caller,
    file: RecordFile,
    sign: Annotated[
        Path | None,
        typer.Option(metavar="KEYFILE", help="Sign with this private key (Ed25519, PEM); it is sent nowhere."),
    ] = None,
    signature: Annotated[
        Path | None, typer.Option(metavar="SIG", help="Or the file that `sign` has written, perhaps elsewhere.")
    ] = None,
    pack: OfPack = "standard",
    dry_run: DryRun = False,
    report: ReportFile = None,
    every: Annotated[bool, typer.Option("--all", help="Show every line, also those that went well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a school's file of training records on record, line by line; a wrong line stops no other.

    Columns: person, number, title, kind, method, began_on, ended_on, hours, attended_hours, leave_hours, days, score,
    passed, assessment, course_id; headers in English or Chinese. Sending a file again records what is missing and
    nothing twice. Ends with 0 when every line is on file, 1 when one is not, and 3 when one could not be tried.

    Example: investiture training import records.csv --sign school.key --dry-run
    """
    content = read_file(file)
    signed = signature_of(content, pack, sign) if sign else read_text(signature, "--signature") if signature else None
    said = {"Investiture-Signature": signed} if signed else {}
    with answering(as_json), caller.client(Role.SCHOOL, timeout=LONGEST_SECONDS) as service:
        found = sent(service, "/training-imports", content, {"pack": pack}, said, dry_run=dry_run, quiet=as_json)
    tell(found, report, as_json=as_json, every=every)


def import_service(
    caller: Caller,
    file: RecordFile,
    dry_run: DryRun = False,
    report: ReportFile = None,
    every: Annotated[bool, typer.Option("--all", help="Show every line, also those that went well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register from a file where many people serve; a wrong line stops no other.

    Columns: person, unit, pack, rank, since_on; headers in English or Chinese, CSV, XLSX or JSON Lines.

    Example: investiture training import-service people.xlsx --dry-run
    """
    content = read_file(file)
    with answering(as_json), caller.client(Role.PERSONNEL, timeout=LONGEST_SECONDS) as service:
        found = sent(service, "/service-imports", content, {}, {}, dry_run=dry_run, quiet=as_json)
    tell(found, report, as_json=as_json, every=every)


def verify_import(service: ApiClient, file: RecordFile, as_json: AsJson = False) -> None:
    """Say who vouched for a file that was taken in, and check their signature over it on this machine.

    Ends with 1 when nobody did. Example: investiture training verify-import records.csv
    """
    content = read_file(file)
    found = service.ask("/training-import-receipts", {"sha256": hashlib.sha256(content).hexdigest()})
    for receipt in found["receipts"]:
        receipt["genuine"] = is_signed_by(content, receipt["pack"], receipt["signature"], receipt["public_key"])
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for receipt in found["receipts"]:
            typer.echo(_receipt_words(receipt))
    if not all(receipt["genuine"] for receipt in found["receipts"]):
        raise typer.Exit(REFUSED)


def _receipt_words(receipt: Mapping[str, Any]) -> str:
    genuine = "the signature is genuine" if receipt["genuine"] else "THE SIGNATURE IS NOT THAT OF THIS FILE"
    revoked = f" (revoked since: {receipt['key_revoked']})" if receipt["key_revoked"] else ""
    return (
        f"{receipt['organ']} sent it on {receipt['received_at']}, {receipt['lines']:,} lines, signed with key "
        f"{receipt['key_id']}{revoked}: {genuine}. Position {receipt['position']} of the log."
    )


KEYS = (register_key, revoke_key)


def add_to(app: typer.Typer) -> None:
    """Registers the commands that work on files."""
    app.command("sign", rich_help_panel=FILES)(sign)
    app.command("import", rich_help_panel=FILES)(calling(import_records))
    app.command("import-service", rich_help_panel=FILES)(calling(import_service))
