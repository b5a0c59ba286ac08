package dev.athanor.oci.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A real root filesystem: Debian as `debootstrap` installs it.
public final class Debian {
  private static final Pattern MIRROR = Pattern.compile("https?://\\S+/debian/?(?=\\s|$)");

  private Debian() {}

  /// A tar of the installed system. Made once a day for all modules: that takes a minute or two.
  ///
  /// @param packages those that are wanted besides the smallest system, with commas between
  public static Path tar(String packages) throws IOException {
    Path kept = Path.of("..", "target", "debian").toAbsolutePath().normalize();
    Path tar = kept.resolve(LocalDate.now(ZoneOffset.UTC) + packages.replace(',', '-') + ".tar");
    if (!Files.exists(tar)) {
      Path scratch = Files.createTempDirectory(Files.createDirectories(kept), "new");
      Peers.runIn(
          scratch,
          "sh",
          "-euc",
          """
          debootstrap --variant=minbase %s '%s' root '%s'
          tar -C root --numeric-owner --xattrs --exclude=./var/cache/apt --exclude=./var/lib/apt/lists \\
            --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -cf tar .
          rm -rf root
          """
              .formatted(packages.isEmpty() ? "" : "--include=" + packages, codename(), mirror()));
      Files.move(scratch.resolve("tar"), tar, StandardCopyOption.REPLACE_EXISTING);
      Files.delete(scratch);
    }
    return tar;
  }

  private static String codename() throws IOException {
    Matcher name =
        Pattern.compile("(?m)^VERSION_CODENAME=(\\w+)$")
            .matcher(Files.readString(Path.of("/etc/os-release")));
    return name.find() ? name.group(1) : "stable";
  }

  /// The mirror that this machine installs from.
  private static String mirror() throws IOException {
    Path apt = Path.of("/etc/apt");
    try (Stream<Path> files = Files.walk(apt)) {
      for (Path file : (Iterable<Path>) files.filter(Debian::listsSources).sorted()::iterator) {
        Matcher url = MIRROR.matcher(Files.readString(file).replaceAll("(?m)^\\s*#.*", ""));
        if (url.find()) {
          return url.group();
        }
      }
    }
    return "http://deb.debian.org/debian";
  }

  private static boolean listsSources(Path file) {
    return file.toString().endsWith(".list") || file.toString().endsWith(".sources");
  }
}
