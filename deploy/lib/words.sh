# shellcheck shell=bash
# The language that scripts speak: that of LC_ALL, LC_MESSAGES or LANG, as `yagura` does.
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
  ja*) in_japanese=yes ;;
  *) in_japanese= ;;
esac

# in_words ENGLISH JAPANESE: prints the one that is asked for.
in_words() {
  if [ -n "$in_japanese" ]; then printf '%s' "$2"; else printf '%s' "$1"; fi
}
