"""Words of CKAN that our pages show and its own French catalogue lacks.

Never imported: `pybabel extract` reads them here.
"""

from ckan.plugins.toolkit import _

# CKAN 2.12: the button that ends the resource form
_("Publish")
