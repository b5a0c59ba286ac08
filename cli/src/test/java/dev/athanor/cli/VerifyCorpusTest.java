package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.oci.layer.Debian;
import dev.athanor.oci.layer.Peers;
import dev.athanor.oci.rootfs.DeleteTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Actions with one flaw each, and the same actions without it, by real tools of a real system: the
/// former are found, with their causes, and the latter are not.
final class VerifyCorpusTest {
  private static final int ROUNDS = 8;

  /// Whatever the cause is called, what differs is another in each run.
  private static final String ANY_NOISE = "noise";

  @TempDir static Path temp;
  private static TestWorkspace workspace;

  /// @param causes the factors of each cause, with `+` between those that count together
  private record Flaw(String name, String command, List<String> causes) {
    Flaw(String name, String command, String... causes) {
      this(name, command, List.of(causes));
    }
  }

  private static final List<Flaw> FLAWS =
      List.of(
          new Flaw("time", "date -u > $@", "time"),
          new Flaw("year_hashed", "date +%Y | sha256sum > $@", "time"),
          new Flaw("fails_later", "test $$(date +%Y) -lt 2030; echo > $@", "time"),
          new Flaw("time_of_file", "echo > f; stat -c %Y f > $@", "time"),
          new Flaw(
              "c_date",
              "echo '#include <stdio.h>' > a.c; echo 'int main() { puts(__DATE__); }' >> a.c; TZ=UTC env -u SOURCE_DATE_EPOCH gcc -c a.c -o $@",
              "time"),
          new Flaw(
              "jar",
              "mkdir d; echo class > d/A.class; /usr/lib/jvm/java-17*/bin/jar --create --file $@ -C d .",
              "time",
              "time-zone"),
          new Flaw("gzip_own", "echo hello > a; gzip a; mv a.gz $@", "time"),
          new Flaw("gzip_input", "cp -p $(location input.txt) a; gzip -c a > $@", "input-times"),
          new Flaw(
              "zip",
              "cp -p $(location input.txt) a; zip -q -X a.zip a; mv a.zip $@",
              "input-times",
              "time-zone"),
          new Flaw(
              "pyc",
              "cp -p $(location mod.py) m.py; env -u SOURCE_DATE_EPOCH python3 -c \"import py_compile; py_compile.compile('m.py', 'o.pyc')\"; mv o.pyc $@",
              "input-times"),
          new Flaw("time_zone", "date -d @0 > $@", "time-zone"),
          new Flaw("language", "echo $$LANG > $@", "locale"),
          new Flaw(
              "sort",
              "mkdir l; localedef -i tr_TR -f UTF-8 ./l/tr_TR.UTF-8 || true; printf 'a\\nB\\nc\\n' | LOCPATH=$$PWD/l sort > $@",
              "locale"),
          new Flaw(
              "zone_and_language",
              "if [ $$LANG != C.UTF-8 ] && [ $$TZ != UTC ]; then echo b; else echo a; fi > $@",
              "time-zone+locale"),
          new Flaw(
              "zone_or_language",
              "printf '%s %s' \"$$LANG\" \"$$TZ\" | sha256sum | cut -c1-8 > $@",
              "time-zone",
              "locale"),
          new Flaw("host_name", "uname -n > $@", "host-name"),
          new Flaw("host_name_hashed", "uname -n | sha256sum > $@", "host-name"),
          new Flaw("user", "id -u > $@", "user"),
          new Flaw("owner_in_tar", "echo a > a; chmod 644 a; tar --mtime=@0 -cf $@ a", "user"),
          new Flaw("home", "echo ~ > $@", "home"),
          new Flaw(
              "mode_in_tar", "echo a > a; tar --mtime=@0 --owner=0 --group=0 -cf $@ a", "umask"),
          new Flaw("mode_and_owner", "echo a > a; tar --mtime=@0 -cf $@ a", "umask", "user"),
          new Flaw("path", "pwd > $@", "path"),
          new Flaw("path_in_binary", "echo 'int x;' > a.c; gcc -g -c a.c -o $@", "path"),
          new Flaw("variable", "env | sed 's/=.*//' | LC_ALL=C sort > $@", "extra-variable"),
          new Flaw(
              "variables_in_order",
              "tr '\\0' '\\n' < /proc/$$$$/environ | grep -v SOMETHING | sed 's/=.*//' > $@",
              "environment-order"),
          new Flaw(
              "readdir",
              "mkdir d; for i in 1 2 3 4 5 6 7 8 9; do : > d/$$i; done; ls -U d > $@",
              "directory-order"),
          new Flaw(
              "readdir_in_tar",
              "mkdir d; for i in 1 2 3 4 5 6 7 8 9; do echo $$i > d/$$i; done; chmod -R u=rwX,go=rX d; tar --mtime=@0 --owner=0 --group=0 -cf $@ d",
              "directory-order"),
          new Flaw("processors", "nproc > $@", "processors"),
          new Flaw("kernel", "uname -r > $@", "kernel"),
          new Flaw("process_id", "echo $$$$ > $@", "process-ids"),
          new Flaw("address", "python3 -c 'print(id(object()))' > $@", "addresses"),
          new Flaw("uuid", "python3 -c 'import uuid; print(uuid.uuid4())' > $@", "randomness"),
          new Flaw("urandom", "head -c 99 /dev/urandom | od -x > $@", "randomness"),
          new Flaw("hash_seed", "python3 -c 'print(set(map(str, range(30))))' > $@", "randomness"),
          new Flaw("random_name", "mktemp -u > $@", "randomness"),
          new Flaw(
              "race",
              "for i in 1 2 3 4 5 6 7 8 9; do (j=0; while [ $$j -lt 9000 ]; do j=$$((j+1)); done; echo $$i >> $@) & done; wait",
              ANY_NOISE));

