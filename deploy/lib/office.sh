# Sourced. The demo's small office, entered by the product's own commands: three departments on three floors, a person for each post.

readonly departments=(RESIDENTS TAX WELFARE)
readonly department_names=("Residents' affairs (区民部)" "Taxes (税務部)" "Welfare (福祉部)")
readonly far_past=2020-01-01T00:00:00+09:00

new_password() { openssl rand -hex 10; }

# add_person USERNAME NAME POST UNIT: enters the person and the post, and adds the account to the file $accounts.
add_person() {
  local password
  password=$(new_password)
  yagura person add --username "$1" --name "$2" <<<"$password"
  yagura assignment add --person "$1" --post "$3" --unit "$4" --from "$far_past" </dev/null
  (
    umask 077
    # By the environment: what stands among the arguments, everyone on the machine can read.
    password=$password jq --arg username "$1" --arg post "$3" --arg department "$4" \
      '. + [{username: $username, password: env.password, totp_secret: null, post: $post, department: $department}]' \
      "$accounts" >"$accounts.new"
  )
  mv "$accounts.new" "$accounts"
}

load_places_and_departments() {
  local n
  yagura place add-site --code HQ --name "Main building site (本庁舎敷地)"
  yagura place add-building --site HQ --code MAIN --name "Main building (本庁舎)"
  yagura department add --code WARD --name "Ward office (区役所)"
  for n in 1 2 3; do
    yagura place add-floor --building MAIN --code "${n}F" --name "Floor $n (${n}階)" --ordinal "$n"
    yagura department add --code "${departments[n - 1]}" --name "${department_names[n - 1]}" --parent WARD
  done
}

load_people() {
  (umask 077 && echo '[]' >"$accounts")
  add_person head.residents "Head of residents' affairs" department_head RESIDENTS
  add_person head.tax "Head of taxes" department_head TAX
  add_person head.welfare "Head of welfare" department_head WELFARE
  add_person manager "General manager" general_manager WARD
  add_person crisis "Crisis-management desk" crisis_management WARD
  add_person operations "Camera operations" operations WARD
  add_person auditor "Auditor" auditor WARD
  add_person administrator "Administrator" administrator WARD
}

# load_cameras FROM TO PORT: cameras of these numbers, spread over the floors.
load_cameras() {
  local n floor
  for ((n = $1; n <= $2; n++)); do
    floor=$(((n - 1) % 3 + 1))
    yagura camera add --code "$(printf '%dF-%02d' "$floor" $(((n - 1) / 3 + 1)))" --name "Floor $floor, desk $(((n - 1) / 3 + 1))" \
      --floor "${floor}F" --unit "${departments[floor - 1]}" --url "rtsp://127.0.0.1:$3/camera/$n" --in-service --if-absent </dev/null
  done
}
