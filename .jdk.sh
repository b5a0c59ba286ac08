# Finds a JDK 25 or later. Sourced by the launcher and by check.

# Prints the home of the first JDK that is new enough; fails with what to install.
find_jdk25() {
  local home version
  for home in "${ATHANOR_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "$HOME"/.sdkman/candidates/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    [ "${version:-0}" -ge 25 ] && { printf '%s\n' "$home"; return 0; }
  done
  cat >&2 <<'EOF'
error: Athanor needs a JDK 25 or later, and none was found.
hint: install one (Temurin 25 is packaged as temurin-25-jdk), or point JAVA_HOME or ATHANOR_JAVA_HOME at it.
EOF
  return 1
}
