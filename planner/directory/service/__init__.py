"""Writes of the directory, split by noun. Each checks that `by` may, flushes, and never commits."""

from __future__ import annotations

from planner.directory.service.companies import (
    archive_company,
    create_company,
    edit_company,
    restore_company,
)
from planner.directory.service.imports import (
    ChangedMeanwhileError,
    ImportResult,
    discard_import,
    judge_import,
    remove_old_imports,
    run_import,
    start_import,
)
from planner.directory.service.organisations import (
    create_organisation,
    edit_organisation,
    let_in,
    municipalities_to_add,
    remove_logo,
    set_logo,
)
from planner.directory.service.people import (
    archive_person,
    create_person,
    edit_person,
    renew_link,
    restore_person,
)
from planner.directory.service.personal_data import check_owner, collect, erase, set_disposal
from planner.directory.service.venues import (
    archive_room,
    archive_venue,
    create_room,
    create_venue,
    edit_room,
    edit_venue,
    restore_room,
    restore_venue,
)

__all__ = [
    "ChangedMeanwhileError",
    "ImportResult",
    "archive_company",
    "archive_person",
    "archive_room",
    "archive_venue",
    "check_owner",
    "collect",
    "create_company",
    "create_organisation",
    "create_person",
    "create_room",
    "create_venue",
    "discard_import",
    "edit_company",
    "edit_organisation",
    "edit_person",
    "edit_room",
    "edit_venue",
    "erase",
    "judge_import",
    "let_in",
    "municipalities_to_add",
    "remove_logo",
    "remove_old_imports",
    "renew_link",
    "restore_company",
    "restore_person",
    "restore_room",
    "restore_venue",
    "run_import",
    "set_disposal",
    "set_logo",
    "start_import",
]