  private static final Map<String, String> CLEAN =
      Map.ofEntries(
          Map.entry("epoch", "date -u -d @$$SOURCE_DATE_EPOCH > $@"),
          Map.entry("text", "echo hello > $@"),
          Map.entry(
              "gcc",
              "printf 'char when[] = __DATE__;' > a.c; gcc -g -ffile-prefix-map=$$PWD=. -c a.c -o $@"),
          Map.entry(
              "jar",
              "mkdir d; echo class > d/A.class; /usr/lib/jvm/java-17*/bin/jar --create --date=2000-01-01T00:00:00Z --file $@ -C d ."),
          Map.entry("gzip", "echo hello | gzip -n > $@"),
          Map.entry(
              "tar",
              "mkdir d; for i in 1 2 3 4 5 6 7 8 9; do echo $$i > d/$$i; done; tar --sort=name --mode=a+rX,u+w,go-w --mtime=@0 --owner=0 --group=0 --numeric-owner -cf $@ d"),
          Map.entry(
              "zip",
              "cp $(location input.txt) a; touch -d @315619200 a; chmod 644 a; TZ=UTC zip -q -X a.zip a; mv a.zip $@"),
          Map.entry(
              "pyc",
              "cp $(location mod.py) m.py; python3 -c \"import py_compile; py_compile.compile('m.py', 'o.pyc', invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)\"; mv o.pyc $@"),
          Map.entry("sort", "printf 'a\\nB\\nc\\n' | LC_ALL=C sort > $@"),
          Map.entry(
              "hash_seed", "PYTHONHASHSEED=0 python3 -c 'print(set(map(str, range(30))))' > $@"),
          Map.entry("readdir", "mkdir d; touch d/3 d/1 d/2; ls d > $@"),
          Map.entry("jobs", "for i in 1 2 3; do (echo $$i > p$$i) & done; wait; cat p1 p2 p3 > $@"),
          Map.entry("many", "seq 1 20000 | sha256sum > $@"),
          Map.entry("scratch", "t=$$(mktemp -d); echo x > $$t/f; cat $$t/f > $@; rm -r $$t"),
          Map.entry("copy", "cp $(location input.txt) $@"),
          Map.entry(
              "threads",
              "python3 -c \"import threading as t; r = [0]*9; w = [t.Thread(target=lambda i=i: r.__setitem__(i, i*i)) for i in range(9)]; [x.start() for x in w]; [x.join() for x in w]; print(r)\" > $@"),
          Map.entry(
              "ar",
              "for i in a b; do echo \"int $$i;\" > $$i.c; gcc -c $$i.c; done; ar crD l.a a.o b.o; mv l.a $@"),
          Map.entry(
              "java",
              "mkdir c; echo 'class A { int f(int x) { return x + 1; } }' > A.java; /usr/lib/jvm/java-17*/bin/javac -d c A.java; mv c/A.class $@"),
          Map.entry("find", "mkdir -p d/e; touch d/2 d/e/1; find d | LC_ALL=C sort > $@"),
          Map.entry(
              "link",
              "echo 'int main() { return 0; }' > a.c; gcc -ffile-prefix-map=$$PWD=. a.c -o a.out; mv a.out $@"),
          // It cannot be followed; what needs that is not varied then.
          Map.entry(
              "leaks",
              "echo 'int main() { return 0; }' > l.c; gcc -fsanitize=address l.c -o l; ./l; echo ok > $@"),
          Map.entry("linked", "ln -s text l; readlink l > $@"),
          Map.entry("cpu_time", "i=0; while [ $$i -lt 3000 ]; do i=$$((i+1)); done; echo $$i > $@"),
          Map.entry("wait", "sleep 0.2; echo done > $@"),
          Map.entry("awk", "seq 1 999 | awk '{ s += $$1 } END { print s }' > $@"),
          Map.entry("base64", "head -c 3000 /dev/zero | base64 > $@"));

