"""The catalog as files: there and back unchanged, and bad files refused with their line."""

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts.models import Team
from portal.architecture.files import NOUNS, documents_of, keep
from portal.architecture.files.tree import Outcome, export_tree, import_tree
from portal.architecture.models import Dependency, Integration, Service, Zone
from portal.core.data import yaml
from portal.core.data.signs import IN_A_LINE as UNSEEN
from portal.core.data.signs import IN_A_TEXT
from portal.core.problems import Refused

pytestmark = pytest.mark.django_db


def everything() -> list[dict]:
    return [d for noun in NOUNS.values() for d in documents_of(noun.model.objects.all())]


def write(folder, name: str, text: str | bytes):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_there_and_back_into_an_empty_catalog(shop, tmp_path):
    shop["api"].part_of = shop["web"]
    shop["api"].repository = "https://git.example.org/api"
    shop["api"].save()
    shop["api"].configuration.create(name="API_KEY", kind="secret", rotation_days=90, kept_in="v")
    before = everything()
    export_tree(tmp_path)
    texts = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    teams = set(Team.objects.values_list("slug", "name"))
    for model in (Dependency, Service, Zone, Integration, Team):
        model.objects.all().delete()

    outcome = import_tree(tmp_path)

    assert outcome.errors == []
    assert len(outcome.created) == 8 + len(teams)
    assert set(Team.objects.values_list("slug", "name")) == teams
    assert len(texts) == 8 + len(teams)
    assert everything() == before
    assert export_tree(tmp_path) == (0, 0)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == texts
    again = import_tree(tmp_path)
    assert (again.created, again.changed, again.same) == ([], [], 8)


def test_teams_that_own_nothing_here_are_not_made(tmp_path):
    write(tmp_path, "org/teams/alerting.yaml", "name: Alerting\n")
    write(tmp_path, "teams/web.yaml", "name: Web\n")
    write(tmp_path, "services/shop.yaml", "name: Shop\nowner: web\n")

    outcome = import_tree(tmp_path)

    assert set(Team.objects.values_list("slug", flat=True)) == {"web"}
    assert set(outcome.created) == {"teams/web", "services/shop"}
    assert outcome.warnings == ["teams/alerting.yaml: passed over: it owns nothing here."]


def test_files_of_gone_rows_go_only_when_asked(shop, tmp_path):
    export_tree(tmp_path)
    shop["reports"].delete()

    assert export_tree(tmp_path) == (0, 0)
    assert export_tree(tmp_path, prune=True) == (0, 1)


def test_a_dry_run_changes_nothing(tmp_path):
    write(tmp_path, "services/web.yaml", "name: Web\n")

    assert import_tree(tmp_path, dry_run=True).created == ["services/web"]
    assert not Service.objects.exists()


