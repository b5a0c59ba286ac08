package dev.athanor.oci.validate;

import static dev.athanor.oci.validate.Rule.CONFIG_MEMBER_TYPE;

import com.google.gson.JsonPrimitive;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What is asked of an image's config.
final class ConfigRules {
  private static final JsonPrimitive TRUE = new JsonPrimitive(true);

  /// The members of the inner `config`.
  private static final Map<String, Consumer<Value>> RUN =
      Map.ofEntries(
          Map.entry("User", ConfigRules::text),
          Map.entry("ExposedPorts", ConfigRules::ports),
          Map.entry("Env", ConfigRules::env),
          Map.entry("Entrypoint", ConfigRules::texts),
          Map.entry("Cmd", ConfigRules::texts),
          Map.entry("Volumes", ConfigRules::set),
          Map.entry("WorkingDir", ConfigRules::text),
          Map.entry("StopSignal", ConfigRules::text),
          Map.entry("ArgsEscaped", ConfigRules::truth),
          Map.entry("Memory", ConfigRules::number),
          Map.entry("MemorySwap", ConfigRules::number),
          Map.entry("CpuShares", ConfigRules::number),
          Map.entry("Healthcheck", it -> it.object(CONFIG_MEMBER_TYPE)));

  private static final Map<String, Consumer<Value>> HISTORY =
      Map.of(
          "created", ConfigRules::time,
          "created_by", ConfigRules::text,
          "author", ConfigRules::text,
          "comment", ConfigRules::text,
          "empty_layer", ConfigRules::truth);

  private ConfigRules() {}

  /// What a config says about the image's layers.
  ///
  /// @param diffIds base first; empty in place of each that is none, and altogether where there is
  ///   no list
  /// @param histories entries that tell of a layer; empty where there are no entries at all
  record Facts(
      Optional<Platform> platform,
      Optional<List<Optional<String>>> diffIds,
      Optional<Long> histories) {}

  static Facts check(Value config) {
    config.refuseLookalikes(ImageConfig.MEMBERS);
    config.member("created").ifPresent(ConfigRules::time);
    config.member("author").ifPresent(ConfigRules::text);
    config
        .member("config")
        .flatMap(it -> it.object(CONFIG_MEMBER_TYPE))
        .ifPresent(run -> {
          checkMembers(run, RUN);
          run.refuseLookalikes(List.of("Labels"));
          AnnotationRules.check(run, "Labels");
        });
    return new Facts(PlatformRules.OF_CONFIG.read(config), diffIds(config), histories(config));
  }

  private static void checkMembers(Value object, Map<String, Consumer<Value>> rules) {
    object.refuseLookalikes(List.copyOf(rules.keySet()));
    rules.forEach((name, rule) -> object.member(name).ifPresent(rule));
  }

  private static Optional<List<Optional<String>>> diffIds(Value config) {
    Optional<Value> rootfs =
        config.required("rootfs", Rule.CONFIG_ROOTFS).flatMap(it -> it.object(Rule.CONFIG_ROOTFS));
    rootfs.ifPresent(it -> it.refuseLookalikes(List.of("type", "diff_ids")));
    rootfs
        .flatMap(it -> it.required("type", Rule.CONFIG_ROOTFS_TYPE))
        .ifPresent(it ->
            it.string(Rule.CONFIG_ROOTFS_TYPE)
                .filter(type -> !type.equals("layers"))
                .ifPresent(
                    type -> it.report(Rule.CONFIG_ROOTFS_TYPE, "is '" + type + "', not 'layers'")));
    return rootfs
        .flatMap(it -> it.required("diff_ids", Rule.CONFIG_ROOTFS_DIFF_IDS))
        .flatMap(it -> it.list(Rule.CONFIG_ROOTFS_DIFF_IDS))
        .map(ids -> ids.stream().map(ConfigRules::diffId).toList());
  }

  private static Optional<String> diffId(Value value) {
    return value.digest(Rule.CONFIG_ROOTFS_DIFF_IDS, Rule.CONFIG_DIFF_ID, Rule.CONFIG_DIFF_ID);
  }

  private static Optional<Long> histories(Value config) {
    List<Value> entries =
        config.member("history").flatMap(it -> it.list(CONFIG_MEMBER_TYPE)).orElse(List.of());
    long layers = 0;
    for (Value entry : entries) {
      entry.object(CONFIG_MEMBER_TYPE).ifPresent(object -> checkMembers(object, HISTORY));
      layers += isTrue(entry.member("empty_layer")) ? 0 : 1;
    }
    return entries.isEmpty() ? Optional.empty() : Optional.of(layers);
  }

  private static boolean isTrue(Optional<Value> value) {
    return value.filter(it -> it.json().equals(TRUE)).isPresent();
  }

  private static void text(Value value) {
    value.string(CONFIG_MEMBER_TYPE);
  }

  private static void texts(Value value) {
    value.strings(CONFIG_MEMBER_TYPE);
  }

  private static void truth(Value value) {
    value.bool(CONFIG_MEMBER_TYPE);
  }

  private static void number(Value value) {
    value.number(CONFIG_MEMBER_TYPE);
  }

  private static void time(Value value) {
    value
        .string(CONFIG_MEMBER_TYPE)
        .filter(text -> !Grammar.isTime(text))
        .ifPresent(
            text -> value.report(Rule.CONFIG_CREATED, "'" + text + "' is no time of RFC 3339"));
  }

  private static void env(Value value) {
    for (String entry : value.strings(CONFIG_MEMBER_TYPE)) {
      if (entry.indexOf('=') <= 0) {
        value.report(Rule.CONFIG_ENV, "'" + entry + "' is not NAME=VALUE");
      }
    }
  }

  private static void ports(Value value) {
    set(value);
    for (String port : value.names()) {
      if (!Grammar.isPort(port)) {
        value.report(Rule.CONFIG_EXPOSED_PORT, "'" + port + "' is not PORT or PORT/PROTOCOL");
      }
    }
  }

  /// An object of empty objects.
  private static void set(Value value) {
    value.object(CONFIG_MEMBER_TYPE);
    value.entries().values().stream()
        .filter(it -> it.object(CONFIG_MEMBER_TYPE).isPresent() && !it.names().isEmpty())
        .forEach(it -> it.report(CONFIG_MEMBER_TYPE, "is not empty"));
  }
}
