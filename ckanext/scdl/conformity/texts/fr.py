"""Les phrases françaises : ce qui ne va pas et ce qu'il faut faire.  Data only."""

# One sentence, one line: the two languages are read side by side.
# ruff: noqa: E501

COLON = " : "
LINE = "ligne {}"
FIELD = "colonne {}"
ELEMENT = "élément {}"
GENERIC = "le contrôle a relevé un défaut (code « {code} ») ; relisez cet endroit du fichier."

LEVELS = ("Erreur", "Avertissement")
VERDICTS = {
    "conforming": "Fichier conforme à {standard} {version}.",
    "partly": "Rien de contraire à {standard} {version} dans ce qui a été contrôlé.",
    "not-conforming": "Fichier non conforme à {standard} {version}.",
    "unreadable": "Fichier illisible : il n'a pas pu être contrôlé.",
}
INCOMPLETE = "Contrôle incomplet : une partie du fichier ou de ses règles n'a pas été contrôlée."
MASKED = "valeurs masquées, par annexe : {}."
NOTHING_MASKED = "rien à masquer, le fichier est recopié tel quel."

AMOUNT = "{} €"
SEPARATORS = ("\N{NARROW NO-BREAK SPACE}", ",")
"""Between thousands, and before the cents."""

LINES = ("aucune ligne lue", "1 ligne lue", "{} lignes lues")
ERRORS = ("aucune erreur", "1 erreur", "{} erreurs")
WARNINGS = ("aucun avertissement", "1 avertissement", "{} avertissements")

ELEMENTS = {
    "IdEtab": "le SIRET de l'établissement",
    "LibelleColl": "le nom de la collectivité",
    "LibelleEtab": "le nom de l'établissement",
    "Nomenclature": "la nomenclature",
    "NatDec": "l'étape budgétaire",
    "ProjetBudget": "le caractère de projet du document",
    "CodTypBud": "le type de budget (principal ou annexe)",
    "Exer": "l'exercice",
    "Nature": "la nature (article budgétaire)",
    "LibCpte": "le libellé du compte",
    "Fonction": "la fonction",
    "Operation": "l'opération",
    "CodRD": "le sens (recette ou dépense)",
    "OpBudg": "le type d'opération (réelle ou d'ordre)",
    "ArtSpe": "l'indication d'article spécialisé",
    "MtReal": "le montant réalisé",
    "MtBudgPrec": "le montant du budget précédent",
    "MtRARPrec": "le reste à réaliser de l'exercice précédent",
    "MtPropNouv": "le montant des propositions nouvelles",
    "MtPrev": "le montant voté",
    "CredOuv": "le montant des crédits ouverts",
    "MtRAR3112": "le reste à réaliser au 31 décembre",
}

_EXPORT_XML = "exportez de nouveau le budget au format TOTEM depuis votre logiciel de comptabilité"
_DEPOSE_XML = "déposez le fichier XML du budget (format TOTEM) tel que votre logiciel l'exporte."
_DEPOSE_CSV = "enregistrez le tableau au format XLSX, ODS ou CSV UTF-8 et déposez ce fichier."

