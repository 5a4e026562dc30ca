#!/bin/sh
# All tiers of tests one after another, or the one that is named; called by ./portal test.
# Last line: N passed, N failed, N skipped. Exit code 0 when nothing failed.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"
tiers="unit component integration browser torture"
wanted=
install=
built=

for argument; do
  case $argument in
    --install) install=yes ;;
    --built) built=yes ;; # the caller has just built the solution
    unit | component | integration | browser | torture) wanted="$wanted $argument" ;;
    screenshots) wanted=screenshots ;;
    *) echo "portal test: there is no tier '$argument'. Tiers: $tiers" >&2; exit 2 ;;
  esac
done

project_of() {
  case $1 in
    unit) echo PartnerPortal.UnitTests ;;
    component) echo PartnerPortal.ComponentTests ;;
    integration) echo PartnerPortal.IntegrationTests ;;
    browser | screenshots) echo PartnerPortal.BrowserTests ;;
    torture) echo PartnerPortal.Torture ;;
  esac
}

# What the tests need beside the SDK and Node: package, then the program it brings. The only list of them.
packages() {
  cat <<'LIST'
chromium                   chromium
postgresql                 /usr/lib/postgresql/*/bin/postgres
prometheus                 prometheus
prometheus-alertmanager    prometheus-alertmanager
prometheus-node-exporter   prometheus-node-exporter
victoria-metrics           victoria-metrics
LIST
}

install_missing() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    missing=$(packages | while read -r package program; do
      command -v $program >/dev/null 2>&1 || ls $program >/dev/null 2>&1 || echo "$package"
    done)
    [ -n "$missing" ] || return 0
    echo "Installing" $missing
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends $missing >/dev/null
  elif ! command -v chromium >/dev/null; then
    node "artifacts/bin/PartnerPortal.BrowserTests/debug/.playwright/package/cli.js" install chromium
  fi
}

[ -n "$built" ] || dotnet build PartnerPortal.sln -v q --tl:off
[ -z "$install" ] || install_missing

# Test processes end long before code that was compiled twice to count its calls would pay.
export DOTNET_TieredPGO=0

logs=$root/artifacts/test-logs
mkdir -p "$logs"

if [ "$wanted" = screenshots ]; then
  PORTAL_SCREENSHOTS="${PORTAL_SCREENSHOTS:-$root/docs/images}" exec dotnet test --project tests/PartnerPortal.BrowserTests --no-build \
    -- --filter-class '*Screenshots*' --explicit on
fi

number() {
  sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$2" | tail -1
}

passed=0 failed=0 skipped=0
for tier in ${wanted:-$tiers}; do
  echo "== $tier"
  log=$logs/$tier.log
  { dotnet test --project "tests/$(project_of "$tier")" --no-build && echo 0 >"$log.code" || echo $? >"$log.code"; } 2>&1 | tee "$log"
  ok=$(number succeeded "$log") bad=$(number failed "$log") left=$(number skipped "$log")
  # A run that broke before it could count is a failure, too.
  [ "$(cat "$log.code")" = 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
  passed=$((passed + ${ok:-0})) failed=$((failed + ${bad:-0})) skipped=$((skipped + ${left:-0}))
done

# What failed, once more: the logs above are long.
if [ "$failed" != 0 ]; then
  echo "== failed"
  for tier in ${wanted:-$tiers}; do
    awk '/^failed /{shown = 1; lines = 0} /^[^ ]/ && !/^failed /{shown = 0} shown && lines++ < 12' "$logs/$tier.log"
  done
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
