package dev.athanor.cli.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `pants.toml` says that matters here: its sections and options, values as they are written.
record PantsOptions(Map<String, Option> options) {
  /// @param line of the file, from one
  record Option(String value, int line) {}

  /// Options that have something that stands for them, or that somebody may miss.
  static final Map<String, String> HINTS =
      Map.of(
          "oci.command_shell",
          "commands run with /bin/sh -c; for another shell, write bash -c '…'",
          "GLOBAL.build_file_prelude_globs",
          "macros go into .bzl files, which BUILD files load",
          "GLOBAL.pants_ignore",
          "there is no list of folders to leave out: a folder with a WORKSPACE of its own is",
          "GLOBAL.remote_store_address",
          "--remote-cache, or remote_cache in the WORKSPACE",
          "docker.registries",
          "repository has the host in it; registry in the WORKSPACE says how to reach it",
          "source.root_patterns",
          "files lie at their paths in the workspace; strip_prefix takes a part of them off",
          "environments-preview.names",
          "image of a genrule, --platform");

  /// Of no use: a sandbox of its own, pinned libraries and no daemon take their place.
  static final List<String> NEEDLESS =
      List.of("oci.rootless", "oci.uid_map", "oci.gid_map", "umoci.", "skopeo.", "runc.");

  static final String EMPTY_IMAGE = "oci.empty_image_target";

  PantsOptions {
    options = Map.copyOf(options);
  }

  static PantsOptions parse(String text) {
    Map<String, Option> options = new LinkedHashMap<>();
    String section = "";
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      int equals = line.indexOf('=');
      if (line.startsWith("[") && line.replaceAll("\\s*#.*", "").endsWith("]") && equals < 0) {
        section = line.substring(1, line.indexOf(']')).strip();
      } else if (!line.startsWith("#") && equals > 0 && raw.equals(raw.stripLeading())) {
        options.put(
            section + "." + line.substring(0, equals).strip(),
            new Option(line.substring(equals + 1).strip(), number));
      }
    }
    return new PantsOptions(options);
  }

  /// The name of the image without layers.
  String emptyImage() {
    return Optional.ofNullable(options.get(EMPTY_IMAGE))
        .map(option -> option.value.replaceAll("\\s*#.*", "").replaceAll("[\"']", ""))
        .orElse("empty");
  }

  List<Note> notes() {
    List<Note> notes = new ArrayList<>();
    options.forEach((name, option) -> {
      String hint = HINTS.get(name);
      if (hint != null) {
        notes.add(Note.left(option.line, name + " has no meaning here", hint));
      } else if (NEEDLESS.stream().anyMatch(name::startsWith)) {
        notes.add(Note.done(option.line, name + " is not needed"));
      } else if (name.equals(EMPTY_IMAGE)) {
        notes.add(Note.done(option.line, name + ": //:" + emptyImage() + " is declared"));
      }
    });
    notes.sort((a, b) -> Integer.compare(a.line(), b.line()));
    return notes;
  }
}
