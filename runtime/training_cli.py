"""Training from the command line: the same commands as the API's, through the API, so that every rule is applied there.

Each capability registers its steps from a module of its own.
"""

import typer

from runtime import training_import_steps as imports
from runtime.case_step import Step, calling, reading

STEPS: dict[str, tuple[Step, ...]] = {"Keys of a school": (imports.register_key, imports.revoke_key)}

training_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Put training on record, and read who vouched for it.\n\n"
    "Each command speaks to a running service: the one whose folder --data names, or the one at --address. Without a "
    "token it speaks as an example officer of the role whose duty the command is.\n\n"
    "Ends with 0 when it was recorded or read, 1 when it was refused, 2 when the command was not understood, and 3 "
    "when the service failed or cannot be reached.\n\n"
    "Example: investiture training import records.csv --sign school.key",
)
for _panel, _steps in STEPS.items():
    for _step in _steps:
        _step.add_to(training_app, _panel)
reading(training_app, "keys", "Keys of a school")(imports.keys)
training_app.command("sign", rich_help_panel="Many at once")(imports.sign)
training_app.command("import", rich_help_panel="Many at once")(calling(imports.import_records))
training_app.command("import-service", rich_help_panel="Many at once")(calling(imports.import_service))
reading(training_app, "verify-import", "Many at once")(imports.verify_import)
