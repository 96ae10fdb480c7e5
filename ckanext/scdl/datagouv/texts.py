"""The sentences for findings and states: French first, English complete.

A finding is stored as code and parameters and worded here when it is shown.  A code that is not
known here (stored by another version) still gives a sentence.  Imports findings only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ckanext.scdl.datagouv.finding import Finding

if TYPE_CHECKING:
    from ckanext.scdl.datagouv.compare import Change

Language = Literal["fr", "en"]

SENTENCES: dict[str, dict[Language, str]] = {
    # The profile: to be mended by the portal's administrator.
    "profile_invalid": {
        "fr": "Le profil {profile} est inutilisable.",
        "en": "Profile {profile} cannot be used.",
    },
    "profile_url": {
        "fr": "Profil {profile} : l’adresse doit être celle du site seul, par exemple "
        "https://www.data.gouv.fr.",
        "en": "Profile {profile}: the address must be the site alone, for instance "
        "https://www.data.gouv.fr.",
    },
    "profile_https": {
        "fr": "Profil {profile} : l’adresse doit commencer par https://, sinon la clé circulerait "
        "en clair.",
        "en": "Profile {profile}: the address must start with https://, or the key would travel "
        "in clear.",
    },
    "portal_address_local": {
        "fr": "Profil {profile} : {address} n’est joignable que de cette machine ou du réseau "
        "interne, et data.gouv.fr refuserait tous les liens. Donnez l’adresse publique du portail "
        "(portal_url), ou publiez les fichiers eux-mêmes (mode = upload).",
        "en": "Profile {profile}: {address} can be reached from this machine or the internal "
        "network only, and data.gouv.fr would refuse every link. Give the portal’s public address "
        "(portal_url), or publish the files themselves (mode = upload).",
    },
    "profile_option": {
        "fr": "L’option {option} ne se lit pas : « {value} ». Écrivez un nombre positif.",
        "en": "Option {option} cannot be read: “{value}”. Write a positive number.",
    },
    "profile_word": {
        "fr": "Profil {profile} : {option} ne connaît pas « {word} ». Écrivez parmi : {known}.",
        "en": "Profile {profile}: {option} does not know “{word}”. Write one of: {known}.",
    },
    "profile_key_missing": {
        "fr": "Profil {profile} : aucune clé d’API. Créez-en une dans votre compte data.gouv.fr "
        "et donnez-la dans la configuration du portail.",
        "en": "Profile {profile}: no API key. Create one in your data.gouv.fr account and put it "
        "in the portal’s configuration.",
    },
    "profile_key_malformed": {
        "fr": "Profil {profile} : la clé d’API contient une espace, un accent ou un retour à la "
        "ligne, ou elle est trop courte. Copiez-la de nouveau en entier.",
        "en": "Profile {profile}: the API key holds a blank, an accent or a line break, or is too "
        "short. Copy the whole of it again.",
    },
    "profile_organization": {
        "fr": "Profil {profile} : « {organization} » n’est pas un identifiant d’organisation "
        "data.gouv.fr (24 caractères, chiffres et lettres de a à f, et non le nom de l’adresse).",
        "en": "Profile {profile}: “{organization}” is not a data.gouv.fr organisation identifier "
        "(24 characters, digits and letters a to f; not the name in the address).",
    },
    "profile_no_organization": {
        "fr": "Profil {profile} : aucune organisation data.gouv.fr n’est indiquée.",
        "en": "Profile {profile}: no data.gouv.fr organisation is given.",
    },
    "organization_missing": {
        "fr": "L’organisation {organization} n’existe pas, ou plus, sur data.gouv.fr. Vérifiez "
        "l’identifiant dans le profil.",
        "en": "Organisation {organization} does not exist on data.gouv.fr, or no longer. Check "
        "the identifier in the profile.",
    },
    "not_member": {
        "fr": "Le compte de cette clé n’est pas membre de l’organisation « {organization} » sur "
        "data.gouv.fr. Un administrateur de l’organisation doit l’y ajouter comme éditeur.",
        "en": "The account of this key is not a member of “{organization}” on data.gouv.fr. An "
        "administrator of the organisation must add it as an editor.",
    },
    "role_too_weak": {
        "fr": "Le compte de cette clé a le rôle « {role} » dans « {organization} » : il ne "
        "peut pas corriger les jeux des autres comptes. Il lui faut le rôle éditeur.",
        "en": "The account of this key has the role “{role}” in “{organization}”: it cannot "
        "correct the datasets of other accounts. It needs the editor role.",
    },
    "organization_unmapped": {
        "fr": "Aucune organisation data.gouv.fr ne correspond à « {organization} » dans le profil.",
        "en": "No data.gouv.fr organisation is given for “{organization}” in the profile.",
    },
    # The run itself.
    "profile_missing": {
        "fr": "La configuration du portail ne contient pas {option}.",
        "en": "The portal’s configuration lacks {option}.",
    },
    "profile_id_invalid": {
        "fr": "Le nom de profil « {profile} » ne convient pas : il ne peut contenir que des "
        "lettres minuscules sans accent, des chiffres et _. Corrigez-le dans la source et dans la "
        "configuration du portail.",
        "en": "Profile name “{profile}” will not do: it may hold only lower-case letters without "
        "accent, digits and _. Correct it in the source and in the portal’s configuration.",
    },
    "organizations_unreadable": {
        "fr": "L’option {option} n’est pas lisible : écrivez des paires nom=identifiant séparées "
        "par des espaces (organisation du portail, puis identifiant data.gouv.fr).",
        "en": "Option {option} cannot be read: write pairs name=identifier separated by blanks "
        "(organisation of the portal, then its data.gouv.fr identifier).",
    },
    "source_config": {
        "fr": 'La configuration de la source ne se lit pas : écrivez {{"profile": "nom"}}. Ce '
        "texte est public, la clé reste dans la configuration du portail.",
        "en": 'The source’s configuration cannot be read: write {{"profile": "name"}}. This '
        "text is public, the key stays in the portal’s configuration.",
    },
    "source_option_unknown": {
        "fr": "La configuration de la source ne connaît pas « {option} » : écrivez parmi {known}. "
        "Ce texte est public, la clé reste dans la configuration du portail.",
        "en": "The source’s configuration does not know “{option}”: write one of {known}. This "
        "text is public, the key stays in the portal’s configuration.",
    },
    "source_option_kind": {
        "fr": "Dans la configuration de la source, « {option} » s’écrit {example}.",
        "en": "In the source’s configuration, “{option}” is written {example}.",
    },
    "source_type_unknown": {
        "fr": "« {kind} » n’est pas un type de jeu contrôlé : écrivez parmi {known}.",
        "en": "“{kind}” is not a dataset type that is checked: write one of {known}.",
    },
    "source_organization_unknown": {
        "fr": "« {name} » n’est pas une organisation de ce portail : écrivez son nom tel qu’il est "
        "dans son adresse.",
        "en": "“{name}” is not an organisation of this portal: write its name as it is in its "
        "address.",
    },
    "organization_not_allowed": {
        "fr": "Le profil {profile} n’autorise pas l’organisation de data.gouv.fr donnée à "
        "« {name} » : un administrateur l’ajoute à organizations dans la configuration du portail.",
        "en": "Profile {profile} does not allow the data.gouv.fr organisation given to “{name}”: "
        "an administrator adds it to organizations in the portal’s configuration.",
    },
    "changed_meanwhile": {
        "fr": "Le jeu a changé sur le portail depuis que ce passage l’a lu : le prochain en "
        "décidera.",
        "en": "The dataset changed on the portal since this run read it: the next one will decide.",
    },
    "busy": {
        "fr": "Une autre publication vers ce data.gouv.fr est en cours : celle-ci est remise au "
        "prochain passage.",
        "en": "Another publication to this data.gouv.fr is under way: this one is put off to the "
        "next run.",
    },
    "interrupted": {
        "fr": "Le passage s’est arrêté avant la fin de ce jeu : il sera repris au prochain "
        "passage.",
        "en": "The run stopped before it was done with this dataset: the next run will take it up.",
    },
    "unexpected": {
        "fr": "Erreur imprévue du portail : le détail est dans son journal. Signalez-la à "
        "l’administrateur.",
        "en": "Unexpected error of the portal: the details are in its log. Tell the administrator.",
    },
    # Answers of data.gouv.fr.
    "datagouv_error": {
        "fr": "Erreur lors d’un échange avec data.gouv.fr.",
        "en": "Error while talking to data.gouv.fr.",
    },
    "key_refused": {
        "fr": "data.gouv.fr refuse la clé d’API : elle est fausse, révoquée ou périmée. Créez-en "
        "une autre et remplacez-la dans la configuration du portail.",
        "en": "data.gouv.fr refuses the API key: it is wrong, revoked or expired. Create another "
        "and replace it in the portal’s configuration.",
    },
    "forbidden": {
        "fr": "Le compte de cette clé n’a pas le droit de faire cela sur data.gouv.fr ({call}). "
        "Il doit être éditeur ou administrateur de l’organisation.",
        "en": "The account of this key may not do this on data.gouv.fr ({call}). It must be an "
        "editor or an administrator of the organisation.",
    },
    "not_found": {
        "fr": "Ce jeu n’existe plus sur data.gouv.fr ({call}). Le prochain passage le recréera.",
        "en": "This dataset no longer exists on data.gouv.fr ({call}). The next run will create "
        "it again.",
    },
    "gone": {
        "fr": "Ce jeu a été supprimé sur data.gouv.fr ({call}). Le prochain passage le rétablira "
        "s’il doit toujours être publié.",
        "en": "This dataset was deleted on data.gouv.fr ({call}). The next run will restore it "
        "if it is still to be published.",
    },
    "refused": {
        "fr": "data.gouv.fr refuse ce jeu ({status}). Champs en cause : {details}",
        "en": "data.gouv.fr refuses this dataset ({status}). Fields at fault: {details}",
    },
    "refused_without_reason": {
        "fr": "data.gouv.fr refuse ce jeu ({status}) et ne dit pas pourquoi. Si cela revient, "
        "signalez-le à data.gouv.fr.",
        "en": "data.gouv.fr refuses this dataset ({status}) and does not say why. If it comes "
        "back, tell data.gouv.fr.",
    },
    "too_heavy": {
        "fr": "data.gouv.fr refuse un fichier ou une fiche de cette taille (413). Allégez-le, ou "
        "publiez par liens : mode = link dans le profil.",
        "en": "data.gouv.fr refuses a file or a form of this size (413). Make it lighter, or "
        "publish by links: mode = link in the profile.",
    },
    "read_only": {
        "fr": "data.gouv.fr est en lecture seule pour le moment. Rien à faire : le prochain "
        "passage reprendra.",
        "en": "data.gouv.fr is read-only for now. Nothing to do: the next run will take over.",
    },
    "redirected": {
        "fr": "L’adresse du profil n’est pas la bonne : data.gouv.fr renvoie vers {location}. "
        "Corrigez l’adresse, avec www.",
        "en": "The profile’s address is not the right one: data.gouv.fr points to {location}. "
        "Correct the address, with www.",
    },
    "unavailable": {
        "fr": "data.gouv.fr ne répond pas. Le prochain passage réessaiera.",
        "en": "data.gouv.fr does not answer. The next run will try again.",
    },
    "unreachable": {
        "fr": "Impossible de joindre data.gouv.fr depuis ce serveur. Si cela dure, vérifiez le "
        "pare-feu ou le serveur mandataire.",
        "en": "data.gouv.fr cannot be reached from this server. If it lasts, check the firewall "
        "or the proxy.",
    },
    "timeout": {
        "fr": "data.gouv.fr n’a pas répondu à temps. Le prochain passage vérifiera ce qui a été "
        "enregistré.",
        "en": "data.gouv.fr did not answer in time. The next run will check what was recorded.",
    },
    "connection_lost": {
        "fr": "La connexion avec data.gouv.fr a été coupée avant la réponse. Le prochain passage "
        "vérifiera ce qui a été enregistré.",
        "en": "The connection to data.gouv.fr was cut before the answer. The next run will check "
        "what was recorded.",
    },
    "server_error": {
        "fr": "data.gouv.fr a eu une erreur interne ({status}). Le prochain passage vérifiera ce "
        "qui a été enregistré ; si l’erreur revient chaque jour, signalez-la à data.gouv.fr.",
        "en": "data.gouv.fr had an internal error ({status}). The next run will check what was "
        "recorded; if the error comes back every day, report it to data.gouv.fr.",
    },
    "gateway_error": {
        "fr": "data.gouv.fr est momentanément indisponible ({status}). Le prochain passage "
        "vérifiera ce qui a été enregistré.",
        "en": "data.gouv.fr is unavailable for the moment ({status}). The next run will check "
        "what was recorded.",
    },
    "too_many_requests": {
        "fr": "data.gouv.fr demande de ralentir. Le prochain passage reprendra.",
        "en": "data.gouv.fr asks to slow down. The next run will take over.",
    },
    "not_json": {
        "fr": "La réponse ne vient pas de l’API de data.gouv.fr. Vérifiez l’adresse du profil et "
        "le serveur mandataire.",
        "en": "The answer does not come from data.gouv.fr’s API. Check the profile’s address and "
        "the proxy.",
    },
    "answer_too_large": {
        "fr": "La réponse de data.gouv.fr dépasse la taille admise.",
        "en": "data.gouv.fr’s answer is larger than what is accepted.",
    },
    "circuit_open": {
        "fr": "data.gouv.fr n’a pas pu traiter {failures} demandes de suite : rien d’autre n’est "
        "envoyé pendant ce passage. Le prochain reprendra.",
        "en": "data.gouv.fr could not handle {failures} requests in a row: nothing more is sent "
        "in this run. The next one will take over.",
    },
    "catalogue_unavailable": {
        "fr": "data.gouv.fr ne joint pas son catalogue de schémas : il refuserait tous les jeux. "
        "Le prochain passage reprendra.",
        "en": "data.gouv.fr cannot reach its catalogue of schemas: it would refuse every dataset. "
        "The next run will take over.",
    },
    "already_sent": {
        "fr": "La création a déjà été demandée, sans réponse connue. Le prochain passage "
        "retrouvera le jeu ou le recréera.",
        "en": "The creation was already asked for, with no known answer. The next run will find "
        "the dataset or create it.",
    },
    "out_of_time": {
        "fr": "Le temps accordé à un passage ({minutes} minutes) est écoulé : le prochain "
        "reprendra. S’il manque chaque nuit, augmentez budget_minutes dans le profil.",
        "en": "The time granted to a run ({minutes} minutes) is over: the next one will take over. "
        "If it lacks every night, raise budget_minutes in the profile.",
    },
    "file_lost": {
        "fr": "Le fichier de la ressource « {resource} » est introuvable sur le portail : "
        "déposez-le de nouveau.",
        "en": "The file of resource “{resource}” cannot be found on the portal: upload it again.",
    },
    "file_changed": {
        "fr": "Le fichier de la ressource « {resource} » a été remplacé depuis son contrôle : il "
        "partira au prochain passage.",
        "en": "The file of resource “{resource}” was replaced since it was checked: it will go "
        "with the next run.",
    },
    # What keeps a whole run, or many of its datasets, back.
    "paused": {
        "fr": "La publication était suspendue par {by}, depuis le {date} : rien n’a été envoyé. "
        "Elle se reprend dans la page des publications, ou par « ckan scdl resume {profile} ».",
        "en": "Publishing was paused by {by}, since {date}: nothing was sent. It is resumed on the "
        "page of publications, or with “ckan scdl resume {profile}”.",
    },
    "portal_moved": {
        "fr": "Le profil {profile} sert le portail {bound}, et celui-ci est {here} : rien n’est "
        "envoyé. Si cette base est une copie, retirez le profil de sa configuration ; si le "
        "portail a changé d’adresse, lancez « ckan scdl bind {profile} ».",
        "en": "Profile {profile} serves the portal {bound}, and this one is {here}: nothing is "
        "sent. If this database is a copy, take the profile out of its configuration; if the "
        "portal has moved, run “ckan scdl bind {profile}”.",
    },
    "braked": {
        "fr": "{count} jeux seraient archivés sur data.gouv.fr, plus que les {limit} admis en un "
        "jour : aucun ne l’est. Vérifiez que c’est voulu, puis lancez « ckan scdl publish "
        "--force ».",
        "en": "{count} datasets would be archived on data.gouv.fr, more than the {limit} allowed "
        "in a day: none is. Check that it is meant, then run “ckan scdl publish --force”.",
    },
    "organization_harvested": {
        "fr": "data.gouv.fr moissonne déjà {domain} pour cette organisation : publier en plus "
        "ferait des doublons. Arrêtez ce moissonneur là-bas puis écrivez harvested = adopt dans le "
        "profil pour reprendre ses jeux, ou retirez l’organisation du profil.",
        "en": "data.gouv.fr already harvests {domain} for this organisation: publishing as well "
        "would make duplicates. Stop that harvester there, then write harvested = adopt in the "
        "profile to take its datasets over, or take the organisation out of the profile.",
    },
    # Why a dataset is left out.
    "not_conforming": {
        "fr": "Le fichier « {resource} » n’est pas conforme au standard : corrigez-le et "
        "déposez-le de nouveau.",
        "en": "File “{resource}” does not conform to the standard: correct it and upload it again.",
    },
    "partly_checked": {
        "fr": "Le fichier « {resource} » n’est contrôlé qu’en partie, et rien ne dit qu’il est "
        "conforme au standard : son rapport nomme la vérification qui manque. Pour le publier sans "
        "elle, demandez à l’administrateur de l’ôter du schéma.",
        "en": "File “{resource}” is checked in part only, and nothing says that it conforms to the "
        "standard: its report names the check that lacks. To publish it without, ask the "
        "administrator to take that check out of the schema.",
    },
    "not_checked": {
        "fr": "Le contrôle du fichier « {resource} » n’est pas terminé : le jeu partira au "
        "prochain passage.",
        "en": "The check of file “{resource}” is not finished: the dataset will go with the next "
        "run.",
    },
    "link_not_checked": {
        "fr": "« {resource} » est un lien que le portail n’a pas encore lu, ou n’a pas pu lire : "
        "voyez son rapport, ou déposez le fichier.",
        "en": "“{resource}” is a link that the portal has not read yet, or could not read: see its "
        "report, or upload the file.",
    },
    "table_pending": {
        "fr": "Le tableau tiré de la version actuelle de « {resource} » n’est pas encore prêt : le "
        "jeu partira au prochain passage.",
        "en": "The table made from the present version of “{resource}” is not ready yet: the "
        "dataset will go with the next run.",
    },
    "private": {
        "fr": "Le jeu est privé sur le portail : il n’est pas envoyé, et ce qui en était publié "
        "sur data.gouv.fr y devient privé. Pour le publier, modifiez-le et choisissez la "
        "visibilité « Publique ».",
        "en": "The dataset is private on the portal: it is not sent, and what was published of it "
        "on data.gouv.fr becomes private there. To publish it, edit it and choose “Public”.",
    },
    "deleted": {
        "fr": "Le jeu a été supprimé sur le portail.",
        "en": "The dataset was deleted on the portal.",
    },
    "purged_private": {
        "fr": "Le jeu n’existe plus sur le portail, et il ne devait plus être lu : ce qui en reste "
        "sur data.gouv.fr y devient privé. Un membre de l’organisation peut l’y supprimer.",
        "en": "The dataset no longer exists on the portal, and was not to be read any more: what "
        "is left of it on data.gouv.fr becomes private. A member of the organisation may delete "
        "it there.",
    },
    "purged": {
        "fr": "Le portail ne connaît plus ce jeu, qu’il a publié : il a été purgé, ou une ancienne "
        "sauvegarde a été remise en place.",
        "en": "The portal no longer knows this dataset, which it published: it was purged, or an "
        "old backup was put back.",
    },
    "withdrawn": {
        "fr": "Un administrateur a retiré ce jeu de data.gouv.fr. Pour le publier de nouveau : "
        "« Publier de nouveau » dans la page du jeu, ou « ckan scdl restore ».",
        "en": "An administrator withdrew this dataset from data.gouv.fr. To publish it again: "
        "“Publish again” on the dataset’s page, or “ckan scdl restore”.",
    },
    "personal_data": {
        "fr": "Un administrateur a retiré ce jeu de data.gouv.fr parce qu’il contient des données "
        "personnelles : il y devient privé et ses fichiers y sont supprimés.",
        "en": "An administrator withdrew this dataset from data.gouv.fr because it holds personal "
        "data: it becomes private there and its files are deleted.",
    },
    "grace": {
        "fr": "Il sera archivé sur data.gouv.fr à partir du {date}, s’il n’est pas rétabli d’ici "
        "là.",
        "en": "It will be archived on data.gouv.fr from {date} on, unless it is restored by then.",
    },
    "filtered": {
        "fr": "Les filtres de la source de moissonnage laissent ce jeu de côté.",
        "en": "The filters of the harvest source leave this dataset out.",
    },
    "other_type": {
        "fr": "Sur le portail, le jeu est redevenu un brouillon, ou son type n’est plus publié.",
        "en": "On the portal the dataset is a draft again, or its type is no longer published.",
    },
    "flagged_there": {
        "fr": "Un avertissement le dit aux lecteurs sur data.gouv.fr.",
        "en": "A warning tells readers so on data.gouv.fr.",
    },
    "still_published": {
        "fr": "Ce qui a été publié auparavant reste tel quel sur data.gouv.fr ; ses liens mènent "
        "aux fichiers actuels du portail.",
        "en": "What was published before stays as it is on data.gouv.fr; its links lead to the "
        "portal’s present files.",
    },
    "still_published_files": {
        "fr": "Ce qui a été publié auparavant reste tel quel sur data.gouv.fr, avec les fichiers "
        "envoyés alors.",
        "en": "What was published before stays as it is on data.gouv.fr, with the files that were "
        "sent then.",
    },
    "no_title": {"fr": "Le jeu n’a pas de titre.", "en": "The dataset has no title."},
    "no_licence": {
        "fr": "Le jeu n’a pas de licence : choisissez-en une dans sa fiche.",
        "en": "The dataset has no licence: choose one in its form.",
    },
    "licence_unknown": {
        "fr": "data.gouv.fr ne connaît pas la licence « {licence} » et publierait le jeu sans "
        "licence. Choisissez-en une autre, par exemple la Licence Ouverte 2.0.",
        "en": "data.gouv.fr does not know the licence “{licence}” and would publish the dataset "
        "without any. Choose another, for instance the Licence Ouverte 2.0.",
    },
    "no_data": {
        "fr": "Le jeu n’a aucun fichier de données à publier : déposez-y le budget XML, ou le "
        "tableau CSV des subventions.",
        "en": "The dataset has no data file to publish: add the budget XML, or the CSV of "
        "subsidies.",
    },
    "url_unusable": {
        "fr": "L’adresse de la ressource « {resource} » n’est pas une adresse web publique "
        "(http ou https, sans espace).",
        "en": "The address of resource “{resource}” is not a public web address (http or https, "
        "no blank).",
    },
    "url_credentials": {
        "fr": "L’adresse de la ressource « {resource} » contient un mot de passe, qui serait "
        "publié : retirez-le.",
        "en": "The address of resource “{resource}” holds a password, which would be published: "
        "remove it.",
    },
    "url_local": {
        "fr": "L’adresse de la ressource « {resource} » n’est joignable que du réseau interne : "
        "data.gouv.fr refuserait le jeu. Donnez une adresse publique.",
        "en": "The address of resource “{resource}” can be reached from the internal network only: "
        "data.gouv.fr would refuse the dataset. Give a public address.",
    },
    "unsettled": {
        "fr": "La création a été demandée il y a moins de deux minutes sans réponse : elle n’est "
        "pas redemandée tout de suite, pour ne pas faire de doublon.",
        "en": "The creation was asked for less than two minutes ago without an answer: it is not "
        "asked again at once, so as to make no duplicate.",
    },
    # Conflicts: somebody must choose.
    "harvested": {
        "fr": "data.gouv.fr moissonne déjà ce jeu ({page}). Arrêtez ce moissonneur ou retirez le "
        "jeu de cette publication : l’un écraserait l’autre.",
        "en": "data.gouv.fr already harvests this dataset ({page}). Stop that harvester or leave "
        "the dataset out: each would overwrite the other.",
    },
    "hidden_there": {
        "fr": "Quelqu’un a rendu ce jeu privé sur data.gouv.fr : il y reste privé et n’y est plus "
        "mis à jour. Rendez-le public là-bas pour qu’il soit suivi de nouveau, ou retirez-le "
        "depuis sa page sur le portail.",
        "en": "Somebody made this dataset private on data.gouv.fr: it stays private there and is "
        "no longer updated. Make it public there to have it followed again, or withdraw it from "
        "its page on the portal.",
    },
    "other_organization": {
        "fr": "Sur data.gouv.fr ce jeu appartient à une autre organisation ({page}). Transférez-le "
        "là-bas, ou corrigez le profil.",
        "en": "On data.gouv.fr this dataset belongs to another organisation ({page}). Transfer it "
        "there, or correct the profile.",
    },
    # Remarks: the dataset is sent all the same.
    "title_cut": {
        "fr": "Le titre a été raccourci à {limit} caractères.",
        "en": "The title was shortened to {limit} characters.",
    },
    "frequency_unknown": {
        "fr": "Fréquence « {frequency} » inconnue de data.gouv.fr : non envoyée.",
        "en": "Frequency “{frequency}” unknown to data.gouv.fr: not sent.",
    },
    "tag_refused": {
        "fr": "Mot-clé « {tag} » non envoyé : il faut de 3 à 96 caractères.",
        "en": "Tag “{tag}” not sent: it takes 3 to 96 characters.",
    },
    "temporal_unreadable": {
        "fr": "Période « {dates} » non envoyée : il faut deux dates complètes (AAAA-MM-JJ).",
        "en": "Period “{dates}” not sent: it takes two full dates (YYYY-MM-DD).",
    },
    "zone_unknown": {
        "fr": "Territoire « {zone} » inconnu de data.gouv.fr : non envoyé.",
        "en": "Territory “{zone}” unknown to data.gouv.fr: not sent.",
    },
    "granularity_unknown": {
        "fr": "Granularité « {granularity} » inconnue de data.gouv.fr : non envoyée.",
        "en": "Granularity “{granularity}” unknown to data.gouv.fr: not sent.",
    },
    "schema_unknown": {
        "fr": "Schéma {schema} {version} absent du catalogue de data.gouv.fr : le fichier est "
        "publié sans cette mention. Une version plus récente de l’extension est peut-être requise.",
        "en": "Schema {schema} {version} is not in data.gouv.fr’s catalogue: the file is "
        "published without that mention. A newer release of the extension may be needed.",
    },
    "adopted": {
        "fr": "Jeu retrouvé sur data.gouv.fr grâce à sa marque d’origine et rattaché.",
        "en": "Dataset found on data.gouv.fr by its mark of origin and linked again.",
    },
    "undeleted": {
        "fr": "Le jeu était supprimé sur data.gouv.fr : il y est rétabli, à la même adresse.",
        "en": "The dataset was deleted on data.gouv.fr: it is restored there, at the same address.",
    },
    "unarchived": {
        "fr": "Le portail avait archivé ce jeu : il est de nouveau dans les listes.",
        "en": "The portal had archived the dataset: it is listed again.",
    },
    "public_again": {
        "fr": "Le jeu peut de nouveau être lu : il redevient public sur data.gouv.fr.",
        "en": "The dataset may be read again: it becomes public again on data.gouv.fr.",
    },
    "edited_there": {
        "fr": "Le champ « {field} » a été modifié sur data.gouv.fr : il est rétabli, c’est sur le "
        "portail qu’il se corrige.",
        "en": "Field “{field}” was edited on data.gouv.fr: it is set again, the portal is where to "
        "correct it.",
    },
    "kept_there": {
        "fr": "Le champ « {field} » diffère sur data.gouv.fr et y reste : le profil ne le confie "
        "pas au portail.",
        "en": "Field “{field}” differs on data.gouv.fr and stays: the profile leaves it to that "
        "site.",
    },
    "contact_unavailable": {
        "fr": "Le point de contact « {email} » n’a pas pu être enregistré sur data.gouv.fr : le "
        "jeu est publié sans lui, le prochain passage réessaiera.",
        "en": "Contact point “{email}” could not be recorded on data.gouv.fr: the dataset is "
        "published without it, the next run will try again.",
    },
    "contact_refused": {
        "fr": "Le point de contact « {email} » est refusé par data.gouv.fr : le jeu est publié "
        "sans lui. Corrigez le courriel du contact, ou son nom : sans adresse de site, et court.",
        "en": "Contact point “{email}” is refused by data.gouv.fr: the dataset is published "
        "without it. Correct the contact’s e-mail, or its name: no web address, and short.",
    },
    "extension_linked": {
        "fr": "data.gouv.fr n’héberge pas les fichiers de ce type : « {resource} » est publié "
        "comme lien.",
        "en": "data.gouv.fr does not host files of this kind: “{resource}” is published as a link.",
    },
    "extension_dropped": {
        "fr": "data.gouv.fr n’héberge pas les fichiers de ce type : « {resource} » n’est pas "
        "publié.",
        "en": "data.gouv.fr does not host files of this kind: “{resource}” is not published.",
    },
    "archived_there": {
        "fr": "Le jeu est archivé sur data.gouv.fr : il reste à jour mais n’y est plus listé.",
        "en": "The dataset is archived on data.gouv.fr: it is kept up to date but not listed "
        "there.",
    },
    "duplicate": {
        "fr": "Un second exemplaire de ce jeu existait sur data.gouv.fr ({page}) : il y est "
        "archivé.",
        "en": "A second copy of this dataset was on data.gouv.fr ({page}): it is archived there.",
    },
    "not_kept": {
        "fr": "data.gouv.fr n’a pas enregistré tel quel : {fields}. Vérifiez la fiche publiée.",
        "en": "data.gouv.fr did not record as sent: {fields}. Check the published page.",
    },
}

STATES: dict[str, dict[Language, str]] = {
    "created": {"fr": "Créé", "en": "Created"},
    "adopted": {"fr": "Rattaché", "en": "Linked again"},
    "updated": {"fr": "Mis à jour", "en": "Updated"},
    "restored": {"fr": "Rétabli", "en": "Restored"},
    "flagged": {"fr": "Signalé aux lecteurs", "en": "Readers warned"},
    "archived": {"fr": "Archivé", "en": "Archived"},
    "hidden": {"fr": "Rendu privé", "en": "Made private"},
    "unchanged": {"fr": "Sans changement", "en": "Unchanged"},
    "left_out": {"fr": "Laissé de côté", "en": "Left out"},
    "conflict": {"fr": "Conflit à trancher", "en": "Conflict to settle"},
    "failed": {"fr": "Échec", "en": "Failed"},
    "uncertain": {"fr": "Sans réponse", "en": "No answer"},
}

ACTIONS: dict[str, dict[Language, str]] = {
    "create": {"fr": "À créer", "en": "To create"},
    "adopt": {"fr": "À rattacher", "en": "To link again"},
    "update": {"fr": "À mettre à jour", "en": "To update"},
    "restore": {"fr": "À rétablir", "en": "To restore"},
    "flag": {"fr": "À signaler aux lecteurs", "en": "Readers to warn"},
    "archive": {"fr": "À archiver", "en": "To archive"},
    "hide": {"fr": "À rendre privé", "en": "To make private"},
    "unchanged": STATES["unchanged"],
    "left_out": STATES["left_out"],
    "conflict": STATES["conflict"],
}

FIELDS: dict[str, dict[Language, str]] = {
    "title": {"fr": "titre", "en": "title"},
    "description": {"fr": "description", "en": "description"},
    "license": {"fr": "licence", "en": "licence"},
    "frequency": {"fr": "fréquence", "en": "frequency"},
    "private": {"fr": "visibilité", "en": "visibility"},
    "tags": {"fr": "mots-clés", "en": "tags"},
    "temporal_coverage": {"fr": "période", "en": "period"},
    "spatial": {"fr": "territoire", "en": "territory"},
    "contact_points": {"fr": "contact", "en": "contact"},
    "extras": {"fr": "marque d’origine", "en": "mark of origin"},
    "deleted": {"fr": "suppression", "en": "deletion"},
    "archived": {"fr": "archivage", "en": "archiving"},
    "flag": {"fr": "avertissement", "en": "warning"},
    "resources": {"fr": "ordre des fichiers", "en": "order of the files"},
    "new": {"fr": "fichier ajouté", "en": "file added"},
    "file": {"fr": "fichier remplacé", "en": "file replaced"},
    "label": {"fr": "présentation du fichier", "en": "label of the file"},
    "mode": {"fr": "lien remplacé par le fichier", "en": "link replaced by the file"},
    "removed": {"fr": "fichier retiré", "en": "file removed"},
}
"""What ``Change.what`` names, by its last part."""

_UNKNOWN: dict[Language, str] = {
    "fr": "Message {code} inconnu de cette version.",
    "en": "Message {code}, unknown to this version.",
}


class _Lenient(dict[str, str]):
    """A parameter that is missing reads as an ellipsis rather than as an error."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(finding: Finding, language: str = "fr") -> str:
    """The finding in words; any language but English reads French."""
    chosen: Language = "en" if language.startswith("en") else "fr"
    template = SENTENCES.get(finding.code, _UNKNOWN)[chosen]
    params = {"code": finding.code, **finding.params}
    if chosen == "fr" and "date" in params:
        params["date"] = "/".join(reversed(params["date"].split("-")))
    if "field" in params:
        params["field"] = field(params["field"], chosen)
    if "fields" in params:
        params["fields"] = ", ".join(field(name, chosen) for name in params["fields"].split(", "))
    return template.format_map(_Lenient(params))


