#!/bin/sh
# Deletes the build caches of branches that are gone, and those that a newer one replaced. cache-main
# stays, and so does everything that is no build cache: the platforms and attestations of an image
# have no tag either. Needs gh, curl and jq; GH_TOKEN: who may delete these packages;
# GITHUB_REPOSITORY: owner/name of the repository whose branches count.
set -eu

: "${CACHES:=@CACHES@}"

branches=$(gh api --paginate "repos/$GITHUB_REPOSITORY/branches?per_page=100" --jq '.[].name')
[ -n "$branches" ] || exit 1
slugs=$(printf 'main\n%s\n' "$branches" | tr -c 'A-Za-z0-9_.\n-' '-' | cut -c1-100)
token=$(printf %s "$GH_TOKEN" | base64 | tr -d '\n')

in_use() { # a tag of an image, or cache-, perhaps a target or platform and --, and a branch
  case $1 in cache-*) ;; *) return 0 ;; esac
  name=${1#cache-}
  printf '%s\n%s\n' "$name" "${name#*--}" | cut -c1-100 | grep -qxF "$slugs"
}

is_cache() { # a digest
  media_type=$(curl --silent --fail --header "Authorization: Bearer $token" \
    --header "Accept: application/vnd.oci.image.manifest.v1+json" \
    "https://ghcr.io/v2/$package/manifests/$1" | jq -r .config.mediaType)
  [ "$media_type" = application/vnd.buildkit.cacheconfig.v0 ]
}

for cache in $CACHES; do
  package=$(printf %s "${cache#ghcr.io/}" | tr '[:upper:]' '[:lower:]')
  owner=${package%%/*}
  name=$(printf %s "${package#*/}" | sed 's|/|%2F|g')
  kind=$(gh api "users/$owner" --jq 'if .type == "Organization" then "orgs" else "users" end')
  versions=$kind/$owner/packages/container/$name/versions
  found=$(gh api --paginate "$versions?per_page=100" \
    --jq '.[] | "\(.id) \(.name) \(.metadata.container.tags | join(" "))"')
  printf '%s\n' "$found" | while read -r id digest tags; do
    for tag in $tags; do
      if in_use "$tag"; then continue 2; fi
    done
    if [ -n "$digest" ] && is_cache "$digest"; then
      echo "deleting $cache ${tags:-$digest}"
      gh api --method DELETE "$versions/$id"
    fi
  done
done
