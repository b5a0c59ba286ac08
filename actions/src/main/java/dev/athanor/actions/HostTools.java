package dev.athanor.actions;

import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The host's programs and libraries as an execution root: the folders that packages install into,
/// and a fingerprint of what is installed there.
public final class HostTools {
  /// Configuration that programs cannot start without is listed file by file; nothing else of /etc
  /// is visible. What is in /usr is added, but for /usr/local, of which no package manager knows.
  private static final List<String> VISIBLE =
      List.of(
          "/bin",
          "/sbin",
          "/lib",
          "/lib32",
          "/lib64",
          "/libx32",
          "/etc/alternatives",
          "/etc/ld.so.cache",
          "/etc/ssl/certs",
          "/nix/store");

  private static final String USR = "/usr";

  /// Files that name every installed package with its version: a change of any tool changes one of
  /// them.
  private static final List<String> INVENTORIES =
      List.of(
          "/etc/os-release",
          "/var/lib/dpkg/status",
          "/lib/apk/db/installed",
          "/var/lib/rpm/rpmdb.sqlite",
          "/var/lib/rpm/Packages",
          "/var/lib/rpm/Packages.db",
          "/usr/lib/sysimage/rpm/Packages.db",
          "/usr/lib/sysimage/rpm/rpmdb.sqlite",
          "/nix/var/nix/db/db.sqlite",
          "/nix/var/nix/db/db.sqlite-wal");

  /// Links to the programs that were chosen where several do the same.
  private static final String ALTERNATIVES = "/etc/alternatives";

  /// Has a folder for each package, with the version in its name.
  private static final String PACMAN = "/var/lib/pacman/local";

  /// Stands for the tools where nobody keeps a list of them: then no other machine has the same.
  private static final String MACHINE = "/etc/machine-id";

  /// Stands for a machine without a name, until it is started anew.
  private static final String BOOT = "/proc/sys/kernel/random/boot_id";

  private final Path root;

  /// @param root of the host's file system
  HostTools(Path root) {
    this.root = root;
  }

  /// Those of the host that this process runs on.
  public static HostTools host() {
    return new HostTools(Path.of("/"));
  }

  private Path at(String path) {
    return root.resolve(path.substring(1));
  }

  /// The files that [#probe] reads. They need not exist.
  public List<Path> files() {
    return Stream.concat(INVENTORIES.stream(), Stream.of(PACMAN, ALTERNATIVES, MACHINE))
        .map(this::at)
        .toList();
  }

  /// What is visible, and what is installed.
  public ExecutionRoot.Host probe() {
    Digester digester = new Digester();
    update(digester, System.getProperty("os.arch", ""));
    boolean listed = false;
    for (String inventory : INVENTORIES) {
      Digest contents = contents(at(inventory));
      listed |= contents.size() > 0 && !inventory.endsWith("os-release");
      update(digester, inventory);
      update(digester, contents.hex());
    }
    List<String> packages = names(at(PACMAN));
    packages.forEach(name -> update(digester, name));
    for (String name : names(at(ALTERNATIVES))) {
      update(digester, name + " " + target(at(ALTERNATIVES).resolve(name)));
    }
    if (!listed && packages.isEmpty()) {
      Digest machine = contents(at(MACHINE));
      update(digester, (machine.size() > 0 ? machine : contents(at(BOOT))).hex());
    }
    return new ExecutionRoot.Host(visible(), digester.finish().hex());
  }

  private List<String> visible() {
    List<String> visible = new ArrayList<>(VISIBLE);
    for (String name : names(at(USR))) {
      // A link may lead anywhere: on some systems /usr/tmp is everybody's /var/tmp.
      if (!name.equals("local") && !Files.isSymbolicLink(at(USR).resolve(name))) {
        visible.add(USR + "/" + name);
      }
    }
    return visible;
  }

  /// Sorted; none where there is no such folder.
  private static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(Path::getFileName).map(String::valueOf).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void update(Digester digester, String text) {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    digester.update(bytes, 0, bytes.length);
  }

  /// That of nothing where there is no such file.
  private static Digest contents(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Digester.digest(in);
    } catch (IOException e) {
      return Digest.EMPTY;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
