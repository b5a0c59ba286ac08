package dev.athanor.oci.rule;

import dev.athanor.engine.rule.Attribute;
import dev.athanor.engine.rule.Attributes;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.oci.image.ConfigEdits;
import dev.athanor.oci.model.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The attributes of every rule that makes an image on top of another one, besides those that say
/// what goes into it.
final class ImageAttributes {
  private static final Attribute BASE =
      Attribute.label("base", "The image to start from: a label, or `scratch` for an empty one.")
          .scalarOrList()
          .word("scratch", "//:empty")
          .required();

  private static final List<Attribute> ALL =
      List.of(
          Attribute.labels(
              "layers",
              "Layers to put on the base, the lowest first: `oci_layer`, `oci_build_layer` and `oci_extract` targets."),
          Attribute.strings(
                  "commands",
                  """
                  Shell commands to run in the image after all files are in it, each one a layer. They run as root with \
                  `/bin/sh -c`, and what they change under /tmp, /run, /proc, /sys, /dev, in /etc/resolv.conf, \
                  /etc/hosts and /etc/hostname and in volumes of the base is not kept.\
                  """)
              .scalarOrList(),
          BuildSteps.NETWORK,
          DeclaredLayer.COMPRESSION,
          DeclaredLayer.OUTPUT_PATH,
          Attribute.strings("env", "`KEY=VALUE` entries for the image's environment."),
          Attribute.strings(
                  "entrypoint", "Program and first arguments; takes away the inherited command.")
              .scalarOrList(),
          Attribute.strings("args", "Arguments that `run` may replace: the image's command."),
          Attribute.stringMap("labels", "Labels of the image."),
          Attribute.stringMap("annotations", "Annotations of the manifest."),
          Attribute.string("user", "`user` or `user:group` that the entrypoint runs as."),
          Attribute.string("workdir", "Directory that the entrypoint starts in."),
          Attribute.strings("ports", "Ports that the image listens on, such as `8080/tcp`."),
          Attribute.strings("volumes", "Paths for data that outlives a container."),
          Attribute.string("stop_signal", "Signal that asks the entrypoint to end."),
          HealthcheckAttribute.ATTRIBUTE,
          Attribute.string("author", "Who answers for the image."),
          Attribute.string(
              "created",
              "When the image was made, as RFC 3339 or seconds since the epoch: also what the history says of new"
                  + " layers, which otherwise date from the epoch. Nobody's clock is asked."),
          Attribute.string(
              "platform",
              "`os/architecture` or `os/architecture/variant` that the image is for, in place of the base's."),
          Platforms.ATTRIBUTE,
          Attribute.string("os_version", "Version of the operating system, for Windows."),
          Attribute.strings("os_features", "Features of the operating system, for Windows."),
          Attribute.strings(
              "clear",
              "What to take from the base before anything is set: `entrypoint`, `args`, `env`, `labels`, `user`,"
                  + " `workdir`, `ports`, `volumes`, `stop_signal`, `healthcheck`, `annotations`; or `history`, that of"
                  + " new layers too."),
          Attribute.bool(
              "terminal",
              "Accepted for build files of the earlier plugin. `run` passes on the terminal that it has."));

  private ImageAttributes() {}

  /// The attributes of a rule that has `own` ones too.
  static List<Attribute> and(List<Attribute> own) {
    List<Attribute> all = new ArrayList<>(List.of(BASE));
    all.addAll(own);
    all.addAll(ALL);
    all.addAll(Publishing.ATTRIBUTES);
    return all;
  }

  /// What the target changes in the config.
  ///
  /// @param entrypoint where the target gives none
  /// @param env where the target does not set the variable itself
  static ConfigEdits edits(
      RuleContext context, Optional<List<String>> entrypoint, Map<String, String> env) {
    Attributes given = context.attributes();
    Map<String, String> variables = new LinkedHashMap<>(env);
    variables.putAll(env(context));
    return new ConfigEdits(
        clear(context),
        given.isGiven("entrypoint") ? Optional.of(given.strings("entrypoint")) : entrypoint,
        given.isGiven("args") ? Optional.of(given.strings("args")) : Optional.empty(),
        variables,
        given.stringMap("labels"),
        given.optionalString("user"),
        given.optionalString("workdir").map(path -> absolute(context, "workdir", path)),
        ports(context),
        given.strings("volumes").stream().map(path -> absolute(context, "volumes", path)).toList(),
        given.optionalString("stop_signal"),
        HealthcheckAttribute.read(context),
        given.optionalString("author"),
        given.optionalString("created").map(text -> LayerAttributes.time(context, "created", text)),
        given
            .optionalString("platform")
            .map(text -> context.parsed("platform", text, Platform::parse)),
        given.optionalString("os_version"),
        given.strings("os_features"),
        new TreeMap<>(given.stringMap("annotations")));
  }

  /// The path as it was written.
  private static String absolute(RuleContext context, String attribute, String path) {
    var _ = LayerAttributes.path(context, attribute, path);
    return path;
  }

  private static List<String> ports(RuleContext context) {
    List<String> ports = context.attributes().strings("ports");
    for (String port : ports) {
      if (!port.matches("[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp|sctp))?")) {
        throw context.error("ports", "'" + port + "' is no port", "for example 8080/tcp");
      }
    }
    return ports;
  }

  private static Set<ConfigEdits.Clear> clear(RuleContext context) {
    Set<ConfigEdits.Clear> clear = new TreeSet<>();
    for (String name : context.attributes().strings("clear")) {
      try {
        clear.add(ConfigEdits.Clear.valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw context.error(
            "clear",
            "there is no '" + name + "' to clear",
            "one of "
                + String.join(
                    ", ",
                    Arrays.stream(ConfigEdits.Clear.values())
                        .map(part -> part.name().toLowerCase(Locale.ROOT))
                        .toList()));
      }
    }
    return clear;
  }

  /// The variables that the target sets, in written order.
  static Map<String, String> env(RuleContext context) {
    Map<String, String> env = new LinkedHashMap<>();
    for (String entry : context.attributes().strings("env")) {
      int equals = entry.indexOf('=');
      if (equals <= 0) {
        throw context.error("env", "'" + entry + "' is not KEY=VALUE", "for example PORT=8080");
      }
      env.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return env;
  }
}
