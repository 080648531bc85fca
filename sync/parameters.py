"""Parameters of the doors for machines (PLT-10)."""

from django.utils.translation import gettext_lazy as _

from crm.core.parameters import define

define(
    "import_megabytes",
    int,
    default=100,
    group="import",
    label=_("Largest file of an import"),
    help=_("A bigger file is loaded by the command line."),
    unit=_("MB"),
    minimum=1,
    maximum=1000,
)
