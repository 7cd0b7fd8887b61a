from itertools import count

from django.db import migrations

PAGE = "import"


def make_way(apps, schema_editor):
    """Give a runbook at the address of the new page another one."""
    Runbook, Address = (apps.get_model("runbooks", name) for name in ("Runbook", "Address"))
    Address.objects.filter(slug=PAGE).delete()
    taken = {*Runbook.objects.values_list("slug", flat=True)}
    taken |= {*Address.objects.values_list("slug", flat=True)}
    free = next(name for number in count(2) if (name := f"{PAGE}-{number}") not in taken)
    Runbook.objects.filter(slug=PAGE).update(slug=free)


class Migration(migrations.Migration):
    dependencies = [("runbooks", "0019_dismiss_roles")]

    operations = [migrations.RunPython(make_way, migrations.RunPython.noop)]
