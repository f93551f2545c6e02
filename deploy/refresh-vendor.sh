#!/usr/bin/env bash
# Fetch the front-end files and fonts anew from the npm registry (needs Node; nothing else does).
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm --prefix "$work" install --ignore-scripts --no-audit --no-fund bootstrap@5.3.9 plyr@3.8.4 @expo-google-fonts/noto-sans-sc@0.4.3 \
  scorm-again@3.4.3 h5p-standalone@3.8.2
modules=$work/node_modules
target=site/config/static/vendor/bootstrap
cp "$modules/bootstrap/dist/css/bootstrap.min.css" "$modules/bootstrap/dist/js/bootstrap.bundle.min.js" "$modules/bootstrap/LICENSE" "$target/"
sed -i '/sourceMappingURL/d' "$target"/bootstrap.*  # the maps are not committed
target=site/config/static/vendor/plyr
cp "$modules"/plyr/dist/plyr.{min.js,css,svg} "$target/"
cp "$modules/plyr/LICENSE.md" "$target/LICENSE"
sed -i '/sourceMappingURL/d' "$target"/plyr.min.js "$target"/plyr.css
# These two run on the packages' own origin alone. Their files name no version: VERSION does.
target=site/config/static/vendor/scorm-again
cp "$modules"/scorm-again/dist/scorm{12,2004}.min.js "$modules/scorm-again/LICENSE" "$target/"
node -p "require('$modules/scorm-again/package.json').version" > "$target/VERSION"
target=site/config/static/vendor/h5p-standalone
cp -r "$modules"/h5p-standalone/dist/{main.bundle.js,main.bundle.js.LICENSE.txt,frame.bundle.js,styles,fonts,images} \
  "$modules/h5p-standalone/LICENSE" "$target/"
node -p "require('$modules/h5p-standalone/package.json').version" > "$target/VERSION"
sed -i '/sourceMappingURL/d' site/config/static/vendor/scorm-again/*.js
fonts=$modules/@expo-google-fonts/noto-sans-sc
cp "$fonts"/400Regular/*.ttf "$fonts"/700Bold/*.ttf site/config/fonts/
cp "$fonts/LICENSE_FONT" site/config/fonts/LICENSE