def action(code: str, language: str = "fr") -> str:
    """The label of a planned action."""
    return ACTIONS[code]["en" if language.startswith("en") else "fr"]


def field(what: str, language: str = "fr") -> str:
    """What a ``Change`` is about, in words."""
    known = FIELDS.get(what.rpartition(".")[2])
    return known["en" if language.startswith("en") else "fr"] if known else what


_VISIBILITY = {
    "True": {"fr": "privé", "en": "private"},
    "False": {"fr": "public", "en": "public"},
}


def change(told: Change, language: str = "fr") -> str:
    """A change in words: `titre : « Budget 2025 » → « Budget 2026 »`."""
    name = field(told.what, language)
    values = [value for value in (told.before, told.after) if value is not None]
    if told.what == "private":
        lang = "en" if language.startswith("en") else "fr"
        values = [_VISIBILITY[value][lang] for value in values if value in _VISIBILITY]
    quoted = [f"“{v}”" if language.startswith("en") else f"« {v} »" for v in dict.fromkeys(values)]
    if told.before is None and told.what in FIELDS:
        quoted = ["∅", *quoted] if quoted else []
    shown = " → ".join(quoted)
    colon = ": " if language.startswith("en") else " : "
    return f"{name}{colon}{shown}" if shown else name


def state(code: str, language: str = "fr") -> str:
    """The label of an outcome's state."""
    return STATES[code]["en" if language.startswith("en") else "fr"]


