# Sourced. A bare chroot has no /proc, which browsers and sanitizers can't do without: it is mounted for as long as the script runs.

# Call once, before the script sets an EXIT trap of its own; that trap must then call unmount_proc.
mounted_proc=
mount_proc_where_missing() {
  [ ! -e /proc/self ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! mount -t proc proc /proc; then
    echo "/proc is not mounted here; next: as root, mount -t proc proc /proc" >&2
    return 1
  fi
  mounted_proc=yes
  trap unmount_proc EXIT
}
unmount_proc() {
  [ -z "$mounted_proc" ] || umount --lazy /proc
  mounted_proc=
}
