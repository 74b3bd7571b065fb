# Sourced. The demo's ward office: that of tests/data/office with its days moved so that phase 1 goes in service on the day of the first
# start, its cameras' addresses those of the simulated ones, and as many of them in service as there are. Entered by the product's own
# commands, a password for each of its people.

readonly ward_office=tests/data/office
readonly ward_cameras=100
readonly ward_day=2026-06-01   # phase 1 there

new_password() { openssl rand -hex 10; }
rows_of() { sed -e '1d' -e 's/\r$//' "$1"; }

# Code of each camera, those of phase 1 first, spread over the floors: the n-th is simulated camera n.
cameras_in_order() {
  rows_of "$ward_office/cameras.csv" | awk -F, '{ n = $1; sub(/.*-/, "", n); print $3 "," n "," $1 }' | sort -t, -k1,1 -k2,2n -k3,3
}

# The sheet $1 with every date moved by $2 days.
moved_by_days() {
  TZ=UTC awk -F, -v OFS=, -v days="$2" '
    { sub(/\r$/, "")
      for (i = 1; i <= NF; i++)
        if ($i ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]/) {
          day = mktime(substr($i, 1, 4) " " substr($i, 6, 2) " " substr($i, 9, 2) " 12 00 00") + days * 86400
          $i = strftime("%Y-%m-%d", day) substr($i, 11)
        }
      print }' "$ward_office/$1"
}

# write_office FOLDER CAMERAS PORT: the office as files, as it is from now on.
write_office() {
  local folder=$1 cameras=$2 port=$3 now today days sheet
  now=$(TZ=Asia/Tokyo date +%FT%T+09:00)
  today=${now%%T*}
  days=$((($(date -u --date="$today" +%s) - $(date -u --date="$ward_day" +%s)) / 86400))
  mkdir -p "$folder"
  for sheet in places units people assignments placements charges phases; do
    moved_by_days "$sheet.csv" "$days" >"$folder/$sheet.csv"
  done
  start_phases_of "$cameras" "$today" "$folder/phases.csv"
  cameras_in_order | awk -F, -v port="$port" -v sheet="$ward_office/cameras.csv" '
    { number[$3] = NR }
    END {
      FS = ","; OFS = ","
      while ((getline <sheet) > 0) {
        sub(/\r$/, "")
        if ($1 in number) $4 = "rtsp://127.0.0.1:" port "/camera/" number[$1]
        print
      }
    }' >"$folder/cameras.csv"
  {
    echo camera,state,from,to,note
    cameras_in_order | awk -F, -v cameras="$cameras" -v now="$now" '
      { print $3 "," (NR <= cameras ? "in_service" : "planned") "," now ",," }'
  } >"$folder/states.csv"
}

# A phase that has a camera among the first $1 went in service on day $2.
start_phases_of() {
  local phase
  for phase in $(cameras_in_order | head -n "$1" | cut -d, -f1 | sort -u); do
    sed -i "s/^\($phase,.*\),[^,]*$/\1,$2/" "$3"
  done
}

# The post that a person holds today, or will: "post,unit"; of several units the last.
post_of() {
  awk -F, -v person="$1" -v today="$(TZ=Asia/Tokyo date +%F)" '
    $1 != person { next }
    coming == "" { coming = $2 "," $3 }
    $4 <= today && ($5 == "" || today < $5) && (post == "" || post == $2) { post = $2; held = $2 "," $3 }
    END { print held != "" ? held : coming }' "$2"
}

# add_person USERNAME NAME POST UNIT: enters the person, and adds the account to the file $accounts.
add_person() {
  local password said
  password=$(new_password)
  said=$(yagura person add --username "$1" --name "$2" <<<"$password")
  (
    umask 077
    # By the environment: what stands among the arguments, everyone on the machine can read.
    password=$password said=$said jq --arg username "$1" --arg post "$3" --arg department "$4" \
      '. + [{username: $username, password: env.password, totp_secret: (env.said | capture("secret=(?<it>[A-Z2-7]+)").it),
             post: $post, department: $department}]' \
      "$accounts" >"$accounts.new"
  )
  mv "$accounts.new" "$accounts"
}

# load_people_of FOLDER: whoever of its people has no account yet gets one; the import then gives them their names.
load_people_of() {
  local username post
  [ -s "$accounts" ] || (umask 077 && echo '[]' >"$accounts")
  while IFS=, read -r username _; do
    jq --exit-status --arg username "$username" 'any(.username == $username)' "$accounts" >/dev/null && continue
    post=$(post_of "$username" "$1/assignments.csv")
    add_person "$username" "$username" "${post%,*}" "${post#*,}"
  done < <(rows_of "$1/people.csv")
}

# load_ward_office FOLDER: its people with passwords, then all of it.
load_ward_office() {
  local username name post
  (umask 077 && echo '[]' >"$accounts")
  while IFS=, read -r username name _; do
    post=$(post_of "$username" "$1/assignments.csv")
    add_person "$username" "$name" "${post%,*}" "${post#*,}"
  done < <(rows_of "$1/people.csv")
  yagura office import "$1" --apply
}

# more_in_service FROM TO: simulated cameras of these numbers go in service too.
more_in_service() {
  local phase number code today
  today=$(TZ=Asia/Tokyo date +%F)
  while IFS=, read -r phase number code; do
    yagura camera change --camera "$code" --state in_service </dev/null
  done < <(cameras_in_order | sed -n "$1,$2p")
  for phase in $(cameras_in_order | sed -n "$1,$2p" | cut -d, -f1 | sort -u); do
    [ "$phase" = P1 ] || yagura phase change --phase "$phase" --starts "$today" </dev/null
  done
}