# What to do for each point that data.gouv.fr's quality score lacks, by udata's name of the point.
QUALITY: dict[str, dict[Language, str]] = {
    "license": {
        "fr": "Choisissez une licence dans la fiche du jeu, par exemple la Licence Ouverte 2.0.",
        "en": "Choose a licence in the dataset’s form, for instance the Licence Ouverte 2.0.",
    },
    "temporal_coverage": {
        "fr": "Indiquez dans la fiche du jeu le début et la fin de la période couverte.",
        "en": "Give the start and the end of the period covered in the dataset’s form.",
    },
    "spatial": {
        "fr": "Indiquez le territoire couvert dans la fiche du jeu.",
        "en": "Give the territory covered in the dataset’s form.",
    },
    "update_frequency": {
        "fr": "Indiquez la fréquence de mise à jour dans la fiche du jeu.",
        "en": "Give the update frequency in the dataset’s form.",
    },
    "update_fulfilled_in_time": {
        "fr": "Les données n’ont pas été mises à jour à la fréquence annoncée : déposez les "
        "nouvelles, ou corrigez la fréquence dans la fiche du jeu.",
        "en": "The data were not updated at the announced frequency: upload the new ones, or "
        "correct the frequency in the dataset’s form.",
    },
    "dataset_description_quality": {
        "fr": "Décrivez le jeu en plus de 100 caractères : ce qu’il contient, d’où il vient, "
        "comment le lire.",
        "en": "Describe the dataset in more than 100 characters: what it holds, where it comes "
        "from, how to read it.",
    },
    "has_open_format": {
        "fr": "Déposez au moins un fichier dans un format ouvert, par exemple CSV.",
        "en": "Upload at least one file in an open format, for instance CSV.",
    },
    "all_resources_available": {
        "fr": "data.gouv.fr n’a pas pu ouvrir tous les fichiers : vérifiez que chacun se "
        "télécharge sans compte depuis la page du jeu, puis signalez-le à l’administrateur du "
        "portail.",
        "en": "data.gouv.fr could not open every file: check that each can be downloaded without "
        "an account from the dataset’s page, then tell the portal’s administrator.",
    },
    "resources_documentation": {
        "fr": "Décrivez au moins un fichier, ou ajoutez un fichier de documentation.",
        "en": "Describe at least one file, or add a documentation file.",
    },
}


def quality(point: str, language: str = "fr") -> str:
    """What to do about a point that the quality score lacks."""
    chosen: Language = "en" if language.startswith("en") else "fr"
    return QUALITY.get(point, _UNKNOWN)[chosen].format_map(_Lenient({"code": point}))