SENTENCES = {
    "file-empty": "le fichier est vide ; vérifiez l'export et déposez un fichier qui contient les données.",
    "file-too-large": "le fichier dépasse {limit} Mo ; découpez-le, ou vérifiez que c'est le bon fichier.",
    "gzip-malformed": "le fichier compressé (gzip) est abîmé ou coupé ; refaites-le, ou déposez le XML sans le compresser.",
    "gzip-oversized": "le fichier compressé (gzip) contient plus de {limit} fois sa taille, ce qu'aucun budget ne fait ; déposez le XML sans le compresser.",
    "link-unreadable": "le lien n'a pas pu être lu ; vérifiez l'adresse, ou déposez le fichier.",
    "link-unreadable.address": "le lien mène à « {host} », une machine d'un réseau interne que le portail ne lit pas ; déposez le fichier, ou demandez à l'administrateur d'autoriser cette adresse.",
    "link-unreadable.address-unreadable": "l'adresse du lien est mal écrite ; donnez l'adresse complète, qui commence par https://.",
    "link-unreadable.credentials": "l'adresse du lien contient un nom d'utilisateur ou un mot de passe ; ôtez-les, ou déposez le fichier.",
    "link-unreadable.port": "le lien demande le port {port}, que le portail ne lit pas ; donnez une adresse ordinaire, ou déposez le fichier.",
    "link-unreadable.unknown-host": "le site « {host} » n'existe pas ou plus ; vérifiez l'adresse du lien.",
    "link-unreadable.no-room": "le portail attend déjà trop de sites qui ne répondent pas ; réessayez plus tard, ou déposez le fichier.",
    "link-unreadable.unreachable": "le site « {host} » ne répond pas ; vérifiez l'adresse du lien, ou déposez le fichier.",
    "link-unreadable.status": "le site répond par le code {status} au lieu de donner le fichier ; vérifiez que tout le monde peut ouvrir ce lien, ou déposez le fichier.",
    "link-unreadable.redirects": "le lien renvoie plus de {limit} fois vers une autre adresse ; donnez l'adresse du fichier lui-même.",
    "link-unreadable.size": "le lien mène à plus de {limit} Mo, ce que le portail ne lit pas ; découpez le fichier, ou déposez-le.",
    "link-unreadable.encoding": "le site « {host} » envoie le fichier compressé ({value}) alors que le portail le demande tel quel ; donnez une autre adresse, ou déposez le fichier.",
    "link-unreadable.seconds": "le fichier n'est pas arrivé en {limit} secondes ; réessayez plus tard, ou déposez le fichier.",
    "not-xml": f"le fichier n'est pas un fichier XML ; {_DEPOSE_XML}",
    "not-xml.pdf": f"le fichier est un PDF, même si son nom dit autre chose ; {_DEPOSE_XML}",
    "not-xml.zip": "le fichier est une archive ZIP ; décompressez-la et déposez le fichier XML qu'elle contient.",
    "not-xml.gzip": "le fichier est compressé (gzip) ; décompressez-le et déposez le fichier XML obtenu.",
    "not-xml.spreadsheet": f"le fichier est un classeur ou un document bureautique ; {_DEPOSE_XML}",
    "not-xml.office": f"le fichier est un ancien document Office ; {_DEPOSE_XML}",
    "not-xml.image": f"le fichier est une image ; {_DEPOSE_XML}",
    "not-xml.xml-workbook": f"le fichier est un classeur XML 2003 (Excel) ; {_DEPOSE_XML}",
    "not-xml.html": f"le fichier est une page web (HTML) ; {_DEPOSE_XML}",
    "not-csv": f"le fichier n'est pas un tableau (classeur ou CSV) ; {_DEPOSE_CSV}",
    "not-csv.pdf": f"le fichier est un PDF, qui ne peut pas être contrôlé ; pour un budget, déposez l'export XML de votre logiciel, sinon {_DEPOSE_CSV}",
    "not-csv.zip": "le fichier est une archive ZIP ; décompressez-la et déposez le fichier XML, CSV ou le classeur qu'elle contient.",
    "not-csv.gzip": "le fichier est compressé (gzip) ; décompressez-le et déposez le fichier XML, CSV ou le classeur obtenu.",
    "not-csv.spreadsheet": f"le fichier est un classeur (Excel, LibreOffice) ; {_DEPOSE_CSV}",
    "not-csv.office": f"le fichier est un ancien document Office (.xls, .doc) ; {_DEPOSE_CSV}",
    "not-csv.image": f"le fichier est une image ; {_DEPOSE_CSV}",
    "not-csv.html": f"le fichier est une page web (HTML), même si son nom dit autre chose ; {_DEPOSE_CSV}",
    "not-csv.xml": f"le fichier est un fichier XML ; {_DEPOSE_CSV}",
    "not-csv.xml-workbook": "le fichier est un classeur XML 2003 (Excel) ; enregistrez-le au format XLSX et déposez ce fichier.",
    "not-csv.utf-16": f"le fichier est codé en UTF-16 (« texte Unicode » d'Excel) ; {_DEPOSE_CSV}",
    "not-csv.binary": f"le fichier contient des octets nuls, ce n'est pas du texte ; {_DEPOSE_CSV}",
    "sheet-unreadable": "le fichier est abîmé ou coupé, son contenu ne se lit pas ; ouvrez-le dans votre tableur, enregistrez-le de nouveau et déposez ce fichier.",
    "sheet-unreadable.stopped": "la lecture du classeur s'est arrêtée sans dire pourquoi ; réessayez, ou enregistrez la feuille au format CSV, et prévenez l'administrateur.",
    "sheet-unreadable.xlsb": "le fichier est un classeur Excel binaire (.xlsb), que le contrôle ne lit pas ; enregistrez-le au format .xlsx ou CSV et déposez ce fichier.",
    "sheet-unreadable.document": f"le fichier est un document de traitement de texte (Word, Writer) et non un tableau ; {_DEPOSE_CSV}",
    "sheet-unreadable.presentation": f"le fichier est une présentation (PowerPoint, Impress) et non un tableau ; {_DEPOSE_CSV}",
    "sheet-unreadable.office": f"le fichier est un ancien document Office qui ne contient pas de classeur ; {_DEPOSE_CSV}",
    "sheet-encrypted": "le classeur est protégé par un mot de passe ; enregistrez-le sans mot de passe et déposez ce fichier.",
    "sheet-empty": "le classeur ne contient aucune donnée ; vérifiez l'export et déposez un fichier qui contient les données.",
    "sheet-empty.hidden": "seules des feuilles masquées du classeur contiennent des données ({value}) ; affichez celle du tableau, ou déposez-la seule.",
    "sheet-empty.chart": "le classeur ne contient que des graphiques ; déposez le tableau des données.",
    "sheet-empty.named": "la feuille « {value} » ne contient aucune donnée ; choisissez-en une autre.",
    "sheet-missing": "le classeur n'a pas de feuille « {value} » ; choisissez parmi : {known}.",
    "sheet-oversized": "la lecture de ce classeur demanderait trop de mémoire ; supprimez les cellules isolées loin sous le tableau ou loin à sa droite, sinon enregistrez-le au format CSV et déposez ce fichier.",
    "table-slow": "la lecture du fichier a dépassé {limit} secondes et s'est arrêtée ici ; découpez le fichier.",
    "sheet-slow": "la lecture de ce classeur a dépassé {limit} secondes ; enregistrez-le au format CSV et déposez ce fichier.",
    "archive-oversized": "le classeur contient plus de {limit} Mo une fois décompressé ; enregistrez-le au format CSV, ou découpez-le.",
    "archive-ratio": "le classeur contient plus de {limit} fois sa taille une fois décompressé, ce qu'aucun tableau ne fait ; enregistrez-le au format CSV et déposez ce fichier.",
    "archive-entries": "le classeur ou l'archive contient plus de {limit} fichiers, ce qu'aucun tableau ne fait ; enregistrez le tableau seul, au format CSV, et déposez ce fichier.",
    "xml-malformed": f"le fichier n'est pas un XML bien formé, la lecture s'est arrêtée ici (colonne {{column}}) ; {_EXPORT_XML}.",
    "xml-truncated": f"le fichier est coupé, la fin du document manque ; {_EXPORT_XML} et déposez-le en entier.",
    "xml-encoding": f"des caractères ne correspondent pas à l'encodage annoncé en tête du fichier ; {_EXPORT_XML}, sans le retoucher dans un éditeur de texte.",
    "xml-encoding.contradicted": f"le fichier est en UTF-16 mais son en-tête annonce {{value}} ; {_EXPORT_XML}, sans le retoucher dans un éditeur de texte.",
    "xml-encoding.unsupported": f"le contrôle ne lit pas l'encodage de ce fichier ({{value}}) ; {_EXPORT_XML}, en UTF-8 ou en ISO-8859-1.",
    "xml-doctype": f"le fichier contient une déclaration DOCTYPE ou ENTITY, refusée par sécurité et absente de tout budget TOTEM ; {_EXPORT_XML}.",
    "xml-oversized": f"une balise est démesurée ; {_EXPORT_XML}.",
    "xml-oversized.tag": f"une balise ou un texte dépasse {{limit}} Ko, ce qu'aucun budget ne contient ; {_EXPORT_XML}.",
    "xml-oversized.document": f"le document contient plus de {{limit}} éléments, ce qu'aucun budget ne contient ; {_EXPORT_XML}.",
    "xml-oversized.block": f"un bloc contient plus de {{limit}} éléments, ce qu'aucun budget ne contient ; {_EXPORT_XML}.",
    "xml-oversized.depth": f"des éléments s'emboîtent sur plus de {{limit}} niveaux, ce qu'aucun budget ne contient ; {_EXPORT_XML}.",
    "xml-oversized.names": f"le document emploie plus de {{limit}} noms d'éléments, ce qu'aucun budget ne fait ; {_EXPORT_XML}.",
    "xml-oversized.lines": "le budget contient plus de {limit} lignes, ce qu'aucun budget ne contient ; vérifiez l'export.",
    "xml-other-root": f"ce XML n'est pas un budget, son élément principal est « {{root}} » et non DocumentBudgetaire ou CompteFinancierUnique ; {_DEPOSE_XML}",
    "xml-other-root.namespace": f"ce XML n'est pas un budget, son espace de noms est « {{space}} » et non « {{expected}} » ; {_DEPOSE_XML}",
    "totem-budget-missing": f"le document ne contient aucun budget (bloc Budget absent) ; {_EXPORT_XML}.",
    "totem-budget-multiple": "le document contient plusieurs budgets, un fichier ne doit en porter qu'un ; exportez un fichier par budget (principal et annexes séparés).",
    "totem-budget-without-lines": f"le budget ne contient aucune ligne (LigneBudget) à publier ; {_EXPORT_XML} avec ses lignes.",
    "totem-block-missing": f"ce bloc d'en-tête manque avant les lignes du budget ; {_EXPORT_XML}.",
    "totem-element-missing": "{what} manque ou est vide ; complétez cette valeur dans votre logiciel et exportez de nouveau le budget.",
    "totem-siret-invalid": "« {value} » n'est pas un SIRET valide ; corrigez le SIRET de l'établissement dans votre logiciel et exportez de nouveau.",
    "totem-siret-invalid.length": "le SIRET « {value} » compte {length} chiffres au lieu de 14 ; corrigez-le dans votre logiciel et exportez de nouveau.",
    "totem-siret-invalid.characters": "le SIRET « {value} » contient autre chose que des chiffres ; écrivez ses 14 chiffres sans espace dans votre logiciel et exportez de nouveau.",
    "totem-siret-invalid.zeros": "le SIRET n'est fait que de zéros ; écrivez celui de l'établissement dans votre logiciel et exportez de nouveau.",
    "totem-siret-invalid.key": "le SIRET « {value} » est faux, sa clé de contrôle ne correspond pas ; vérifiez ses 14 chiffres dans votre logiciel et exportez de nouveau.",
    "totem-exercice-invalid": "l'exercice « {value} » n'est pas une année sur quatre chiffres, comme 2024 ; corrigez-le et exportez de nouveau.",
    "totem-etape-unknown": "le code d'étape budgétaire « {value} » n'existe pas ; corrigez-le, les codes admis sont 01 (budget primitif), 02 (décision modificative), 03 (budget supplémentaire), 09 (compte administratif) et 10 (compte financier unique).",
    "totem-nomenclature-unknown": "la nomenclature « {value} » est inconnue ; vérifiez-la dans votre logiciel et exportez de nouveau.",
    "totem-nomenclature-unknown.slip": "la nomenclature « {value} » est inconnue ; corrigez-la dans votre logiciel et exportez de nouveau, les plus proches qui existent sont {known}.",
    "totem-nomenclature-unknown.absent": "le plan de comptes de la nomenclature « {value} » n'est pas dans ce portail, qui ne peut pas en tirer de tableau ; vérifiez ce code et, s'il est juste, signalez-le à l'administrateur du portail.",
    "totem-code-invalid": "« {value} » n'est pas un code admis pour {what} ; les codes admis sont {known}.",
    "totem-amount-invalid": "« {value} » n'est pas un montant ; écrivez des chiffres avec un point pour les centimes, sans espace ni signe euro, comme 1234.50.",
    "totem-text-too-long": "« {value} » dépasse {limit} caractères, le maximum pour {what} ; raccourcissez cette valeur dans votre logiciel et exportez de nouveau.",
    "totem-nature-unknown": "la nature « {value} » n'est pas dans le plan de comptes de cet exercice ; la ligne est rattachée au chapitre {chapitre}, vérifiez ce code.",
    "totem-text-misdecoded": "« {value} » semble de l'UTF-8 lu comme un autre encodage ; corrigez l'encodage annoncé en tête du fichier ou exportez de nouveau.",
    "totem-plan-of-another-year": "le plan de comptes de l'exercice {exercice} n'est pas disponible, celui de {annee} a servi pour les libellés ; vérifiez ceux des comptes récents.",
    "totem-projet-de-budget": "le document est marqué comme projet de budget, non voté ; vérifiez que c'est bien la version votée que vous voulez publier.",
    "totem-sens-impossible": "le plan de comptes n'admet pas la nature « {value} » de ce côté ; vérifiez le sens (recette ou dépense) et le type d'opération (réel ou ordre) de la ligne.",
    "totem-sens-impossible.recette": "le plan de comptes n'admet pas la nature « {value} » en recette pour ce type d'opération ; vérifiez le sens et le type (réel ou ordre) de la ligne.",
    "totem-sens-impossible.dépense": "le plan de comptes n'admet pas la nature « {value} » en dépense pour ce type d'opération ; vérifiez le sens et le type (réel ou ordre) de la ligne.",
    "totem-chapitre-inattendu": "la nature « {value} » est inscrite au chapitre {chapitre}, que le plan de comptes ne lui donne pas ; vérifiez le chapitre de la ligne.",
    "totem-desequilibre": "la section « {section} » n'est pas équilibrée, ses recettes font {recettes} et ses dépenses {depenses}, soit {ecart} d'écart ; vérifiez qu'il ne manque aucune ligne.",
    "totem-desequilibre.deficit": "la section « {section} » n'est pas équilibrée, ses dépenses ({depenses}) dépassent ses recettes ({recettes}) de {ecart} ; vérifiez qu'il ne manque aucune ligne.",
    "totem-desequilibre.excedent": "les recettes de la section « {section} » ({recettes}) dépassent ses dépenses ({depenses}) de {ecart} ; vérifiez que ce suréquilibre, que la loi admet, est voulu.",
    "totem-virement": "le virement entre sections n'est pas le même des deux côtés, {premier} {montant_premier} et {second} {montant_second}, soit {ecart} d'écart ; vérifiez ces deux lignes.",
    "totem-ordre-sections": "les opérations d'ordre entre sections ne se répondent pas, {premier} {montant_premier} et {second} {montant_second}, soit {ecart} d'écart ; vérifiez ces deux chapitres.",
    "totem-ordre-interne": "les opérations d'ordre à l'intérieur de la section ne se répondent pas, {premier} {montant_premier} et {second} {montant_second}, soit {ecart} d'écart ; vérifiez ce chapitre.",
    "totem-depassement": "au chapitre {chapitre} ({section}), les dépenses réalisées ({realise}) dépassent les crédits ouverts ({credits}) de {ecart} ; vérifiez les crédits de ce chapitre.",
    "totem-realise-au-budget": "ce budget porte {montant} de montants réalisés, que seul un compte connaît ; vérifiez l'étape déclarée ou la colonne de ces montants.",
    "totem-comptable-differs": "dans ce compte financier unique, la partie du comptable dit « {value} », celle du budget « {budget} » ; vérifiez que les deux parties vont ensemble.",
    "totem-comptable-differs.siret": "la partie du comptable donne le SIRET « {value} », celle du budget « {budget} » ; vérifiez que les deux parties de ce compte financier unique sont du même établissement.",
    "totem-comptable-differs.exercice": "la partie du comptable est de l'exercice « {value} », celle du budget de « {budget} » ; vérifiez que les deux parties de ce compte financier unique sont de la même année.",
    "totem-personal-data": "l'annexe {annexe} porte des données personnelles (valeurs : {number}) ; masquez-les, par exemple avec « scdl mask », avant de publier ce fichier.",
    "totem-masked": "dans l'annexe {annexe}, des données personnelles ont été masquées avant l'enregistrement (valeurs : {number}, article L311-7 du CRPA) ; gardez votre fichier d'origine.",
    "totem-amounts-absent": "aucune ligne ne porte ce montant, attendu pour l'étape « {etape} » ; vérifiez l'étape déclarée ou l'export.",
    "encoding-error": f"le texte n'est ni en UTF-8 ni en Windows-1252, sa lecture s'est arrêtée ici ; {_DEPOSE_CSV}",
    "encoding-not-utf8.garbled": "le fichier a été lu en {value}, ce qui abîme ses accents ; enregistrez-le en UTF-8 et vérifiez les noms.",
    "encoding-not-utf8": "le fichier est codé en {value} ; il a été lu, mais enregistrez-le de préférence en UTF-8 pour que les accents passent partout.",
    "delimiter-not-comma": "les colonnes sont séparées par « {value} » ; le fichier a été lu, mais le standard recommande la virgule.",
    "sheet-ignored": "un fichier {format} n'a pas de feuille, « {value} » n'a pas été cherchée ; ne nommez une feuille que pour un classeur.",
    "sheet-hidden": "le classeur a des feuilles masquées ({others}), qui seraient publiées avec lui sans avoir été contrôlées ; retirez-les, ou déposez la feuille seule.",
    "sheet-errors": "des cellules du classeur sont en erreur (#N/A, #REF!… : {number}) et lues comme vides ; corrigez leurs formules ou saisissez les valeurs.",
    "sheet-errors.sheet": "des cellules de la feuille sont en erreur (#N/A, #REF!… : {number}, la première en {cell}) ; corrigez leurs formules ou saisissez les valeurs.",
    "sheet-uncalculated": "des formules de la feuille n'ont pas de résultat enregistré (nombre : {number}, la première en {cell}) et sont lues comme vides ; ouvrez le classeur dans votre tableur, enregistrez-le et déposez ce fichier.",
    "sheet-chosen": "le classeur a d'autres feuilles ({others}), qui n'ont pas été contrôlées ; seule « {sheet} » l'a été, mettez chaque tableau dans son propre fichier.",
    "title-lines": "le tableau ne commence pas à la première ligne (nombre de lignes au-dessus de l'en-tête : {number}) ; supprimez-les, les noms de colonnes doivent venir en premier.",
    "header-two-rows": "l'en-tête tient sur deux lignes, qui ont été lues ensemble ; gardez-en une seule, avec les noms du standard.",
    "unmatched-header": "aucune des premières lignes n'est l'en-tête du standard {standard} ; placez les noms des colonnes ({known}…) sur la première, ou choisissez le standard de ce tableau.",
    "unmatched-header.renamed": "aucune colonne ne porte exactement un nom du standard {standard} (colonnes ressemblantes : {number}) ; renommez-les comme il est dit de chacune.",
    "missing-label": "cette colonne obligatoire manque ; ajoutez-la et remplissez-la sur chaque ligne.",
    "missing-label.misspelt": "« {value} » doit s'écrire exactement « {field} » ; renommez la colonne.",
    "missing-label.title": "« {value} » est l'intitulé de cette colonne, qui doit s'écrire exactement « {field} » ; renommez la colonne.",
    "missing-label.alias": "« {value} » est un autre nom de cette colonne, qui doit s'écrire exactement « {field} » ; renommez la colonne.",
    "missing-label.near": "cette colonne obligatoire manque, « {value} » lui ressemble ; si c'est elle, renommez-la exactement « {field} », sinon ajoutez-la.",
    "missing-optional-label": "cette colonne facultative manque ; vous pouvez l'ajouter, même vide.",
    "missing-optional-label.misspelt": "« {value} » doit s'écrire exactement « {field} » ; renommez la colonne.",
    "missing-optional-label.title": "« {value} » est l'intitulé de cette colonne, qui doit s'écrire exactement « {field} » ; renommez la colonne.",
    "missing-optional-label.alias": "« {value} » est un autre nom de cette colonne, qui doit s'écrire exactement « {field} » ; renommez la colonne.",
    "missing-optional-label.near": "cette colonne facultative manque, « {value} » lui ressemble ; si c'est elle, renommez-la exactement « {field} ».",
    "duplicate-label": "ce nom de colonne apparaît plusieurs fois ; gardez une seule colonne de ce nom.",
    "extra-label": "« {value} » ne fait pas partie du standard ; la colonne n'est pas contrôlée, retirez-la ou gardez-la en connaissance de cause.",
    "extra-label.blank": "la colonne {letter} n'a pas de nom ; nommez-la ou retirez-la.",
    "label-order": "les colonnes ne sont pas dans l'ordre du standard ; elles ont été lues par leur nom, rangez-les si possible.",
    "table-without-rows": "le fichier ne contient aucune ligne de données sous l'en-tête ; vérifiez l'export.",
    "table-too-long": "le fichier dépasse {limit} lignes, le contrôle s'est arrêté ici ; découpez le fichier.",
    "table-too-wide": "la feuille va jusqu'à la colonne {value}, le maximum est de {limit} colonnes ; supprimez ce qui est à droite du tableau.",
    "table-too-wide.text": "le tableau va jusqu'à la colonne {value}, le maximum est de {limit} colonnes ; supprimez les colonnes et les séparateurs en trop.",
    "cell-too-long": "cette cellule dépasse {limit} caractères ; cherchez un guillemet jamais refermé, ou raccourcissez-la.",
    "cell-too-long.record": "cette ligne dépasse {limit} caractères ; cherchez un guillemet jamais refermé, ou des séparateurs répétés, et corrigez-la.",
    "table-incomplete": "le standard demande aussi la vérification « {name} », qui n'est pas faite ici ; relisez vous-même les colonnes qu'elle concerne.",
    "cell-too-long.sheet": "le texte de cette cellule dépasse {limit} caractères ; raccourcissez-le.",
    "blank-row": "la ligne est vide ; supprimez-la.",
    "missing-cell": "la ligne est trop courte, il manque cette cellule ; vérifiez le nombre de séparateurs.",
    "delimiter-mixed": "les colonnes de l'en-tête sont séparées par « {value} », celles des lignes par « {other} » ; prenez partout le même séparateur.",
    "total-row": "cette ligne semble un total ; supprimez-la, le tableau ne contient que des données.",
    "note-row": "cette ligne semble une note et non des données ; supprimez-la, ou mettez-la dans la description du jeu de données.",
    "header-repeated": "cette ligne répète les noms des colonnes ; supprimez-la.",
    "quote-open": "un guillemet ouvert sur cette ligne n'est jamais refermé, et tout ce qui suit est lu comme un seul texte ; fermez-le, ou ôtez-le.",
    "quote-unclosed": "un guillemet ouvert sur cette ligne n'y est sans doute pas refermé, et ce qui suit est lu comme un seul texte ; fermez-le sur cette ligne, ou ôtez-le.",
    "extra-cell": "la ligne a une cellule de trop (« {value} ») ; un séparateur ou une virgule décimale n'est sans doute pas entre guillemets.",
    "type-error": "« {value} » n'a pas la forme attendue ; corrigez cette valeur[, sur le modèle de {example}].",
    "type-error.date": "« {value} » n'est pas une date au format AAAA-MM-JJ ; récrivez-la ainsi[, sur le modèle de {example}].",
    "type-error.year": "« {value} » n'est pas une année sur quatre chiffres ; récrivez-la ainsi[, sur le modèle de {example}].",
    "type-error.number": "« {value} » n'est pas un nombre ; utilisez le point pour les décimales, sans espace ni unité[, comme {example}].",
    "type-error.integer": "« {value} » n'est pas un nombre entier ; écrivez des chiffres seuls, sans décimales, espace ni unité[, comme {example}].",
    "type-error.boolean": "« {value} » n'est pas une réponse admise ; écrivez l'un des mots du standard[, {yes} ou {no}].",
    "constraint-error": "« {value} » ne respecte pas la règle de cette colonne ({limit}) ; corrigez cette valeur[, sur le modèle de {example}].",
    "constraint-error.required": "la cellule est vide alors qu'elle est obligatoire ; remplissez-la[, par exemple : {example}].",
    "constraint-error.enum": "« {value} » n'est pas une valeur admise ; choisissez parmi : {limit}.",
    "constraint-error.pattern": "« {value} » n'a pas la forme attendue ; récrivez cette valeur[, sur le modèle de {example}].",
    "constraint-error.maxLength": "le texte compte {length} caractères, le maximum est {limit} ; raccourcissez-le.",
    "constraint-error.minLength": "le texte est trop court, il faut au moins {limit} caractère(s) ; complétez-le.",
    "constraint-error.minimum": "« {value} » est trop petit, le minimum est {limit} ; corrigez cette valeur[, par exemple : {example}].",
    "constraint-error.maximum": "« {value} » est trop grand, le maximum est {limit} ; corrigez cette valeur[, par exemple : {example}].",
    "french-siret-value": "« {value} » n'est pas un SIRET valide (14 chiffres et clé de contrôle) ; vérifiez-le sur l'annuaire des entreprises.",
    "unique-error": "cette valeur est déjà celle de la ligne {line}, alors que la colonne n'en admet pas deux pareilles ; corrigez l'une ou l'autre.",
    "primary-key": "cette ligne a la même clé ({fields}) que la ligne {line} ; corrigez l'une des deux, ou supprimez-la si elle la répète.",
    "primary-key.empty": "aucune colonne de la clé ({fields}) n'est remplie ; remplissez-les, elles distinguent cette ligne des autres.",
    "one-of-required": "ni {first} ni {second} n'est rempli ; renseignez au moins l'un des deux.",
    "one-of-required.absent": "le fichier n'a ni colonne {first} ni colonne {second} ; ajoutez au moins l'une des deux.",
    "one-of-required.misnamed": "ni {first} ni {second} n'a pu être lu, « {label} » semble être la colonne {name} ; renommez d'abord celle-ci.",
    "amount-nan": "« {value} » n'est pas un montant, même si le standard l'admet ; écrivez le montant en chiffres, ou corrigez le calcul qui a donné cela.",
    "amount-negative": "« {value} » est négatif ; vérifiez que c'est bien un reversement ou une annulation, sinon ôtez le signe.",
    "amount-zero": "le montant est nul ; vérifiez-le, et retirez la ligne si rien n'a été attribué.",
    "amount-unusual": "« {value} » est un nombre que peu d'outils savent lire ; écrivez-le en chiffres, avec un point pour les décimales[, comme {example}].",
    "period-impossible": "« {value} » n'est pas au calendrier ; vérifiez le mois et le jour, dans l'ordre AAAA-MM-JJ.",
    "period-reversed": "la période « {value} » finit avant de commencer ; vérifiez ses deux dates, le début vient d'abord.",
    "shares-not-whole": "les parts de cette aide, additionnées (nombre de lignes : {number}), font {sum} au lieu de 1 ; vérifiez la part de chaque bénéficiaire, 0.5 pour la moitié.",
    "siret-rounded": "« {value} » a sans doute perdu ses derniers chiffres, qu'un tableur remplace par des zéros ; reprenez ce SIRET à la source, dans une colonne de texte.",
    "reference-date-like": "« {value} » ressemble à une date, qu'un tableur a pu faire de la référence ; vérifiez-la, et mettez la colonne au format texte.",
    "probable-duplicate": "cette ligne répète la ligne {line} (mêmes décision, bénéficiaire, objet et montant) ; supprimez-la si c'est la même aide.",
    "budget-line-differs": "les aides de {exercice} font {montant}, soit {ecart} de plus que ce que le budget de l'année leur ouvre ({etape}, {budget}) ; vérifiez qu'aucune ne compte deux fois ni ne porte le montant de plusieurs années.",
    "budget-zero-lost": "« {value} » a sans doute perdu son zéro, c'est « {proposal} » qui va avec le reste de la ligne ; corrigez ce code, et mettez la colonne au format texte.",
    "several-values": "la colonne contient {number} valeurs différentes, dont « {value} » ; un fichier devrait porter sur un seul budget.",
    "siret-differs": "le SIRET du fichier ({file}) n'est pas celui du formulaire ({form}) ; corrigez l'un ou l'autre.",
    "exercice-differs": "l'exercice du fichier ({file}) n'est pas celui du formulaire ({form}) ; corrigez l'un ou l'autre.",
    "etape-differs": "l'étape du fichier ({file}) n'est pas celle du formulaire ({form}) ; corrigez l'une ou l'autre.",
}