BAD = {
    "name: [": (1, "Not YAML"),
    f"name: Web\ntier: 0x{'f' * 5000}\n": (2, "too large"),
    f"name: {2**64}\n": (1, "too large"),
    "a: &x 1\nb: *x\n": (1, "Anchors"),
    "name: Web\nname: Web2\n": (2, "said twice"),
    "name: !!python/object/apply:os.system [id]\n": (1, "The tag"),
    "name: Web\ntier: 9\n": (2, "tier"),
    "name: Web\nowner: nobody\n": (2, "owner"),
    "name: Web\ncolour: red\n": (2, "no such member"),
    "name: Web\ndepends_on:\n  - service: gone\n": (3, "gone"),
    "name: Web\ndepends_on:\n  - service: web\n": (3, "itself"),
    "name: Web\ndepends_on:\n  - {protocol: x}\n": (3, "Name either"),
    "name: Web\nconfiguration:\n  - name: K\n    kind: secret\n    example: x\n": (5, "secret"),
    "- a\n- b\n": (1, "list of members"),
    "just words\n": (1, "list of members"),
    b"name: \xff\xfe\n": (1, "UTF-8"),
    b"name: a\nx: \x00\n": (2, "NUL"),
    "slug: other\nname: Web\n": (1, "slug"),
    "a: " * 30 + "1": (1, ""),
    "[" * 50: (1, "levels"),
    "a: [" + "1," * 20_000 + "]": (1, "values"),
    "name: 2026-13-45\nlinks: {repository: 'javascript:alert(1)'}\n": (2, "URL"),
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_file_is_refused_with_its_line_and_stops_no_other(tmp_path, text):
    line, said = BAD[text]
    write(tmp_path, "services/good.yaml", "name: Good\n")
    write(tmp_path, "services/web.yaml", text)

    errors = import_tree(tmp_path).errors

    assert any(e.startswith(f"services/web.yaml:{line}:") and said in e for e in errors), errors
    assert list(Service.objects.values_list("slug", "name")) == [("good", "Good")]


def test_what_needs_a_bad_one_is_refused_too_and_nothing_is_left_of_both(tmp_path):
    write(tmp_path, "services/a.yaml", "name: A\ndepends_on: [{service: b}]\n")
    write(tmp_path, "services/b.yaml", "name: B\ndepends_on: [{service: c}]\n")
    write(tmp_path, "services/c.yaml", "name: C\ntier: 9\n")
    write(tmp_path, "services/d.yaml", "name: D\n")

    outcome = import_tree(tmp_path)

    assert [error.split(":")[0] for error in outcome.errors] == [
        f"services/{name}.yaml" for name in "cba"
    ]
    assert outcome.created == ["services/d"]
    assert list(Service.objects.values_list("slug", flat=True)) == ["d"]


ENTITY = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {}}}\nspec: {{}}\n"
FOREIGN = {
    "mkdocs.yml": "nav: []\nsuperfences:\n  format: !!python/name:pymdownx.fences.code\n",
    "compose.yaml": "x-base: &base {restart: always}\nservices:\n  web: {<<: *base}\n",
    "chart/templates/web.yaml": "{% if x %}\nname: web\n{% endif %}\n",
    "chart/templates/helm.yaml": "{{- if .Values.x }}\nname: web\n",
    "skeleton/catalog-info.yaml": ENTITY.format("${{ values.name }}"),
    "skeleton/cookie/catalog-info.yaml": ENTITY.format("{{cookiecutter.name}}"),
    "k8s/services/web.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n",
    "services/catalog.yml": "services:\n  - name: web\n    tier: sv\n",
    "words.yml": "just words\n",
    "binary.yaml": b"\xff\xfe\x00",
    "large.yaml": b"a: " + b"x" * 1_200_000,
}


@pytest.mark.parametrize("path", FOREIGN)
def test_files_of_other_tools_pass_with_a_warning(tmp_path, path):
    write(tmp_path, path, FOREIGN[path])
    write(tmp_path, "catalog-info.yaml", "---\n" + ENTITY.format("shop") + "---\n")
    write(tmp_path, "services/web.yaml", "name: Web\n---\n")

    outcome = import_tree(tmp_path)

    assert outcome.errors == []
    assert outcome.created == ["services/web", "services/shop"]
    assert [warning.split(":")[0] for warning in outcome.warnings] == [path]
    assert "passed over: " in outcome.warnings[0]


def test_hidden_folders_and_those_of_packages_are_not_looked_into(tmp_path):
    for folder in (".github", "node_modules"):
        write(tmp_path, f"{folder}/services/web.yaml", "name: [")

    assert import_tree(tmp_path) == Outcome()


LIKE_OTHER_TYPES = ["yes", "1e3", "2026-01-01", "null", "12:30", "0x1", "~"]
WORDS = st.text(max_size=40).filter(lambda text: text == text.strip() and not UNSEEN.search(text))
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff")
    | st.sampled_from("\n\t"),
    max_size=60,
).filter(lambda text: text == text.strip() and not IN_A_TEXT.search(text))


@settings(max_examples=150, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "name": WORDS,
            "description": TEXTS
            | st.sampled_from(["yes", "1e3", "2026-01-01", "null", "12:30", "0x1"]),
            "tier": st.integers(1, 4),
            "owner": st.none(),
            "links": st.dictionaries(WORDS.filter(bool), WORDS, max_size=2),
            "depends_on": st.lists(st.fixed_dictionaries({"hard": st.booleans(), "data": WORDS})),
        }
    )
)
def test_what_is_written_is_read_again(document):
    [(found, _)] = yaml.documents(yaml.written(document).encode())

    assert found == document


