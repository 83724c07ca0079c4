"""All rules for the area `proxy/`, in the order in which the one before is preferred."""

from __future__ import annotations

from pytest_models_contract.evidence.diagnoses.proxies import (
    callers,
    failures,
    keys,
    lists,
    models,
    passing,
)

RULES = (
    lists.first_pages,
    lists.pages_without_the_query,
    lists.wrong_lists,
    lists.wrong_envelopes,
    lists.odd_ids,
    failures.empty_lists,
    failures.partial_lists,
    passing.cut_bodies,
    passing.broken_bodies,
    failures.successes,
    keys.servers_keys,
    keys.clients_keys,
    keys.shown_keys,
    keys.redirected_keys,
    callers.other_clients,
    callers.refused_betas,
    callers.shared_cookies,
    models.decoded_paths,
    models.not_found_alone,
    models.unknown_ids,
    models.changed_values,
    failures.lost_errors,
    failures.no_response,
    failures.lost_retry_after,
    failures.compressed_errors,
    failures.request_ids,
    failures.costly_failures,
    failures.endless_lists,
    failures.no_recovery,
    failures.old_catalogues,
    passing.lost_headers,
    passing.lost_beta_query,
    passing.hop_by_hop,
    passing.compressed_for_all,
)