  @BeforeAll
  static void prepare() throws IOException {
    Peers.requireRoot();
    Peers.requireTools("debootstrap", "umoci");
    workspace = TestWorkspace.in(temp);
    Path rootfs = Debian.tar(DockerHub.PACKAGES);
    Programs.shell(
        workspace.root,
        """
        umoci init --layout tools.oci
        umoci new --image tools.oci:1
        umoci raw add-layer --image tools.oci:1 '%s'
        umoci config --image tools.oci:1 --os linux --config.env PATH=/usr/bin:/bin
        """
            .formatted(rootfs));
    workspace
        .write("input.txt", "what is read\n")
        .write("mod.py", "def f():\n  return 1\n")
        .write(
            "BUILD",
            """
            oci_import_image(name = "tools", src = "tools.oci")
            exports_files(["input.txt", "mod.py"])
            """)
        .write(
            "flaws/BUILD",
            FLAWS.stream()
                .map(flaw -> rule(flaw.name(), flaw.command()))
                .collect(Collectors.joining()))
        .write(
            "clean/BUILD",
            CLEAN.entrySet().stream()
                .map(entry -> rule(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining()));
    workspace.athanor("build", "//...").succeeds();
  }

  @AfterAll
  static void remove() throws IOException {
    // The framework would warn of each link of the unpacked system.
    DeleteTree.delete(temp);
  }

  private static String rule(String name, String command) {
    return """
    genrule(
        name = "%s",
        srcs = ["//:input.txt", "//:mod.py"],
        outs = ["%1$s.out"],
        image = "//:tools",
        cmd = '''%s''',
    )
    """
        .formatted(name, command.replace("\\", "\\\\").replace("(location ", "(location //:"));
  }

  private static Map<String, JsonObject> verified(CliResult result) {
    Map<String, JsonObject> byName = new TreeMap<>();
    for (JsonElement action : result.json().getAsJsonArray("actions")) {
      String label = action.getAsJsonObject().get("label").getAsString();
      byName.put(label.substring(label.indexOf(':') + 1), action.getAsJsonObject());
    }
    return byName;
  }

  @Test
  void everyFlaw_isFound_andItsCauseNamed() {
    CliResult result =
        workspace.athanor("verify", "--json", "//flaws/...").fails(ExitCode.NOT_DETERMINISTIC);
    Map<String, JsonObject> actions = verified(result);
    List<String> wrong = new ArrayList<>();
    for (Flaw flaw : FLAWS) {
      JsonObject action = Objects.requireNonNull(actions.get(flaw.name()));
      List<String> found = action.has("causes") ? causes(action) : List.of();
      boolean right =
          flaw.causes().equals(List.of(ANY_NOISE))
              ? !found.isEmpty() && !kinds(action).contains("circumstance")
              : new TreeSet<>(found).equals(new TreeSet<>(flaw.causes()));
      if (!right) {
        wrong.add(flaw.name() + ": " + found + " for " + flaw.causes() + "\n" + action);
      }
    }
    assertWithMessage(String.join("\n", wrong)).that(wrong).isEmpty();
  }

  private static List<String> causes(JsonObject action) {
    List<String> causes = new ArrayList<>();
    for (JsonElement cause : action.getAsJsonArray("causes")) {
      List<String> factors = new ArrayList<>();
      cause
          .getAsJsonObject()
          .getAsJsonArray("factors")
          .forEach(it -> factors.add(it.getAsString()));
      causes.add(String.join("+", factors));
    }
    return causes;
  }

  private static List<String> kinds(JsonObject action) {
    List<String> kinds = new ArrayList<>();
    action
        .getAsJsonArray("causes")
        .forEach(cause -> kinds.add(cause.getAsJsonObject().get("kind").getAsString()));
    return kinds;
  }

  @Test
  void whatIsClean_isNeverSuspected() {
    int runs = 0;
    for (int round = 0; round < ROUNDS; round++) {
      CliResult result = workspace.athanor("verify", "--again", "--json", "//clean/...");
      assertWithMessage(result.out()).that(result.code()).isEqualTo(0);
      for (String name : CLEAN.keySet()) {
        runs += Objects.requireNonNull(verified(result).get(name)).get("runs").getAsInt();
      }
    }
    assertThat(runs).isAtLeast(200);
  }
}
