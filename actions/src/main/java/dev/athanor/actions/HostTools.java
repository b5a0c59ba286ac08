package dev.athanor.actions;

import dev.athanor.engine.action.ExecutionRoot;
import dev.athanor.engine.digest.Digester;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The host's programs and libraries as an execution root: the folders that packages install into,
/// and a fingerprint of what is installed there.
public final class HostTools {
  /// Configuration that programs cannot start without is listed file by file; nothing else of /etc
  /// is visible.
  private static final List<String> VISIBLE =
      List.of(
          "/bin",
          "/sbin",
          "/usr",
          "/lib",
          "/lib32",
          "/lib64",
          "/libx32",
          "/etc/alternatives",
          "/etc/ld.so.cache",
          "/etc/ssl/certs",
          "/nix/store");

  /// Files that name every installed package with its version: a change of any tool changes one of
  /// them.
  private static final List<String> INVENTORIES =
      List.of(
          "/etc/os-release",
          "/var/lib/dpkg/status",
          "/lib/apk/db/installed",
          "/var/lib/rpm/rpmdb.sqlite",
          "/usr/lib/sysimage/rpm/rpmdb.sqlite");

  private HostTools() {}

  /// The files that [#probe] reads. They need not exist.
  public static List<Path> files() {
    return INVENTORIES.stream().map(Path::of).toList();
  }

  /// The tools of the host that this process runs on.
  public static ExecutionRoot.Host probe() {
    Digester digester = new Digester();
    update(digester, System.getProperty("os.arch", ""));
    for (String inventory : INVENTORIES) {
      update(digester, inventory);
      update(digester, Digester.digest(contents(Path.of(inventory))).hex());
    }
    return new ExecutionRoot.Host(VISIBLE, digester.finish().hex());
  }

  private static void update(Digester digester, String text) {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    digester.update(bytes, 0, bytes.length);
  }

  private static byte[] contents(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
