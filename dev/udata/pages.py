"""Two plain pages to look at what was published: data.gouv.fr's own site is another program.

GET /                  the visible datasets with their resources
GET /datasets/<slug>   one of them: the address that udata gives as `page`
"""

from flask import Flask, render_template_string
from udata.core.dataset.models import Dataset

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
       color: #161616 }
header { border-bottom: 3px solid #000091; margin-bottom: 1.5rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-bottom: .2rem }
a { color: #000091 } small, dt { color: #555 } dd { margin: 0 0 .5rem }
pre { white-space: pre-wrap; font: inherit; background: #f6f6f6; padding: 1rem }
"""

RESOURCES = """
<ul>{% for resource in dataset.resources %}
  <li><a href="{{ resource.url }}">{{ resource.title }}</a>
    <small>{{ resource.format or "?" }}, {{ resource.type }}{% if resource.schema %},
    schéma {{ resource.schema.name }} {{ resource.schema.version }}{% endif %},
    mis à jour le {{ resource.last_modified.strftime("%d/%m/%Y %H:%M") }}</small></li>
{% endfor %}</ul>
"""

FRAME = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>{{ title }}</title>
<style>{{ style }}</style><header><p>data.gouv.fr <strong>de test</strong>, en mémoire : rien ici
n’est public.</p></header><h1>{{ title }}</h1>
"""

HOME = (
    FRAME
    + """{% if not datasets %}<p>Aucun jeu de données pour le moment.</p>{% endif %}
{% for dataset in datasets %}<article>
<h2><a href="/datasets/{{ dataset.slug }}">{{ dataset.title }}</a></h2>
<small>{{ dataset.organization.name if dataset.organization else "" }}</small>"""
    + RESOURCES
    + "</article>{% endfor %}</html>"
)

DATASET = (
    FRAME
    + """<dl>
<dt>Organisation</dt><dd>{{ dataset.organization.name if dataset.organization else "–" }}</dd>
<dt>Licence</dt><dd>{{ dataset.license.title if dataset.license else "–" }}</dd>
<dt>Fréquence</dt><dd>{{ dataset.frequency.label if dataset.frequency else "–" }}</dd>
<dt>Période</dt><dd>{% if dataset.temporal_coverage %}du {{ dataset.temporal_coverage.start }}
au {{ dataset.temporal_coverage.end }}{% else %}–{% endif %}</dd>
<dt>Mots-clés</dt><dd>{{ dataset.tags | join(", ") or "–" }}</dd></dl>
<pre>{{ dataset.description }}</pre><h2>Ressources</h2>"""
    + RESOURCES
    + '<p><a href="/">Tous les jeux</a></p></html>'
)


class Pages:
    """The pages of one application."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def render(self, path: str) -> bytes | None:
        """The page at this path as HTML in UTF-8; None when there is none."""
        with self.app.test_request_context():
            if path == "/":
                return self._home().encode()
            slug = path.removeprefix("/datasets/").strip("/")
            dataset = Dataset.objects.visible().filter(slug=slug).first()
            if not path.startswith("/datasets/") or dataset is None:
                return None
            return _render(DATASET, dataset.title, dataset=dataset).encode()

    def _home(self) -> str:
        datasets = list(Dataset.objects.visible().order_by("-created_at_internal"))
        return _render(HOME, f"Jeux de données ({len(datasets)})", datasets=datasets)


def _render(template: str, title: str, **values: object) -> str:
    return render_template_string(template, title=title, style=STYLE, **values)