@pytest.mark.parametrize("sign", ["\n", "\x07", "\x85", "\u202e", "\u2066", "\u2028", "\ufeff"])
def test_signs_that_nobody_sees_are_refused(shop, sign):
    for noun, more in (("services", {"configuration": [{"name": f"K{sign}Y"}]}), ("zones", {})):
        document = {"name": f"We{sign}b"} if not more else {"name": "Web", **more}
        with pytest.raises(Refused, match="control character"):
            keep(NOUNS[noun], "web", document, by=None)


def test_a_description_has_lines(shop):
    keep(NOUNS["zones"], "edge", {"name": "Edge", "description": "a\n\tb"}, by=None)
    with pytest.raises(Refused, match="control character"):
        keep(NOUNS["zones"], "edge", {"name": "Edge", "description": "a\u202eb"}, by=None)


def test_what_stays_has_no_new_history(shop):
    keys = set(shop["api"].dependencies.values_list("pk", flat=True))
    [document] = documents_of(Service.objects.filter(slug="api"))
    document["depends_on"][0]["data"] = "changed"
    noted = LogEntry.objects.count()

    keep(NOUNS["services"], "api", document, by=None)

    assert set(shop["api"].dependencies.values_list("pk", flat=True)) == keys
    assert LogEntry.objects.count() == noted + 2  # the dependency, and that the service was kept


def test_a_bomb_of_aliases_is_refused_at_once(tmp_path):
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    write(tmp_path, "services/web.yaml", "\n".join(lines))

    assert "Anchors" in import_tree(tmp_path).errors[0]


def test_large_files_and_links_out_of_the_folder_are_refused(tmp_path):
    write(tmp_path, "in/services/large.yaml", b"a: " + b"x" * 2_000_000)
    write(tmp_path, "out/secret.yaml", "name: Secret\n")
    (tmp_path / "in/services/link.yaml").symlink_to(tmp_path / "out/secret.yaml")

    errors = import_tree(tmp_path / "in").errors
    assert any("Larger" in error for error in errors)
    assert any("leads out" in error for error in errors)


def test_the_commands_say_what_they_did(shop, tmp_path, capsys):
    call_command("export_catalog", str(tmp_path))
    call_command("import_catalog", str(tmp_path))
    assert "0 new, 0 changed, 8 the same" in capsys.readouterr().out
    write(tmp_path, "services/web.yaml", "tier: 9\nname: x\n")

    with pytest.raises(CommandError, match="Not all was taken"):
        call_command("import_catalog", str(tmp_path))
    told = capsys.readouterr()
    assert "services/web.yaml:1: tier" in told.err
    assert "0 new, 0 changed, 7 the same" in told.out


BACKSTAGE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Web.Shop
  title: Web shop
  description: Sells things
  annotations:
    backstage.io/source-location: url:https://git.example.org/shop/
  links:
    - {url: https://grafana.example.org/d/1, title: Dashboard}
spec:
  type: website
  lifecycle: production
  owner: group:default/shop
  system: sales
  dependsOn: [resource:default/orders-db, component:ghost]
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: orders-db}
spec: {type: database, owner: nobodies}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: sales}
spec: {owner: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: everybody}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: jane}
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: there}
"""


def test_a_catalog_of_backstage_becomes_services(tmp_path):
    team = Team.objects.create(slug="shop", name="Shop")
    write(tmp_path, "repo/catalog-info.yaml", BACKSTAGE)

    outcome = import_tree(tmp_path)

    assert outcome.errors == []
    web = Service.objects.get(slug="web-shop")
    assert (web.name, web.kind, web.owner, web.part_of.slug) == ("Web shop", "web", team, "sales")
    assert web.repository == "https://git.example.org/shop/"
    assert web.dashboard == "https://grafana.example.org/d/1"
    assert [row.target.slug for row in web.dependencies.all()] == ["orders-db"]
    assert Service.objects.get(slug="orders-db").kind == "database"
    told = " ".join(outcome.warnings)
    assert "Group “everybody” owns nothing here." in told and "“shop”" not in told
    assert "User “jane” is a person: people are added in the administration." in told
    assert "Location “there”: this kind is not read." in told
    assert "ghost" in told
    assert "there is no team “nobodies”" in told
    assert list(Team.objects.all()) == [team]


OWNED = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: web}
spec: {owner: "Group:shop/Web.Crew"}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: jobs}
spec: {owner: platform}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: toy}
spec: {owner: "user:jane"}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: Web.Crew, namespace: shop}
spec: {type: team, profile: {displayName: The web crew}}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: platform, title: Platform}
"""


