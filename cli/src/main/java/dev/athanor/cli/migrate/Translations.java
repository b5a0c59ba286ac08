package dev.athanor.cli.migrate;

import static java.util.Map.entry;

import dev.athanor.engine.starlark.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What the targets of Pants itself are to Athanor. Those of the OCI plugin are rules of Athanor,
/// and need no translation: see [OciTargets].
final class Translations {
  private static final String NO_INFERENCE =
      "name files where they are needed: nothing is inferred";
  private static final String PYTHON =
      "glob([\"*.py\", \"*.pyi\"], exclude = [\"test_*.py\", \"*_test.py\", \"tests.py\", \"conftest.py\"], allow_empty = True)";
  private static final String IN_AN_IMAGE =
      "a genrule that runs the tool in an image: docs/sandbox.md";

  /// By the name of the target.
  static final Map<String, Translation> ALL =
      Map.ofEntries(
          entry("file", Translations::file),
          entry("resource", Translations::file),
          entry("python_source", Translations::file),
          entry("shell_source", Translations::file),
          entry("files", (target, _) -> files(target, "glob([\"*\"])")),
          entry("resources", (target, _) -> files(target, "glob([\"*\"])")),
          entry("python_sources", (target, _) -> files(target, PYTHON)),
          entry("shell_sources", (target, _) -> files(target, sources("*.sh"))),
          entry("java_sources", (target, _) -> files(target, sources("*.java"))),
          entry("go_package", (target, _) -> files(target, sources("*.go"))),
          entry("target", Translations::target),
          entry("archive", Translations::archive),
          entry("shell_command", Commands::shellCommand),
          entry("experimental_shell_command", Commands::shellCommand),
          entry(
              "relocated_files",
              Translation.byHand(
                  "no target moves files",
                  "the image or layer that packs them does: strip_prefix, directory, files")),
          entry(
              "pex_binary",
              Translation.byHand(
                  "nothing makes a .pex file",
                  "let oci_python_image start a script, with the packages that it needs in dependencies;"
                      + " or make the .pex by "
                      + IN_AN_IMAGE)),
          entry("pex_binaries", Translation.byHand("nothing makes .pex files", "see pex_binary")),
          entry("python_requirement", requirement()),
          entry("python_requirements", requirement()),
          entry("poetry_requirements", requirement()),
          entry("python_tests", pytest()),
          entry("python_test", pytest()),
          entry(
              "shunit2_tests",
              Translation.byHand("nothing knows shunit2", "a test with the script as its program")),
          entry(
              "docker_image",
              Translation.byHand(
                  "no Dockerfile is read",
                  "examples/multi-stage says line by line what stands for it")),
          entry(
              "adhoc_tool",
              Translation.byHand("nothing runs tools of targets", "a genrule with tools")),
          entry(
              "run_shell_command",
              Translation.byHand(
                  "nothing runs outside of the sandbox", "a script beside the workspace")),
          entry(
              "system_binary",
              Translation.byHand(
                  "programs of the host are just there",
                  "leave it out, or declare it with host_tools")),
          entry("go_binary", Translation.byHand("nothing knows Go", IN_AN_IMAGE)),
          entry("go_mod", Translation.byHand("nothing knows Go", IN_AN_IMAGE)),
          entry("deploy_jar", Translation.byHand("nothing knows jars", "examples/java-service")),
          entry(
              "jvm_artifact",
              Translation.byHand("no jars are fetched", "put them into the workspace")),
          entry(
              "__defaults__",
              Translation.byHand("there are no defaults", "a macro in a .bzl file gives them")),
          entry("__dependencies_rules__", visibility()),
          entry("__dependents_rules__", visibility()));

  private Translations() {}

  private static Translation requirement() {
    return Translation.byHand(
        "no Python packages are fetched",
        "put wheels into the workspace, or install them by commands of the image with network = True");
  }

  private static Translation pytest() {
    return Translation.byHand(
        "nothing knows pytest",
        "a test with cmd = \"python3 -m pytest …\", and an image that has it");
  }

  private static Translation visibility() {
    return Translation.byHand(
        "nothing checks it here", "visibility, or package(default_visibility = […])");
  }

  private static String sources(String pattern) {
    return "glob([\"" + pattern + "\"])";
  }

  /// One file is files, too.
  private static void file(PantsTarget target, Addresses addresses) {
    if (!(target.value("source").orElse(null) instanceof Expression.StringLiteral)) {
      target.leave(
          "no file is downloaded",
          "put it into the workspace, or a genrule with network = True that checks its digest");
      return;
    }
    String kind = target.kind();
    target.become("files");
    target.rename("source", "sources");
    target.set("source", "[" + target.written("source") + "]");
    common(target, List.of("name", "source"));
    target.done(kind + " is files");
  }

