package dev.athanor.cli.migrate;

import java.nio.file.Files;
import java.nio.file.Path;

/// Addresses of Pants as labels.
///
/// Both write `//pkg:name` and `:name`. Pants also takes `pkg:name`, `pkg` and the path of a file,
/// all of them below the root of the sources; to Athanor, a word without a colon is in the same
/// package.
///
/// @param root of the sources
/// @param pkg the package in which they stand
record Addresses(Path root, String pkg) {
  String label(String address) {
    if (address.startsWith(":") || address.isEmpty()) {
      return address;
    }
    String path = address.startsWith("//") ? address.substring(2) : address;
    if (path.startsWith("./")) {
      path = (pkg.isEmpty() ? "" : pkg + "/") + path.substring(2);
    }
    int colon = path.indexOf(':');
    String place = colon < 0 ? path : path.substring(0, colon);
    if (!place.isEmpty() && Files.isRegularFile(root.resolve(place))) {
      return file(place);
    }
    boolean rooted = colon >= 0 || Files.isDirectory(root.resolve(place));
    return rooted ? "//" + path : address;
  }

  /// The label of a file, as a file of the package that is nearest above it.
  private String file(String path) {
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? "" : path.substring(0, slash);
    while (!folder.isEmpty() && !isPackage(folder)) {
      folder = folder.contains("/") ? folder.substring(0, folder.lastIndexOf('/')) : "";
    }
    String name = folder.isEmpty() ? path : path.substring(folder.length() + 1);
    return folder.equals(pkg) ? name : "//" + folder + ":" + name;
  }

  private boolean isPackage(String folder) {
    return Files.exists(root.resolve(folder).resolve("BUILD"))
        || Files.exists(root.resolve(folder).resolve("BUILD.athanor"));
  }
}