REFUSALS = {
    "folder-missing": "ce dossier n'existe pas ; créez-le, ou corrigez son chemin dans le réglage qui le nomme.",
    "file-unreadable": "il ne peut pas être lu ; vérifiez que c'est bien un fichier (ou un dossier), et ses droits.",
    "file-too-large": "le fichier dépasse {limit} octets ; vérifiez que c'est bien un schéma.",
    "file-name": "« {name} » ne dit ni le groupe, ni le nom, ni la version ; renommez le fichier, par exemple etalab_schema-irve-statique-2.3.1.json.",
    "not-json": "ce n'est pas du JSON (ligne {line}, caractère {character}) ; corrigez ce caractère, ou téléchargez de nouveau le schéma.",
    "not-json.text": "ce n'est pas du JSON en UTF-8 ; téléchargez de nouveau le schéma.",
    "not-table-schema": "ce n'est pas un Table Schema, qui a une liste « fields » non vide ; prenez le fichier schema.json que publie schema.data.gouv.fr.",
    "name-differs": "le nom du fichier dit « {file} » et le schéma « {schema} » ; renommez le fichier d'après la propriété « name » du schéma.",
    "version-differs": "le nom du fichier dit la version {file} et le schéma la version {schema} ; renommez le fichier, ou corrigez la propriété « version ».",
    "known-already": "{name} existe déjà ; retirez l'un des deux fichiers, ou donnez-lui une autre version.",
    "unique-too-many": "{number} règles d'unicité (« unique » et « primaryKey »), le maximum est {limit} ; gardez les plus utiles.",
    "not-checked": "« {key} » n'est pas contrôlé ici ; retirez-le du schéma en connaissance de cause.",
    "field-without-name": "la colonne n° {position} de « fields » n'est pas un objet qui a un « name » ; donnez-lui un nom.",
    "field-repeated": "deux colonnes portent ce nom ; retirez-en une, ou renommez-la.",
    "unknown-type": "le type « {value} » est inconnu ; choisissez parmi : {known}.",
    "unknown-format": "le format « {value} » n'existe pas pour le type {type} ; choisissez parmi : {known}.",
    "unknown-format.date": "« {value} » n'est pas un format de date ; écrivez default, any, ou un format comme %d/%m/%Y.",
    "unknown-constraint": "la contrainte « {value} » n'est pas admise pour le type {type} ; retirez-la, ou choisissez parmi : {known}.",
    "bad-value": "la valeur de « {key} », {value}, n'est pas de celles que Table Schema admet ici ; corrigez-la.",
    "required-misplaced": "« required » est à la mauvaise place et n'aurait aucun effet ; mettez-le dans « constraints ».",
    "true-and-false": "« {value} » veut dire à la fois vrai et faux ; retirez-le de trueValues ou de falseValues.",
    "same-characters": "« {value} » sépare à la fois les milliers et les décimales ; corrigez groupChar ou decimalChar.",
    "crossed": "aucune valeur ne peut convenir, « {low} » dépasse « {high} » ; corrigez l'une des deux contraintes.",
    "check-without-column": "la règle {name} de custom_checks veut en « {param} » le nom d'une colonne, non « {value} » ; corrigez-la.",
    "pattern.invalid": "le motif « {value} » n'est pas une expression rationnelle ({detail}) ; corrigez-le.",
    "pattern.lookaround": "le motif « {value} » regarde en avant ou en arrière ((?=…), (?!…), (?<=…)), ce qui peut prendre un temps sans fin ; récrivez-le sans cela.",
    "pattern.backreference": "le motif « {value} » renvoie à l'un de ses groupes, ce qui peut prendre un temps sans fin ; récrivez-le sans renvoi ni condition.",
    "pattern.atomic": "le motif « {value} » a un groupe ou un nombre de fois qui ne revient jamais en arrière ((?>…), a++) ; récrivez-le sans cela.",
    "pattern.boundary": "le motif « {value} » cherche une limite de mot (\\b ou \\B) ; dites plutôt quels caractères entourent le mot.",
    "pattern.flags": "le motif « {value} » change les règles en cours de route ((?i)…) ; écrivez plutôt les caractères admis, comme [Aa].",
    "pattern.too-long": "le motif « {value} » est trop long ; préférez une liste de valeurs (enum), ou un motif plus simple.",
    "pattern.too-large": "le motif « {value} » répète trop de choses trop de fois ; 1 000 fois au plus, et bornez plutôt la longueur avec maxLength.",
}
CELL = "« {value} », {what} ; {remedy}."
"""One cell of which the cause is known: `what` and `remedy` are the cause's."""

