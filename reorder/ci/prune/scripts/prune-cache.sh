#!/bin/sh
# Deletes the build caches of branches that are gone. cache-main stays, and so does everything that
# is no build cache. Needs git, curl and jq; run it in a clone, once a day or so:
#
#   sh @PATH@ [--dry-run]
#
# REGISTRY_USER and REGISTRY_PASSWORD: who may delete there, if the registry asks.
set -eu

caches="@CACHES@"

dry_run=
if [ "${1:-}" = --dry-run ]; then dry_run=yes; fi
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cache_type=application/vnd.buildkit.cacheconfig.v0
accept="application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json"
accept="$accept, application/vnd.docker.distribution.manifest.v2+json"
accept="$accept, application/vnd.docker.distribution.manifest.list.v2+json"

fail() {
  echo "$1" >&2
  exit 1
}

# What a branch is called in a tag: its name, or CI_COMMIT_REF_SLUG as GitLab makes it.
git ls-remote --heads origin >"$work/heads"
[ -s "$work/heads" ] || fail "origin has no branch, so every cache would go; nothing is deleted"
cut -f2 "$work/heads" | sed 's|^refs/heads/||' >"$work/branches"
{
  echo main
  tr -c 'A-Za-z0-9_.\n-' '-' <"$work/branches" | cut -c1-100
  tr '[:upper:]' '[:lower:]' <"$work/branches" | tr -c 'a-z0-9\n' '-' | cut -c1-63 |
    sed 's/^-*//; s/-*$//'
} | grep . >"$work/slugs"

# Whether what follows cache- in a tag is a branch, or a target or platform, -- and a branch.
in_use() {
  printf '%s\n%s\n' "$1" "${1#*--}" | cut -c1-100 | grep -qxF -f "$work/slugs"
}

# ask METHOD URL: the status goes to stdout, the rest to $work/head and $work/body.
ask() {
  curl --silent --show-error --config "$work/login" --request "$1" --header "Accept: $accept" \
    --dump-header "$work/head" --output "$work/body" --write-out '%{http_code}' "$2"
}

header() {
  tr -d '\r' <"$work/head" | sed -n "s/^$1: *//p" | tail -n 1
}

quoted() {
  printf %s "$1" | sed 's/[\\"]/\\&/g'
}

login() {
  : >"$work/login"
  if [ -n "${REGISTRY_USER:-}" ]; then
    user=$(quoted "$REGISTRY_USER:${REGISTRY_PASSWORD:-}")
    printf 'user = "%s"\n' "$user" >"$work/login"
  fi
  curl --silent --show-error --dump-header "$work/head" --output /dev/null "$base/v2/"
  challenge=$(header '[Ww][Ww][Ww]-[Aa]uthenticate')
  case $challenge in
  [Bb]earer*)
    realm=$(printf %s "$challenge" | sed -n 's/.*realm="\([^"]*\)".*/\1/p')
    service=$(printf %s "$challenge" | sed -n 's/.*service="\([^"]*\)".*/\1/p')
    token=$(curl --silent --show-error --fail --config "$work/login" --get "$realm" \
      --data-urlencode "service=$service" \
      --data-urlencode "scope=repository:$1:pull,push,delete" | jq -r '.token // .access_token')
    printf 'header = "Authorization: Bearer %s"\n' "$token" >"$work/login"
    ;;
  esac
}

list_tags() {
  : >"$work/tags"
  url="$base/v2/$1/tags/list?n=1000"
  while [ -n "$url" ]; do
    status=$(ask GET "$url")
    [ "$status" != 404 ] || return 0
    [ "$status" = 200 ] || fail "$url: status $status"
    jq -r '.tags // [] | .[]' "$work/body" >>"$work/tags"
    next=$(header '[Ll]ink' | sed -n 's/^<\([^>]*\)>.*/\1/p')
    case $next in /*) url=$base$next ;; *) url=$next ;; esac
  done
}

prune() {
  list_tags "$1"
  : >"$work/kept"
  : >"$work/stale"
  while IFS= read -r tag; do
    case $tag in cache-*) ;; *) continue ;; esac
    status=$(ask GET "$base/v2/$1/manifests/$tag")
    [ "$status" = 200 ] || fail "$cache:$tag: status $status"
    digest=$(header '[Dd]ocker-[Cc]ontent-[Dd]igest')
    is_cache=$(jq --arg type "$cache_type" \
      '[.config, .manifests[]?] | any(.mediaType? == $type)' "$work/body")
    if in_use "${tag#cache-}"; then
      echo "$digest" >>"$work/kept"
    elif [ "$is_cache" = true ] && [ -n "$digest" ]; then
      echo "$digest $tag" >>"$work/stale"
    fi
  done <"$work/tags"
  # A manifest is deleted with all its tags: it stays as long as one of them is in use.
  while read -r digest tag; do
    if grep -qxF "$digest" "$work/kept"; then
      echo "kept $cache:$tag: a branch that is there has the same cache"
      continue
    fi
    echo "${dry_run:+would be }deleted $cache:$tag"
    [ -z "$dry_run" ] || continue
    status=$(ask DELETE "$base/v2/$1/manifests/$digest")
    case $status in
    2?? | 404) ;; # 404: it had several tags, and went with the first
    405) fail "$cache: the registry does not allow to delete (storage.delete.enabled)" ;;
    *) fail "$cache:$tag: status $status" ;;
    esac
  done <"$work/stale"
}

for cache in $caches; do
  host=${cache%%/*}
  case $host in
  localhost* | 127.*) base=http://$host ;;
  *) base=https://$host ;;
  esac
  login "${cache#*/}"
  prune "${cache#*/}"
done

# What a newer cache replaced has no tag any more, and no registry lists it. It goes, and the space
# is free, when the registry collects garbage, on its own machine. Before registry 3.0 that takes the
# platforms of multi-arch images as well: leave --delete-untagged out if there are any.
#
#   registry garbage-collect --delete-untagged /etc/docker/registry/config.yml
