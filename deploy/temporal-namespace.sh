#!/bin/sh
# The namespace and the search attributes that the workflows use exist.
set -eu
namespace=${TEMPORAL_NAMESPACE:-default}
temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$namespace" --retention 90d

have() { temporal operator search-attribute list --namespace "$namespace" | grep -qw "$1"; }
attribute() {
    have "$1" || temporal operator search-attribute create --namespace "$namespace" --name "$1" --type "$2"
}
attribute Stage Keyword
attribute Organ Keyword
attribute Pack Keyword
attribute Due Datetime