WRITE = "écrivez « {proposal} »"
COLUMN = "colonne {letter} ({field})"
LETTER = "colonne {letter}"
LETTERS_TO = "colonnes {first} à {last}"
LETTERS_AMONG = "entre les colonnes {first} et {last}"
LINES_TO = "lignes {first} à {last}"
LINES_FROM = "à partir de la ligne {first}"
TIMES = "{n} fois"
FOR_INSTANCE = "par exemple"
ALONE = " (« {value} »)"
AMONG = " (« {value} », par exemple)"
BECOMES = " ; « {value} » devient « {proposal} »"
EXAMPLE = " ; par exemple « {value} » devient « {proposal} »"

AMOUNT_NOUN = ("montant", "montants")
NUMBER_NOUN = ("nombre", "nombres")

_TEXT_COLUMN = "et mettez la colonne au format texte"
_BOTH_ENDS = "écrivez le début et la fin, AAAA-MM-JJ/AAAA-MM-JJ"
_OR_OTHER = "écrivez la valeur, ou laissez la cellule vide si l'autre colonne ({other}) est remplie"
_ONE_OF = "écrivez exactement l'une des valeurs admises ({limit})"

CAUSES = {
    "comma": (
        "{n} {noun} avec une virgule",
        "{n} {noun} avec une virgule",
        "mettez un point à la place de la virgule",
    ),
    "comma-ambiguous": (
        "{n} {noun} avec une virgule suivie de trois chiffres",
        "{n} {noun} avec une virgule suivie de trois chiffres",
        "mettez un point à sa place, comme 1.234, ou ôtez-la si elle sépare les milliers, comme 1234",
    ),
    "price-dash": (
        "{n} {noun} avec un tiret à la place des centimes",
        "{n} {noun} avec un tiret à la place des centimes",
        "n'écrivez que les chiffres, 1500 pour 1500,-",
    ),
    "multiple": (
        "{n} {noun} en milliers ou en millions",
        "{n} {noun} en milliers ou en millions",
        "écrivez tous les chiffres, en euros, 12000 pour 12 k€",
    ),
    "thousands": (
        "{n} {noun} avec un séparateur de milliers",
        "{n} {noun} avec un séparateur de milliers",
        "collez les chiffres les uns aux autres",
    ),
    "currency": (
        "{n} {noun} avec une unité",
        "{n} {noun} avec une unité",
        "n'écrivez que les chiffres, sans € ni mot",
    ),
    "percent": (
        "{n} pourcentage à la place d'une part",
        "{n} pourcentages à la place de parts",
        "écrivez une part entre 0 et 1, 0.8 pour 80 %",
    ),
    "date-dmy": (
        "{n} date écrite le jour d'abord",
        "{n} dates écrites le jour d'abord",
        "écrivez l'année d'abord, AAAA-MM-JJ",
    ),
    "date-slash": (
        "{n} date écrite avec des barres obliques",
        "{n} dates écrites avec des barres obliques",
        "mettez des tirets, AAAA-MM-JJ",
    ),
    "datetime": ("{n} date suivie d'une heure", "{n} dates suivies d'une heure", "ôtez l'heure"),
    "year-only": (
        "{n} année seule à la place d'une date",
        "{n} années seules à la place de dates",
        "écrivez aussi le mois et le jour, AAAA-MM-JJ",
    ),
    "two-years": (
        "{n} cellule avec deux années à la place d'une date",
        "{n} cellules avec deux années à la place d'une date",
        "écrivez un seul jour, AAAA-MM-JJ",
    ),
    "excel-serial": (
        "{n} date devenue un nombre de jours",
        "{n} dates devenues des nombres de jours",
        "mettez la colonne au format AAAA-MM-JJ dans le tableur avant d'exporter",
    ),
    "period-underscore": (
        "{n} période jointe par un tiret bas",
        "{n} périodes jointes par un tiret bas",
        "séparez les deux dates par une barre oblique",
    ),
    "period-blanks": (
        "{n} période avec des blancs autour de la barre oblique",
        "{n} périodes avec des blancs autour de la barre oblique",
        "ôtez-les",
    ),
    "period-year": (
        "{n} année à la place d'une période",
        "{n} années à la place de périodes",
        _BOTH_ENDS,
    ),
    "period-two-years": (
        "{n} cellule avec deux années à la place d'une période",
        "{n} cellules avec deux années à la place d'une période",
        _BOTH_ENDS,
    ),
    "period-month": (
        "{n} mois à la place d'une période",
        "{n} mois à la place de périodes",
        _BOTH_ENDS,
    ),
    "period-several": (
        "{n} cellule avec plusieurs périodes",
        "{n} cellules avec plusieurs périodes",
        "gardez une seule période, du premier au dernier versement",
    ),
    "siret-scientific": (
        "{n} SIRET en notation scientifique",
        "{n} SIRET en notation scientifique",
        f"reprenez les 14 chiffres à la source, {_TEXT_COLUMN}",
    ),
    "siret-trailing-zero": (
        "{n} SIRET suivi de « .0 »",
        "{n} SIRET suivis de « .0 »",
        f"ôtez le point et le zéro, {_TEXT_COLUMN}",
    ),
    "siret-lost-zero": (
        "{n} SIRET sans son zéro de tête",
        "{n} SIRET sans leur zéro de tête",
        f"remettez le zéro, {_TEXT_COLUMN}",
    ),
    "siret-blanks": (
        "{n} SIRET avec des espaces ou d'autres signes",
        "{n} SIRET avec des espaces ou d'autres signes",
        "écrivez les 14 chiffres à la suite",
    ),
    "siret-siren": (
        "{n} SIREN à la place d'un SIRET",
        "{n} SIREN à la place de SIRET",
        "ajoutez les 5 chiffres de l'établissement, que donne l'annuaire des entreprises",
    ),
    "siret-rounded": (
        "{n} SIRET à la fin remplacée par des zéros",
        "{n} SIRET à la fin remplacée par des zéros",
        f"reprenez les 14 chiffres à la source, {_TEXT_COLUMN}",
    ),
    "siret-key": (
        "{n} SIRET à la clé de contrôle fausse",
        "{n} SIRET à la clé de contrôle fausse",
        "vérifiez les 14 chiffres sur l'annuaire des entreprises",
    ),
    "boolean-case": (
        "{n} réponse aux majuscules différentes",
        "{n} réponses aux majuscules différentes",
        "recopiez le mot du standard[, {yes} ou {no}]",
    ),
    "boolean-words": (
        "{n} réponse en d'autres mots",
        "{n} réponses en d'autres mots",
        "écrivez l'un des mots du standard[, {yes} ou {no}]",
    ),
    "enum-case": (
        "{n} valeur aux majuscules différentes",
        "{n} valeurs aux majuscules différentes",
        _ONE_OF,
    ),
    "enum-blanks": (
        "{n} valeur avec des espaces de trop",
        "{n} valeurs avec des espaces de trop",
        _ONE_OF,
    ),
    "enum-near": (
        "{n} valeur proche d'une valeur admise",
        "{n} valeurs proches d'une valeur admise",
        _ONE_OF,
    ),
    "rna-case": (
        "{n} numéro RNA avec une minuscule",
        "{n} numéros RNA avec une minuscule",
        "mettez un W majuscule",
    ),
    "rna-local": (
        "{n} numéro RNA avec d'autres lettres (Alsace-Moselle, outre-mer)",
        "{n} numéros RNA avec d'autres lettres (Alsace-Moselle, outre-mer)",
        "le standard ne les admet pas, donnez le SIRET et laissez cette cellule vide",
    ),
    "too-long": (
        "{n} texte trop long",
        "{n} textes trop longs",
        "{limit} caractères au plus, raccourcissez",
    ),
    "empty": (
        "{n} cellule vide",
        "{n} cellules vides",
        "une valeur est obligatoire[, comme {example}]",
    ),
    "placeholder": (
        "{n} mention à la place d'une valeur",
        "{n} mentions à la place d'une valeur",
        "écrivez la valeur, ou laissez la cellule vide",
    ),
    "placeholder.other": (
        "{n} mention à la place d'une valeur",
        "{n} mentions à la place d'une valeur",
        _OR_OTHER,
    ),
    "placeholder.required": (
        "{n} mention à la place d'une valeur obligatoire",
        "{n} mentions à la place d'une valeur obligatoire",
        "écrivez la valeur",
    ),
    "blanks": (
        "{n} valeur entourée de blancs ou de fins de ligne",
        "{n} valeurs entourées de blancs ou de fins de ligne",
        "ôtez-les",
    ),
    "blanks.other": (
        "{n} cellule qui ne contient que des blancs",
        "{n} cellules qui ne contiennent que des blancs",
        _OR_OTHER,
    ),
    "excel-error": (
        "{n} erreur de tableur à la place d'une valeur",
        "{n} erreurs de tableur à la place de valeurs",
        "corrigez la formule ou la largeur de la colonne, puis exportez de nouveau",
    ),
    "words": (
        "{n} cellule avec des mots là où des chiffres sont attendus",
        "{n} cellules avec des mots là où des chiffres sont attendus",
        "écrivez la valeur seule, et le reste dans une autre colonne",
    ),
    "misdecoded": (
        "{n} valeur aux accents abîmés",
        "{n} valeurs aux accents abîmés",
        "récrivez les accents et enregistrez le fichier en UTF-8",
    ),
    "too-short": (
        "{n} texte trop court",
        "{n} textes trop courts",
        "{limit} caractère(s) au moins, complétez",
    ),
    "code-label": (
        "{n} code suivi de son libellé",
        "{n} codes suivis de leur libellé",
        "gardez le code seul",
    ),
    "decimals": (
        "{n} nombre à décimales là où un nombre entier est attendu",
        "{n} nombres à décimales là où un nombre entier est attendu",
        "écrivez un nombre entier",
    ),
    "minus-sign": (
        "{n} {noun} au signe moins mal écrit",
        "{n} {noun} au signe moins mal écrit",
        "mettez un trait d'union devant le nombre",
    ),
    "parentheses": (
        "{n} {noun} entre parenthèses",
        "{n} {noun} entre parenthèses",
        "mettez un trait d'union devant un nombre négatif",
    ),
    "scientific": (
        "{n} {noun} en notation scientifique",
        "{n} {noun} en notation scientifique",
        "reprenez tous les chiffres à la source",
    ),
    "date-unpadded": (
        "{n} date sans ses zéros",
        "{n} dates sans leurs zéros",
        "écrivez le mois et le jour sur deux chiffres, AAAA-MM-JJ",
    ),
    "date-words": (
        "{n} date écrite en toutes lettres ou parmi d'autres mots",
        "{n} dates écrites en toutes lettres ou parmi d'autres mots",
        "écrivez la date seule, AAAA-MM-JJ",
    ),
    "compact": (
        "{n} date aux chiffres collés",
        "{n} dates aux chiffres collés",
        "mettez des tirets, AAAA-MM-JJ",
    ),
    "impossible": (
        "{n} date qui n'existe pas",
        "{n} dates qui n'existent pas",
        "vérifiez le mois et le jour, AAAA-MM-JJ",
    ),
    "month-only": (
        "{n} mois à la place d'une date",
        "{n} mois à la place de dates",
        "écrivez aussi le jour, AAAA-MM-JJ",
    ),
    "date-several": (
        "{n} cellule avec plusieurs dates",
        "{n} cellules avec plusieurs dates",
        "gardez-en une seule, AAAA-MM-JJ",
    ),
    "period-separator": (
        "{n} période dont les deux dates sont mal séparées",
        "{n} périodes dont les deux dates sont mal séparées",
        "séparez-les par une barre oblique",
    ),
    "period-dmy": (
        "{n} période écrite le jour d'abord",
        "{n} périodes écrites le jour d'abord",
        "écrivez AAAA-MM-JJ/AAAA-MM-JJ",
    ),
    "period-words": (
        "{n} période écrite en toutes lettres ou parmi d'autres mots",
        "{n} périodes écrites en toutes lettres ou parmi d'autres mots",
        "écrivez AAAA-MM-JJ/AAAA-MM-JJ",
    ),
    "enum-accents": (
        "{n} valeur sans ses accents",
        "{n} valeurs sans leurs accents",
        _ONE_OF,
    ),
    "siret-quote": (
        "{n} SIRET entre guillemets ou après une apostrophe",
        "{n} SIRET entre guillemets ou après une apostrophe",
        f"n'écrivez que les 14 chiffres, {_TEXT_COLUMN}",
    ),
    "siret-letters-like": (
        "{n} SIRET avec des lettres à la place de chiffres",
        "{n} SIRET avec des lettres à la place de chiffres",
        "écrivez 0 pour O, 1 pour l ou I",
    ),
    "siret-words": (
        "{n} SIRET parmi d'autres mots",
        "{n} SIRET parmi d'autres mots",
        "n'écrivez que les 14 chiffres",
    ),
    "siret-several": (
        "{n} cellule avec plusieurs SIRET",
        "{n} cellules avec plusieurs SIRET",
        "gardez-en un seul, ou faites une ligne par bénéficiaire",
    ),
    "siret-siren-zeros": (
        "{n} SIREN suivi de cinq zéros",
        "{n} SIREN suivis de cinq zéros",
        "donnez les 5 chiffres de l'établissement, que donne l'annuaire des entreprises",
    ),
    "siret-length": (
        "{n} SIRET qui n'a pas 14 chiffres",
        "{n} SIRET qui n'ont pas 14 chiffres",
        "vérifiez les 14 chiffres sur l'annuaire des entreprises",
    ),
    "siret-tva": (
        "{n} numéro de TVA à la place d'un SIRET",
        "{n} numéros de TVA à la place de SIRET",
        "cherchez le SIRET sur l'annuaire des entreprises",
    ),
    "siret-foreign": (
        "{n} numéro étranger à la place d'un SIRET",
        "{n} numéros étrangers à la place de SIRET",
        "le standard n'admet qu'un SIRET, cherchez celui de l'organisme",
    ),
    "siret-rna": (
        "{n} numéro RNA à la place d'un SIRET",
        "{n} numéros RNA à la place de SIRET",
        "à déplacer dans la colonne du numéro RNA",
    ),
    "rna-blanks": (
        "{n} numéro RNA avec des espaces ou d'autres signes",
        "{n} numéros RNA avec des espaces ou d'autres signes",
        "écrivez W et les 9 chiffres à la suite",
    ),
    "rna-length": (
        "{n} numéro RNA qui n'a pas 9 chiffres",
        "{n} numéros RNA qui n'ont pas 9 chiffres",
        "vérifiez la lettre W, puis 9 chiffres",
    ),
    "rna-letter": (
        "{n} numéro RNA sans sa lettre",
        "{n} numéros RNA sans leur lettre",
        "vérifiez que c'est un numéro RNA et mettez un W devant",
    ),
    "rna-siret": (
        "{n} SIRET à la place d'un numéro RNA",
        "{n} SIRET à la place de numéros RNA",
        "à déplacer dans la colonne du SIRET",
    ),
    "rna-siren": (
        "{n} SIREN à la place d'un numéro RNA",
        "{n} SIREN à la place de numéros RNA",
        "donnez le SIRET dans sa colonne",
    ),
    "year-decimal": (
        "{n} année suivie de décimales",
        "{n} années suivies de décimales",
        "écrivez les quatre chiffres seuls",
    ),
    "year-date": (
        "{n} date à la place d'une année",
        "{n} dates à la place d'années",
        "écrivez l'année seule, sur quatre chiffres",
    ),
    "year-words": (
        "{n} année parmi d'autres mots",
        "{n} années parmi d'autres mots",
        "écrivez les quatre chiffres seuls",
    ),
    "year-several": (
        "{n} cellule avec plusieurs années",
        "{n} cellules avec plusieurs années",
        "gardez-en une seule",
    ),
}
"""By cause: one, many, what to do.  {noun} is one of the nouns above."""

