# Sourced. What the authenticators of the demo's people would show.

readonly code_lasts_s=30

# print_code NAME: a code that the demo has not printed before and that opens now. A step's code opens once; the next step's is taken early,
# so the second one within half a minute is there at once, and only the third is waited for.
print_code() (
  [ -r "$accounts" ] ||
    fail "there is no demo in $demo" "$demo にデモがありません" \
      "deploy/demo starts one; --folder DIR names another place" "deploy/demo で始められます。別の場所は --folder DIR で指定します"
  jq --exit-status --arg username "$1" 'any(.username == $username)' "$accounts" >/dev/null ||
    fail "there is no account \"$1\"" "アカウント「$1」はありません" \
      "choose one of: $(jq -r '[.[].username] | join(", ")' "$accounts")" "次から選んでください: $(jq -r '[.[].username] | join("、")' "$accounts")"
  mkdir -p "$demo/codes"
  exec 8>>"$demo/codes/$1"
  flock 8
  present=$(($(date +%s) / code_lasts_s))
  step=$(($(cat "$demo/codes/$1") + 1))
  [ "$step" -ge "$present" ] || step=$present
  echo "$step" >"$demo/codes/$1"
  while [ "$step" -gt $(($(date +%s) / code_lasts_s + 1)) ]; do sleep 0.2; done
  jq -r --arg username "$1" '.[] | select(.username == $username) | .totp_secret' "$accounts" |
    yagura person otp-code --at "$(date --utc --date="@$((step * code_lasts_s))" +%FT%TZ)"
)