  private static void files(PantsTarget target, String byDefault) {
    String kind = target.kind();
    int notes = 0;
    if (!kind.equals("files")) {
      target.become("files");
      notes++;
    }
    if (!target.has("sources")) {
      target.add("sources", byDefault);
      notes++;
    } else if (target.strings("sources").isPresent()) {
      List<String> patterns = target.strings("sources").orElseThrow();
      if (patterns.stream()
          .anyMatch(p -> p.startsWith("!") || p.contains("*") || p.contains("?"))) {
        target.set("sources", glob(patterns));
        notes++;
      }
    }
    common(target, List.of("name", "sources"));
    if (notes > 0) {
      target.done(kind.equals("files") ? "patterns are a glob" : kind + " is files");
    }
  }

  private static String glob(List<String> patterns) {
    String included = quoted(patterns.stream().filter(p -> !p.startsWith("!")).toList());
    List<String> excluded =
        patterns.stream().filter(p -> p.startsWith("!")).map(p -> p.substring(1)).toList();
    return excluded.isEmpty()
        ? "glob(" + included + ")"
        : "glob(" + included + ", exclude = " + quoted(excluded) + ")";
  }

  static String quoted(List<String> strings) {
    return strings.stream().map(s -> quoted(s, '"')).collect(Collectors.joining(", ", "[", "]"));
  }

  static String quoted(String string, char quote) {
    String inner =
        string
            .replace("\\", "\\\\")
            .replace(String.valueOf(quote), "\\" + quote)
            .replace("\n", "\\n")
            .replace("\r", "\\r");
    return quote + inner + quote;
  }

  private static void target(PantsTarget target, Addresses addresses) {
    target.become("filegroup");
    if (target.has("dependencies")) {
      target.rename("dependencies", "srcs");
      labels(target, "dependencies", addresses);
    }
    common(target, List.of("name", "dependencies"));
    target.done("target is filegroup");
  }

  /// Packed so that its bytes depend on what is in it alone. Files are where they are in the
  /// workspace, and what is built loses the folder that the sandbox puts it in.
  private static void archive(PantsTarget target, Addresses addresses) {
    String format = target.string("format").orElse("");
    String flag =
        switch (format) {
          case "tar" -> "";
          case "tar.gz", "tgz" -> " --use-compress-program='gzip -n'";
          case "tar.xz" -> " --xz";
          case "tar.bz2" -> " --bzip2";
          default -> null;
        };
    if (flag == null || target.ownName().isEmpty()) {
      target.leave("only archives of tar are made", "a genrule that runs zip, and says the times");
      return;
    }
    boolean both = target.has("packages") && target.has("files");
    if (both && (target.strings("packages").isEmpty() || target.strings("files").isEmpty())) {
      target.leave("packages and files are not both written out", "a genrule that runs tar");
      return;
    }
    String output = target.string("output_path").orElse(target.ownName().get() + "." + format);
    target.become("genrule");
    target.drop("format");
    if (target.has("output_path")) {
      target.drop("output_path");
    }
    String sources = target.has("packages") ? "packages" : "files";
    if (both) {
      List<String> all = new ArrayList<>(target.strings("packages").orElseThrow());
      all.addAll(target.strings("files").orElseThrow());
      target.set("packages", quoted(all.stream().map(addresses::label).toList()));
      target.drop("files");
    } else if (target.has(sources)) {
      labels(target, sources, addresses);
    }
    if (target.has(sources)) {
      target.rename(sources, "srcs");
    }
    target.add("outs", quoted(List.of(output)));
    target.add(
        "cmd",
        "\"tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX"
            + " --transform='s,^out/,,'"
            + flag
            + " -cf $@ $(SRCS)\"");
    common(target, List.of("name", "packages", "files", "format", "output_path"));
    target.done("archive is a genrule");
  }

  /// Makes labels out of the addresses in an argument.
  static void labels(PantsTarget target, String argument, Addresses addresses) {
    if (target.value(argument).orElse(null) instanceof Expression.ListDisplay list) {
      for (Expression element : list.elements()) {
        if (element instanceof Expression.StringLiteral literal) {
          label(target, literal, addresses);
        }
      }
    } else if (target.value(argument).orElse(null) instanceof Expression.StringLiteral literal) {
      label(target, literal, addresses);
    }
  }

  private static void label(
      PantsTarget target, Expression.StringLiteral literal, Addresses addresses) {
    String label = addresses.label(literal.value());
    if (!label.equals(literal.value())) {
      target.set(literal, label);
    }
  }

  /// Leaves arguments to the reader that a translation has not dealt with.
  static void common(PantsTarget target, List<String> known) {
    for (String argument : target.arguments()) {
      if (!known.contains(argument) && !List.of("name", "description", "tags").contains(argument)) {
        target.comment(
            argument,
            argument + " has no meaning here",
            argument.equals("dependencies") ? NO_INFERENCE : "");
      }
    }
  }
}