REPEATED = {
    "type-error": ("{n} valeurs mal écrites", "corrigez-les[, sur le modèle de {example}]"),
    "type-error.date": ("{n} dates mal écrites", "écrivez AAAA-MM-JJ[, comme {example}]"),
    "type-error.year": ("{n} années mal écrites", "écrivez quatre chiffres[, comme {example}]"),
    "type-error.number": (
        "{n} {noun} mal écrits",
        "écrivez des chiffres avec un point pour les décimales[, comme {example}]",
    ),
    "type-error.integer": (
        "{n} nombres entiers mal écrits",
        "écrivez des chiffres seuls, sans décimales[, comme {example}]",
    ),
    "type-error.boolean": (
        "{n} réponses mal écrites",
        "écrivez l'un des mots du standard[, {yes} ou {no}]",
    ),
    "constraint-error": (
        "{n} valeurs contraires à la règle de la colonne ({limit})",
        "corrigez-les[, sur le modèle de {example}]",
    ),
    "constraint-error.required": (
        "{n} cellules vides",
        "une valeur est obligatoire[, comme {example}]",
    ),
    "constraint-error.enum": ("{n} valeurs qui ne sont pas admises", "choisissez parmi {limit}"),
    "constraint-error.pattern": (
        "{n} valeurs qui n'ont pas la forme attendue",
        "récrivez-les[, sur le modèle de {example}]",
    ),
    "constraint-error.maxLength": (
        "{n} textes trop longs",
        "{limit} caractères au plus, raccourcissez",
    ),
    "constraint-error.minLength": (
        "{n} textes trop courts",
        "{limit} caractère(s) au moins, complétez",
    ),
    "constraint-error.minimum": (
        "{n} valeurs trop petites",
        "{limit} au moins[, par exemple {example}]",
    ),
    "constraint-error.maximum": (
        "{n} valeurs trop grandes",
        "{limit} au plus[, par exemple {example}]",
    ),
    "french-siret-value": (
        "{n} SIRET invalides",
        "vérifiez les 14 chiffres sur l'annuaire des entreprises",
    ),
    "totem-personal-data": (
        "{n} annexes qui portent des données personnelles",
        "masquez-les, par exemple avec « scdl mask », avant de publier ce fichier",
    ),
    "totem-masked": (
        "{n} annexes dont des données personnelles ont été masquées (article L311-7 du CRPA)",
        "gardez votre fichier d'origine",
    ),
    "unique-error": ("{n} valeurs déjà prises par une autre ligne", "corrigez l'une ou l'autre"),
    "primary-key": (
        "{n} lignes qui ont la clé d'une autre ({fields})",
        "corrigez l'une des deux, ou supprimez celle qui répète l'autre",
    ),
    "primary-key.empty": ("{n} lignes sans clé ({fields})", "remplissez ces colonnes"),
    "one-of-required": ("{n} lignes sans {first} ni {second}", "renseignez au moins l'un des deux"),
    "one-of-required.misnamed": (
        "{n} lignes sans {first} ni {second}",
        "« {label} » semble être la colonne {name}, renommez d'abord celle-ci",
    ),
    "blank-row": ("{n} lignes vides", "supprimez-les"),
    "missing-cell": (
        "{n} cellules manquantes, les lignes sont trop courtes",
        "vérifiez le nombre de séparateurs",
    ),
    "total-row": (
        "{n} lignes qui semblent des totaux",
        "supprimez-les, le tableau ne contient que des données",
    ),
    "note-row": (
        "{n} lignes qui semblent des notes et non des données",
        "supprimez-les, ou mettez-les dans la description du jeu de données",
    ),
    "header-repeated": ("{n} lignes qui répètent les noms des colonnes", "supprimez-les"),
    "quote-unclosed": (
        "{n} guillemets non refermés sur leur ligne, ce qui suit est lu comme un texte",
        "fermez-les, ou ôtez-les",
    ),
    "extra-cell": (
        "{n} cellules de trop, les lignes sont trop longues",
        "un séparateur ou une virgule décimale n'est sans doute pas entre guillemets",
    ),
    "extra-label": (
        "{n} colonnes hors du standard",
        "elles ne sont pas contrôlées, retirez-les ou gardez-les en connaissance de cause",
    ),
    "extra-label.blank": ("{n} colonnes sans nom", "nommez-les ou retirez-les"),
    "amount-nan": (
        "{n} montants qui n'en sont pas",
        "écrivez-les en chiffres, ou corrigez le calcul qui a donné cela",
    ),
    "amount-negative": (
        "{n} montants négatifs",
        "vérifiez que ce sont bien des reversements ou des annulations",
    ),
    "amount-zero": (
        "{n} montants nuls",
        "vérifiez-les, et retirez les lignes où rien n'a été attribué",
    ),
    "amount-unusual": (
        "{n} {noun} que peu d'outils savent lire",
        "écrivez-les en chiffres, avec un point pour les décimales[, comme {example}]",
    ),
    "period-impossible": (
        "{n} périodes hors du calendrier",
        "vérifiez le mois et le jour, dans l'ordre AAAA-MM-JJ",
    ),
    "period-reversed": (
        "{n} périodes qui finissent avant de commencer",
        "vérifiez leurs deux dates, le début vient d'abord",
    ),
    "shares-not-whole": (
        "{n} aides dont les parts ne font pas 1",
        "vérifiez la part de chaque bénéficiaire, 0.5 pour la moitié",
    ),
    "siret-rounded": (
        "{n} SIRET à la fin remplacée par des zéros",
        f"reprenez les 14 chiffres à la source, {_TEXT_COLUMN}",
    ),
    "reference-date-like": (
        "{n} références qui ressemblent à une date",
        f"vérifiez-les, {_TEXT_COLUMN}",
    ),
    "probable-duplicate": (
        "{n} lignes qui en répètent une autre",
        "supprimez-les si c'est la même aide",
    ),
    "budget-zero-lost": ("{n} codes qui ont perdu leur zéro", f"corrigez-les, {_TEXT_COLUMN}"),
}
"""By code, and rule where the code has several: many, what to do.  One alone has its sentence."""

