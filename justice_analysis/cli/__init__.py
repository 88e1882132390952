"""The command line, `justice`: thin calls into the package, plain errors, exit codes."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from justice_analysis import __version__
from justice_analysis.cli import (
    book,
    category,
    cohort,
    data,
    demo,
    doctor,
    evaluate,
    lab,
    metric,
    participants,
    release,
    study,
)
from justice_analysis.errors import JusticeError

app = typer.Typer(
    name="justice",
    help="Linked justice data: load, measure, release and publish.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(data.app, name="data")
app.add_typer(metric.app, name="metric")
app.add_typer(category.app, name="category")
app.add_typer(cohort.app, name="cohort")
app.add_typer(participants.app, name="participants")
app.add_typer(study.app, name="study")
app.add_typer(release.app, name="release")
app.add_typer(book.app, name="book")
app.command("demo", short_help="Go through everything once, on synthetic data.")(demo.demo)
app.command("doctor", short_help="Say what this machine offers and lacks.")(doctor.doctor)
app.command("evaluate", short_help="From a list of participants to a finished report.")(
    evaluate.evaluate
)
app.command("lab")(lab.lab)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"justice_analysis {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; every failure is one sentence and an exit code."""
    try:
        app()
    except JusticeError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("stopped: nothing half-written was left in place.", err=True)
        sys.exit(130)
    except Exception as error:
        if os.environ.get("JUSTICE_DEBUG"):
            raise
        if isinstance(error, OSError) and error.filename and error.strerror:
            typer.echo(
                f"error: {error.filename} cannot be used: {error.strerror.lower()}. Check the "
                "path, that you may write there, and that the disk is not full.",
                err=True,
            )
            sys.exit(1)
        # A traceback could show values of rows, so it is only for those who ask.
        typer.echo(
            f"error: something we did not foresee went wrong ({type(error).__name__}). "
            "Set JUSTICE_DEBUG=1 and run again to see where; mind that it may show data.",
            err=True,
        )
        sys.exit(1)
