"""What `ckan scdl doctor` says, in French and English: one sentence for each check and level."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: dict[tuple[str, str], dict[str, str]] = {
    ("plugins", "ok"): {
        "fr": "Les plugins sont chargés.",
        "en": "The plugins are loaded.",
    },
    ("plugins", "error"): {
        "fr": "Il manque à ckan.plugins : {missing}. L’administrateur du serveur les ajoute, « "
        "scdl » en tête, et redémarre CKAN.",
        "en": "ckan.plugins lacks: {missing}. The server’s administrator adds them, “scdl” first, "
        "and restarts CKAN.",
    },
    ("order", "ok"): {
        "fr": "L’ordre des plugins est bon.",
        "en": "The plugins are in the right order.",
    },
    ("order", "warning"): {
        "fr": "ckan.plugins nomme « harvest » avant « scdl » : ses pages cachent le plan et le "
        "sort de chaque jeu. L’administrateur du serveur place « scdl » en tête et redémarre CKAN.",
        "en": "ckan.plugins names “harvest” before “scdl”: its pages hide the plan and what became "
        "of each dataset. The server’s administrator puts “scdl” first and restarts CKAN.",
    },
    ("uploads", "ok"): {
        "fr": "Le dépôt de fichiers est permis.",
        "en": "Uploads are allowed.",
    },
    ("uploads", "error"): {
        "fr": "Le dépôt de fichiers est fermé : l’administrateur du serveur écrit "
        "ckan.uploads_enabled = true.",
        "en": "Uploads are off: the server’s administrator writes ckan.uploads_enabled = true.",
    },
    ("storage", "ok"): {
        "fr": "Les fichiers s’enregistrent dans {folder}.",
        "en": "Files go to {folder}.",
    },
    ("storage", "warning"): {
        "fr": "Le dossier des fichiers, {folder}, n’est pas inscriptible par ce compte. Si les "
        "fichiers sont dans un stockage d’objets, rien à faire ; sinon l’administrateur du "
        "serveur corrige ckan.storage_path ou les droits.",
        "en": "The folder of files, {folder}, cannot be written by this account. If files are in "
        "an object storage, nothing to do; otherwise the server’s administrator corrects "
        "ckan.storage_path or the rights.",
    },
    ("site", "ok"): {
        "fr": "L’adresse du portail est {address}.",
        "en": "The portal’s address is {address}.",
    },
    ("site", "warning"): {
        "fr": "L’adresse du portail, {address}, n’est pas publique : en mode lien, donnez "
        "portal_url dans le profil, ou corrigez ckan.site_url.",
        "en": "The portal’s address, {address}, is not public: in link mode, give portal_url in "
        "the profile, or correct ckan.site_url.",
    },
    ("local_address", "error"): {
        "fr": "ckanext.scdl.allow_local_address est allumé : c’est l’interrupteur de la "
        "démonstration, et data.gouv.fr refuserait les liens. L’administrateur du serveur ôte "
        "cette ligne.",
        "en": "ckanext.scdl.allow_local_address is on: it is the demonstration’s switch, and "
        "data.gouv.fr would refuse the links. The server’s administrator takes this line out.",
    },
    ("queue", "ok"): {
        "fr": "Les files du moissonnage sont dans Redis.",
        "en": "Harvest queues are in Redis.",
    },
    ("queue", "warning"): {
        "fr": "ckan.harvest.mq.type n’est pas « redis », la seule file essayée avec cette "
        "extension.",
        "en": "ckan.harvest.mq.type is not “redis”, the only queue tried with this extension.",
    },
    ("timeout", "ok"): {
        "fr": "Un passage interrompu prend fin de lui-même.",
        "en": "An interrupted run ends by itself.",
    },
    ("timeout", "warning"): {
        "fr": "Sans ckan.harvest.timeout, un passage interrompu bloque les suivants : "
        "l’administrateur du serveur écrit ckan.harvest.timeout = 240 (minutes).",
        "en": "Without ckan.harvest.timeout an interrupted run blocks the next ones: the server’s "
        "administrator writes ckan.harvest.timeout = 240 (minutes).",
    },
    ("mail", "ok"): {
        "fr": "Le portail envoie du courrier.",
        "en": "The portal sends mail.",
    },
    ("mail", "warning"): {
        "fr": "Le portail n’envoie pas de courrier : personne ne saura qu’un jeu est à corriger. "
        "L’administrateur du serveur règle smtp.server et smtp.mail_from.",
        "en": "The portal sends no mail: nobody will know that a dataset is to be mended. The "
        "server’s administrator sets smtp.server and smtp.mail_from.",
    },
    ("migrations", "ok"): {
        "fr": "Les tables sont à jour.",
        "en": "The tables are up to date.",
    },
    ("migrations", "error"): {
        "fr": "Il manque des tables ({missing}) : lancez ckan db upgrade -p scdl.",
        "en": "Tables are missing ({missing}): run ckan db upgrade -p scdl.",
    },
    ("version", "ok"): {
        "fr": "Les migrations sont faites ({there}).",
        "en": "The migrations were made ({there}).",
    },
    ("version", "error"): {
        "fr": "Les tables sont à la migration {there}, l’extension à la {wanted} : lancez "
        "ckan db upgrade -p scdl.",
        "en": "The tables are at migration {there}, the extension at {wanted}: run "
        "ckan db upgrade -p scdl.",
    },
    ("newer", "error"): {
        "fr": "Les tables sont à la migration {there}, que cette version de l’extension ne connaît "
        "pas (elle s’arrête à {wanted}) : l’administrateur du serveur réinstalle la version plus "
        "récente.",
        "en": "The tables are at migration {there}, which this version of the extension does not "
        "know (it stops at {wanted}): the server’s administrator installs the later version again.",
    },
    ("database", "error"): {
        "fr": "PostgreSQL ne répond pas comme prévu ({error}) : ce qui en dépend n’a pas été "
        "regardé. L’administrateur du serveur voit son état et sqlalchemy.url ; une migration en "
        "cours tient peut-être les tables, relancez dans quelques minutes.",
        "en": "PostgreSQL does not answer as expected ({error}): what depends on it was not looked "
        "at. The server’s administrator sees to it and to sqlalchemy.url; a migration under way "
        "may hold the tables, try again in some minutes.",
    },
    ("pooling", "ok"): {
        "fr": "Les verrous de PostgreSQL tiennent d’une transaction à l’autre.",
        "en": "PostgreSQL’s locks hold from one transaction to the next.",
    },
    ("pooling", "error"): {
        "fr": "Un intermédiaire (pgbouncer) partage les connexions entre les transactions : les "
        "verrous ne protègent plus des doublons. L’administrateur du serveur passe pool_mode à "
        "session, ou donne à CKAN une adresse directe de PostgreSQL (sqlalchemy.url).",
        "en": "A proxy (pgbouncer) shares connections between transactions: locks no longer "
        "protect from duplicates. The server’s administrator sets pool_mode to session, or gives "
        "CKAN a direct address of PostgreSQL (sqlalchemy.url).",
    },
    ("redis", "ok"): {
        "fr": "Redis répond.",
        "en": "Redis answers.",
    },
    ("redis", "error"): {
        "fr": "Redis ne répond pas : les files et les tâches sont arrêtées. L’administrateur du "
        "serveur le démarre, ou corrige ckan.redis.url.",
        "en": "Redis does not answer: queues and jobs are stopped. The server’s administrator "
        "starts it, or corrects ckan.redis.url.",
    },
    ("worker", "ok"): {
        "fr": "Une tâche « jobs worker » tourne.",
        "en": "A “jobs worker” is running.",
    },
    ("worker", "warning"): {
        "fr": "Aucune tâche « ckan jobs worker » ne tourne : ni tables lisibles, ni contrôles "
        "tardifs. L’administrateur du serveur la démarre (systemd).",
        "en": "No “ckan jobs worker” is running: no readable tables, no late checks. The server’s "
        "administrator starts it (systemd).",
    },
    ("solr", "ok"): {
        "fr": "Solr répond.",
        "en": "Solr answers.",
    },
    ("solr", "error"): {
        "fr": "Solr ne répond pas à l’adresse de solr_url : l’administrateur du serveur le "
        "démarre.",
        "en": "Solr does not answer at solr_url: the server’s administrator starts it.",
    },
    ("stuck", "ok"): {
        "fr": "Aucun passage n’est bloqué.",
        "en": "No run is stuck.",
    },
    ("stuck", "warning"): {
        "fr": "{count} passage(s) durent depuis plus de six heures : vérifiez que "
        "gather-consumer, fetch-consumer et « ckan harvester run » tournent (systemd ou cron).",
        "en": "{count} run(s) have lasted for more than six hours: check that gather-consumer, "
        "fetch-consumer and “ckan harvester run” are running (systemd or cron).",
    },
    ("harvest_jobs", "error"): {
        "fr": "Les tables de ckanext-harvest ne se lisent pas ({error}) : lancez ckan db upgrade "
        "-p harvest.",
        "en": "The tables of ckanext-harvest cannot be read ({error}): run ckan db upgrade -p "
        "harvest.",
    },
    ("profiles", "warning"): {
        "fr": "La configuration ne définit aucun profil : rien n’est publié. Voir le guide de "
        "publication.",
        "en": "The configuration defines no profile: nothing is published. See the publishing "
        "guide.",
    },
    ("profile_unknown", "error"): {
        "fr": "La configuration ne définit pas de profil {profile}.",
        "en": "The configuration defines no profile {profile}.",
    },
    ("paused", "warning"): {
        "fr": "{profile} : la publication est suspendue. Pour la reprendre : ckan scdl resume "
        "{profile}.",
        "en": "{profile}: publishing is paused. To resume it: ckan scdl resume {profile}.",
    },
    ("source", "warning"): {
        "fr": "{profile} : aucune source de moissonnage ne s’en sert, donc rien ne part la nuit. "
        "Un sysadmin en crée une de type data.gouv.fr.",
        "en": "{profile}: no harvest source uses it, so nothing goes at night. A sysadmin makes "
        "one of type data.gouv.fr.",
    },
    ("source_profile", "error"): {
        "fr": "Une source de moissonnage nomme le profil {profile}, que la configuration ne "
        "définit pas : rien ne part pour elle. Remettez ce profil dans l’ini, ou corrigez la "
        "source.",
        "en": "A harvest source names profile {profile}, which the configuration does not define: "
        "nothing goes for it. Put this profile back in the ini, or correct the source.",
    },
    ("connection", "ok"): {
        "fr": "{profile} : la clé et les droits sont bons.",
        "en": "{profile}: the key and the rights are good.",
    },
    ("never_run", "warning"): {
        "fr": "{profile} : aucun passage n’a encore eu lieu. Vérifiez que « ckan harvester run » "
        "est lancé toutes les cinq minutes (systemd ou cron).",
        "en": "{profile}: no run has taken place yet. Check that “ckan harvester run” is launched "
        "every five minutes (systemd or cron).",
    },
    ("last_run", "ok"): {
        "fr": "{profile} : dernier passage le {date}.",
        "en": "{profile}: last run on {date}.",
    },
    ("last_run", "warning"): {
        "fr": "{profile} : le dernier passage date du {date}. Vérifiez que « ckan harvester run » "
        "est lancé toutes les cinq minutes (systemd ou cron) et que les consommateurs tournent.",
        "en": "{profile}: the last run was on {date}. Check that “ckan harvester run” is launched "
        "every five minutes (systemd or cron) and that the consumers are running.",
    },
    ("interrupted", "warning"): {
        "fr": "{profile} : le passage du {date} s’est interrompu ; le prochain reprendra.",
        "en": "{profile}: the run of {date} was interrupted; the next one will take over.",
    },
}

_UNEXPECTED = {
    "fr": "{id} : la vérification a échoué ({error}). Voyez le journal du portail.",
    "en": "{id}: the check failed ({error}). See the portal’s log.",
}


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(check: str, level: str, params: Mapping[str, str], language: str = "fr") -> str:
    """The words of a check; any language but English reads French."""
    words = SENTENCES.get((check, level), _UNEXPECTED)
    chosen = words["en" if language.startswith("en") else "fr"]
    if "date" in params and not language.startswith("en"):
        params = {**params, "date": "/".join(reversed(params["date"].split("-")))}
    return chosen.format_map(_Lenient({"id": check, **params}))