EXPECTED = {
    "file-too-large": "{limit} Mo au plus",
    "totem-siret-invalid": "14 chiffres, dont une clé de contrôle juste",
    "totem-exercice-invalid": "une année sur quatre chiffres, comme 2024",
    "totem-etape-unknown": "01, 02, 03, 09 ou 10",
    "totem-nomenclature-unknown.slip": "l'une des nomenclatures : {known}",
    "totem-code-invalid": "l'un des codes : {known}",
    "totem-amount-invalid": "un nombre avec un point, comme 1234.50",
    "totem-text-too-long": "{limit} caractères au plus",
    "encoding-error": "un texte en UTF-8",
    "encoding-not-utf8": "un texte en UTF-8",
    "delimiter-not-comma": "la virgule",
    "title-lines": "l'en-tête sur la première ligne",
    "header-two-rows": "un en-tête d'une seule ligne",
    "unmatched-header": "les noms des colonnes sur la première ligne ({known}…)",
    "missing-label": "une colonne nommée {field}",
    "missing-optional-label": "une colonne nommée {field}",
    "duplicate-label": "une seule colonne de ce nom",
    "label-order": "l'ordre du standard",
    "table-without-rows": "au moins une ligne sous l'en-tête",
    "table-too-long": "{limit} lignes au plus",
    "cell-too-long": "{limit} caractères au plus",
    "missing-cell": "autant de cellules que l'en-tête",
    "extra-cell": "autant de cellules que l'en-tête",
    "type-error": "une valeur de la forme attendue[, comme {example}]",
    "type-error.date": "une date AAAA-MM-JJ[, comme {example}]",
    "type-error.year": "une année sur quatre chiffres[, comme {example}]",
    "type-error.number": "un nombre avec un point[, comme {example}]",
    "type-error.integer": "un nombre entier[, comme {example}]",
    "type-error.boolean": "l'un des mots du standard[, {yes} ou {no}]",
    "constraint-error": "{limit}[, comme {example}]",
    "constraint-error.required": "une valeur[, comme {example}]",
    "constraint-error.enum": "l'une des valeurs : {limit}",
    "constraint-error.pattern": "une valeur de la forme attendue[, comme {example}]",
    "constraint-error.maxLength": "{limit} caractères au plus",
    "constraint-error.minLength": "{limit} caractère(s) au moins",
    "constraint-error.minimum": "{limit} au moins",
    "constraint-error.maximum": "{limit} au plus",
    "french-siret-value": "14 chiffres, dont une clé de contrôle juste",
    "unique-error": "une valeur par ligne, jamais deux fois la même",
    "primary-key": "des valeurs qu'aucune autre ligne n'a dans {fields}",
    "one-of-required": "{first} ou {second} rempli",
    "one-of-required.misnamed": "une colonne nommée {name}",
    "amount-nan": "un montant en chiffres",
    "amount-unusual": "un nombre avec un point[, comme {example}]",
    "period-impossible": "AAAA-MM-JJ, ou AAAA-MM-JJ/AAAA-MM-JJ",
    "period-reversed": "le début avant la fin",
    "shares-not-whole": "des parts dont la somme est 1",
    "siret-rounded": "14 chiffres, dont une clé de contrôle juste",
    "several-values": "une seule valeur dans toute la colonne",
    "siret-differs": "{form}, comme au formulaire",
    "exercice-differs": "{form}, comme au formulaire",
    "etape-differs": "{form}, comme au formulaire",
}
"""The expected form as a phrase, by code and rule; none where the sentence alone can tell."""

