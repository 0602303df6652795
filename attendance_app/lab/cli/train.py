"""``attendance train``: networks and models of the product, trained on this machine."""

import typer

from attendance_app.lab.cli.train_demo_faces import train_demo_faces
from attendance_app.lab.cli.train_identity import train_identity
from attendance_app.lab.cli.train_mask import train_mask
from attendance_app.lab.cli.train_matcher import train_matcher
from attendance_app.lab.cli.train_sizes import train_sizes

app = typer.Typer(help="Train the networks: live progress, Ctrl-C keeps the best weights.", no_args_is_help=True)

app.command("identity")(train_identity)
app.command("mask")(train_mask)
app.command("matcher")(train_matcher)
app.command("sizes")(train_sizes)
app.command("demo-faces")(train_demo_faces)
