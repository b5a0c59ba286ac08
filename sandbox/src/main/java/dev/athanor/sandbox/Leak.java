package dev.athanor.sandbox;

import java.util.List;

/// One way for something undeclared to get into what a command makes, or out of it.
///
/// @param name what leaks
/// @param script a shell script that prints what it got when the leak is open, and nothing when it
///   is closed. It runs with an input `in`, a symlink `link` to the absolute path `$SECRET` of a
///   host file that it should not see, the process id `$HOST_PID` of this JVM, and a port `$PORT`
///   on which this JVM listens.
/// @param advice what to do when it is open
record Leak(String name, String script, String advice) {
  private static final String BETTER =
      "let everybody make user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0"
          + " on Ubuntu), or install bubblewrap";
  private static final String GROUPS =
      "start athanor in a control group that it may divide: systemd-run --user --scope"
          + " -p Delegate=yes athanor ...";

  private static Leak of(String name, String script) {
    return new Leak(name, script, BETTER);
  }

  /// All that a sandbox can close.
  static final List<Leak> ALL =
      List.of(
          of(
              "undeclared files, by relative paths",
              "for up in .. ../.. ../../.. ../../../.. ../../../../..; do cat $up/secret; done"),
          of(
              "undeclared files, by resolving symlinks",
              "cat link; cat \"$(readlink -f in)/../secret\" \"$(dirname \"$(readlink -f in)\")\"/../../../../secret"),
          of("the host's files, by absolute paths", "cat $SECRET; ls -d /home/* /root /etc/shadow"),
          of(
              "the host's files, through other processes",
              "for p in /proc/[0-9]*; do cat $p/root$SECRET; done; ls /proc/1/root/home"),
          of(
              "writes outside the outputs",
              // Without doing any harm where it could.
              "echo x >> $SECRET.more && echo wrote $SECRET.more;"
                  + " for f in / /usr /etc /home /root /proc/sys/kernel/domainname;"
                  + " do [ ! -w $f ] || echo may write $f; done"),
          of(
              "inputs that can be changed",
              "for do in 'echo x >> in' 'chmod u+w in && echo x >> in' 'rm -f in; echo x >> in'"
                  + " 'mv in no'; do sh -c \"$do\"; done; [ \"$(cat in)\" = input ] || echo changed"),
          of("modification times of inputs", "[ $(stat -c %Y in) = 946684800 ] || stat -c %y in"),
          of(
              "the network",
              "tail -n +2 /proc/net/route; grep -v -e lo: -e '|' /proc/net/dev | grep -v ' 0  *0  *0'"),
          of(
              "the loopback network",
              "bash -c 'exec 3<>/dev/tcp/127.0.0.1/'$PORT && echo reached port $PORT"),
          of("the host's /tmp", "ls -A /tmp"),
          of(
              "the host's processes",
              "kill -0 $HOST_PID && echo sees $HOST_PID; [ $(ls -d /proc/[0-9]* | wc -l) -lt 9 ] ||"
                  + " ls -d /proc/[0-9]*"),
          of("the host's name", "[ $(uname -n) = athanor ] || uname -n"),
          of("the user", "[ $(id -u):$(id -g) = 1000:1000 ] || id"),
          new Leak(
              "the user's further groups",
              "[ \"$(id -G)\" = 1000 ] || id -G",
              "start athanor as a user without further groups"),
          of(
              "environment variables",
              "env | grep -v -e ^PATH= -e ^PWD= -e ^SECRET= -e ^HOST_PID= -e ^PORT= -e ^_= -e ^SHLVL="),
          of("the umask", "[ $(umask) = 0022 ] || umask"),
          of("the path of the scratch folder", "[ $(pwd -P) = /build ] || pwd -P"),
          of(
              "devices",
              "ls /dev | grep -v -x -e null -e zero -e full -e random -e urandom -e tty -e shm -e pts"
                  + " -e ptmx -e fd -e stdin -e stdout -e stderr -e core"),
          of("device nodes", "mknod d c 1 5 && head -c 1 d | wc -c"),
          of("/sys", "ls -A /sys"),
          of("privileges", "grep -e '^Cap[PEIA].*[1-9a-f]$' -e 'NoNewPrivs:.*0' /proc/self/status"),
          of(
              "setuid programs",
              "cp $(command -v id) id2 && chmod u+s id2; find /usr/bin /build -perm -4000 | while read"
                  + " f; do grep -q nosuid /proc/self/mounts || echo $f; done"),
          of(
              "namespaces within",
              "unshare --user --map-root-user mount -t tmpfs none /tmp && echo mounted"),
          new Leak(
              "dangerous system calls",
              "grep 'Seccomp:.*0' /proc/self/status",
              "use --sandbox=namespaces or --sandbox=bwrap"),
          new Leak(
              "more processes than permitted",
              "i=0; while [ $i -lt 200 ]; do sleep 3 & i=$((i+1)); done; echo started $i",
              GROUPS),
          new Leak(
              "more memory than permitted",
              "head -c 300000000 /dev/zero | tail | wc -c | grep 300000000",
              GROUPS));

  /// What no sandbox can close, and what is done about it.
  static final List<Leak> INHERENT =
      List.of(
          inherent("the clock", "tools should use SOURCE_DATE_EPOCH"),
          inherent("number and kind of processors", ""),
          inherent("version of the kernel", ""),
          inherent("order of directory entries", ""),
          inherent("layout of address spaces", ""));

  private static Leak inherent(String name, String advice) {
    return new Leak(
        name, "", (advice.isEmpty() ? "" : advice + "; ") + "'athanor verify' varies it");
  }
}