def test_a_group_of_backstage_that_owns_something_becomes_a_team(tmp_path):
    platform = Team.objects.create(slug="plat", name="Platform")
    write(tmp_path, "catalog-info.yaml", OWNED)

    assert import_tree(tmp_path, dry_run=True).errors == []
    assert Team.objects.count() == 1
    outcome = import_tree(tmp_path)

    crew = Team.objects.get(slug="web-crew")
    assert crew.name == "The web crew" and Team.objects.count() == 2
    owners = {row.slug: row.owner for row in Service.objects.all()}
    assert owners == {"web": crew, "jobs": platform, "toy": None}
    assert outcome.errors == []
    assert outcome.warnings == [
        "catalog-info.yaml:11: its owner “jane” is a person: choose a team here."
    ]
    assert import_tree(tmp_path).same == 3


SAME_NAMES = """\
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: orders}
spec: {type: openapi}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: orders}
spec: {type: service, providesApis: [orders], consumesApis: [orders], dependsOn: [Resource:db]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: web, namespace: shop}
spec: {type: website, consumesApis: ["default/orders"]}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: db}
spec: {type: database, dependencyOf: ["component:shop/web"]}
"""


def test_an_api_is_not_the_component_of_its_name(tmp_path):
    write(tmp_path, "catalog-info.yaml", SAME_NAMES)

    outcome = import_tree(tmp_path)

    assert (outcome.errors, outcome.warnings) == ([], [])
    found = {
        row.slug: [need.target.slug for need in row.dependencies.all()]
        for row in Service.objects.all()
    }
    assert found == {
        "orders": ["db"],
        "orders-api": ["orders"],
        "web": ["orders-api", "db"],
        "db": [],
    }


def test_the_same_entity_twice_is_refused_with_both_places(tmp_path):
    write(tmp_path, "a.yaml", SAME_NAMES)
    write(tmp_path, "b/c.yaml", SAME_NAMES)

    errors = import_tree(tmp_path).errors
    assert "b/c.yaml:1: API “orders” is in a.yaml:1 already." in errors
    assert Service.objects.count() == 4


def test_backstage_takes_nothing_away_that_it_does_not_know(shop, tmp_path):
    write(
        tmp_path,
        "catalog-info.yaml",
        """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: api, title: The API}
spec: {type: service, dependsOn: ["resource:database"]}
""",
    )
    shop["api"].configuration.create(name="KEY", kind="secret", kept_in="vault")

    assert import_tree(tmp_path).changed == ["services/api"]
    api = Service.objects.get(slug="api")
    assert (api.name, api.tier, api.zone.slug, api.owner.slug) == ("The API", 1, "inner", "shop")
    assert api.configuration.get().kept_in == "vault"
    needs = [(str(row.end), row.protocol, row.port) for row in api.dependencies.all()]
    assert needs == [("Database", "SQL", 5432), ("Payments", "HTTPS", 443)]


def test_a_dependency_stands_only_once(shop):
    twice = {"service": "api", "protocol": "HTTPS", "port": 443}

    with pytest.raises(Refused, match="already"):
        keep(NOUNS["services"], "web", {"name": "Web", "depends_on": [twice, twice]}, by=None)


def test_documents_cost_the_same_queries_for_many(shop, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert len(documents_of(Service.objects.all())) == 5
