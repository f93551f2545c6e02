#!/usr/bin/env bash
# Fetch the front-end files and fonts anew from the npm registry (needs Node; nothing else does).
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm --prefix "$work" install --ignore-scripts --no-audit --no-fund bootstrap@5.3.9 plyr@3.8.4 @expo-google-fonts/noto-sans-sc@0.4.3
modules=$work/node_modules
target=site/config/static/vendor/bootstrap
cp "$modules/bootstrap/dist/css/bootstrap.min.css" "$modules/bootstrap/dist/js/bootstrap.bundle.min.js" "$modules/bootstrap/LICENSE" "$target/"
sed -i '/sourceMappingURL/d' "$target"/bootstrap.*  # the maps are not committed
target=site/config/static/vendor/plyr
cp "$modules"/plyr/dist/plyr.{min.js,css,svg} "$target/"
cp "$modules/plyr/LICENSE.md" "$target/LICENSE"
sed -i '/sourceMappingURL/d' "$target"/plyr.min.js "$target"/plyr.css
fonts=$modules/@expo-google-fonts/noto-sans-sc
cp "$fonts"/400Regular/*.ttf "$fonts"/700Bold/*.ttf site/config/fonts/
cp "$fonts/LICENSE_FONT" site/config/fonts/LICENSE
