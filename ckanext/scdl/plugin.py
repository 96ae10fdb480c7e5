"""The plugin `scdl`: dataset types, the gate before storage, reports and their pages.

It hands files to the library and words to the templates; rules live in `conformity/`.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation

from ckanext.scdl import cli, gate, helpers, jobs, licences, push_helpers, push_jobs, views
from ckanext.scdl import config as options
from ckanext.scdl.dataset_types import add_standards, dataset_types, standard_of
from ckanext.scdl.logic import action, auth, push, validators

_OURS = ("budget", "subventions")
"""The dataset types that come with the extension."""


class MisplacedPlugin(Exception):
    """`scdl` must stand before `scheming_datasets` and storage plugins in ckan.plugins."""


class MissingSchema(Exception):
    """The portal names schemas of its own to ckanext-scheming, and not ours."""


@tk.blanket.config_declarations
class ScdlPlugin(p.SingletonPlugin, DefaultTranslation):
    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.ITranslation)
    p.implements(p.IUploader, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IValidators)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IBlueprint)
    p.implements(p.IClick)

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "ckanext-scdl")
        _check_scheming(config)

    def configure(self, config: Any) -> None:
        # a wrong word stops CKAN here, not every job later
        options.table_formats()
        if options.schemas_directory():
            add_standards(options.schemas_directory())
        kinds = dataset_types()
        options.check_modes(kinds)
        options.link_limits()
        for kind in kinds:
            standard_of(kind)
        licences.add_licence_ouverte()
        jobs.listen()
        _refuse_earlier_storage()

    def i18n_domain(self) -> str:
        return "ckanext-scdl"

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> None:
        """Check the file, then leave storage to the next plugin, or to CKAN."""
        gate.check_upload(data_dict)

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        package = context.get("package")
        if package is None:
            return
        if package.type in dataset_types():
            jobs.ask_for(gate.settle(package.id), jobs.enqueue_after_commit)
        push_jobs.hide_at_once(package)  # of a former type too, if it was published

    def get_actions(self) -> dict[str, Any]:
        return {
            "package_update": action.package_update,
            **push.ACTIONS,
            "bulk_update_private": push.bulk_update_private,
            "scdl_publication_show": action.scdl_publication_show,
            "scdl_report_show": action.scdl_report_show,
            "scdl_status_show": action.scdl_status_show,
        }

    def get_auth_functions(self) -> dict[str, Any]:
        return {
            **{name: getattr(auth, name) for name in push.ACTIONS},
            "scdl_publication_show": auth.scdl_publication_show,
            "scdl_report_show": auth.scdl_report_show,
            "scdl_status_show": auth.scdl_status_show,
        }

    def get_validators(self) -> dict[str, Any]:
        return {name: f for name, f in vars(validators).items() if name.startswith("scdl_")}

    def get_helpers(self) -> dict[str, Any]:
        return {
            "scdl_badge": helpers.scdl_badge,
            "scdl_status": helpers.scdl_status,
            "scdl_only_documentation": helpers.scdl_only_documentation,
            "scdl_dataset_types": helpers.scdl_dataset_types,
            "scdl_role_extensions": helpers.scdl_role_extensions,
            "scdl_report": helpers.scdl_report,
            "scdl_publication": push_helpers.scdl_publication,
            "scdl_last_plan": push_helpers.scdl_last_plan,
            "scdl_may_publish": push_helpers.scdl_may_publish,
            "scdl_figures": push_helpers.scdl_figures,
            "scdl_publishes": push_helpers.scdl_publishes,
            "humanize_entity_type": helpers.humanize_entity_type,
        }

    def get_commands(self) -> list[Any]:
        return [cli.scdl]

    def get_blueprint(self) -> list[Any]:
        return [views.scdl, views.publication]


def _check_scheming(config: Any) -> None:
    """Our templates extend ckanext-scheming's, and our types are read by it."""
    loaded = tk.aslist(config.get("ckan.plugins"))
    order = [name for name in loaded if name in ("scdl", "scheming_datasets")]
    if order != ["scdl", "scheming_datasets"]:
        raise MisplacedPlugin(
            "ckan.plugins doit nommer « scdl » puis « scheming_datasets », dans cet ordre. "
            "(ckan.plugins must name scdl, then scheming_datasets, in this order.)"
        )
    read = tk.aslist(config.get("scheming.dataset_schemas"))
    for kind in _OURS:
        schema = f"ckanext.scdl:schemas/datasets/{kind}.yaml"
        if schema not in read:
            raise MissingSchema(
                f"Ajoutez {schema} à scheming.dataset_schemas, et "
                "ckanext.scdl:schemas/datasets/presets.yaml à scheming.presets. "
                "(Add both to the options.)"
            )


def _refuse_earlier_storage() -> None:
    """A storage plugin asked before us would store files that we never see."""
    for plugin in p.PluginImplementations(p.IUploader):
        if isinstance(plugin, ScdlPlugin):
            return
        if type(plugin).get_resource_uploader is not p.IUploader.get_resource_uploader:
            raise MisplacedPlugin(
                f"ckan.plugins doit nommer « scdl » avant « {plugin.name} », qui enregistre les "
                f"fichiers. (ckan.plugins must name scdl before {plugin.name}, which stores files.)"
            )