PATTERNS = {
    r"^\d{14}$": "14 chiffres",
    r"^W\d{9}$": "la lettre W suivie de 9 chiffres",
    r"^[0-9]{4}\-[0-9]{2}\-[0-9]{2}(\/[0-9]{4}\-[0-9]{2}\-[0-9]{2})?$": "AAAA-MM-JJ, ou AAAA-MM-JJ/AAAA-MM-JJ",
}
"""The standards' regular expressions, in words."""

LABELS = {
    "title": "Rapport de contrôle",
    "causes": "Causes",
    "to-correct": "À corriger",
    "to-look-at": "À regarder",
    "cells": "Constat par constat",
    "reading": "Comment le fichier a été lu",
    "totals": "Totaux",
    "level": "Niveau",
    "code": "Code",
    "count": "Nombre",
    "row": "Ligne du tableau",
    "line": "Ligne du fichier",
    "first": "Première ligne",
    "last": "Dernière ligne",
    "column": "Colonne",
    "field": "Champ",
    "element": "Élément",
    "value": "Valeur",
    "message": "Ce qui ne va pas et que faire",
    "expected": "Forme attendue",
    "proposal": "Proposition",
    "name": "Fichier",
    "format": "Format",
    "encoding": "Encodage",
    "delimiter": "Séparateur",
    "sheet": "Feuille",
    "header_row": "Ligne de l'en-tête",
    "rows": "Lignes de données",
    "columns": "Colonnes",
    "sha256": "Empreinte SHA-256",
}
"""Titles and column headings of a report."""

DELIMITERS = {",": "virgule", ";": "point-virgule", "\t": "tabulation", "|": "barre verticale"}
LISTED = "{listed} constats listés sur {all} ; les totaux les comptent tous."
