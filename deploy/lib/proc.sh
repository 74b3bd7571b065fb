# Sourced. A bare chroot has no /proc, which browsers and sanitizers can't do without: it is mounted for as long as the script runs.

# Call once, before the script sets an EXIT trap of its own; that trap must then call unmount_proc.
mounted_proc=""
as_root_for_proc=()
[ "$(id -u)" -eq 0 ] || as_root_for_proc=(sudo)
mount_proc_where_missing() {
  [ ! -e /proc/self ] || return 0
  "${as_root_for_proc[@]}" mount -t proc proc /proc || {
    echo "/proc is not mounted here; next: as root, mount -t proc proc /proc" >&2
    return 1
  }
  mounted_proc=yes
  trap unmount_proc EXIT
}
unmount_proc() {
  [ -z "$mounted_proc" ] || "${as_root_for_proc[@]}" umount --lazy /proc
  mounted_proc=""
}
