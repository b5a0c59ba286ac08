package dev.athanor.oci.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.oci.model.Healthcheck;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a target changes in the config and the manifest it inherits. An absent part stays as it is.
///
/// @param clear what is taken away before anything is set
/// @param entrypoint replaces the entrypoint and takes away the inherited command
/// @param cmd replaces the command
/// @param env sets variables, in this order
/// @param created also the time of the history that the target adds
/// @param platform replaces the platform, and takes the version of its system away
/// @param annotations of the manifest
public record ConfigEdits(
    Set<Clear> clear,
    Optional<List<String>> entrypoint,
    Optional<List<String>> cmd,
    Map<String, String> env,
    Map<String, String> labels,
    Optional<String> user,
    Optional<String> workdir,
    List<String> ports,
    List<String> volumes,
    Optional<String> stopSignal,
    Optional<Healthcheck> healthcheck,
    Optional<String> author,
    Optional<Instant> created,
    Optional<Platform> platform,
    Optional<String> osVersion,
    List<String> osFeatures,
    SortedMap<String, String> annotations) {
  /// What can be taken away.
  public enum Clear {
    ENTRYPOINT("Entrypoint"),
    ARGS("Cmd"),
    ENV("Env"),
    LABELS("Labels"),
    USER("User"),
    WORKDIR("WorkingDir"),
    PORTS("ExposedPorts"),
    VOLUMES("Volumes"),
    STOP_SIGNAL("StopSignal"),
    HEALTHCHECK("Healthcheck"),
    /// Of the manifest.
    ANNOTATIONS(""),
    /// All of it, that of the layers too.
    HISTORY("");

    private final String member;

    Clear(String member) {
      this.member = member;
    }

    private ImageConfig from(ImageConfig config) {
      return member.isEmpty() ? config : config.without(member);
    }
  }

  public static final ConfigEdits NONE =
      new ConfigEdits(
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          new TreeMap<>());

  public ConfigEdits {
    clear = Collections.unmodifiableSortedSet(new TreeSet<>(clear));
    entrypoint = entrypoint.map(List::copyOf);
    cmd = cmd.map(List::copyOf);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    ports = List.copyOf(ports);
    volumes = List.copyOf(volumes);
    osFeatures = List.copyOf(osFeatures);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
  }

  public boolean clears(Clear part) {
    return clear.contains(part);
  }

  /// The config with these edits; annotations are for the manifest, and history is for whoever adds
  /// to it.
  public ImageConfig apply(ImageConfig config) {
    ImageConfig edited = config;
    for (Clear part : clear) {
      edited = part.from(edited);
    }
    if (entrypoint.isPresent()) {
      edited = edited.withEntrypoint(entrypoint.get()).withCmd(List.of());
    }
    if (cmd.isPresent()) {
      edited = edited.withCmd(cmd.get());
    }
    for (Map.Entry<String, String> variable : env.entrySet()) {
      edited = edited.withEnv(variable.getKey(), variable.getValue());
    }
    edited = labels.isEmpty() ? edited : edited.withLabels(labels);
    edited = user.isPresent() ? edited.withUser(user.get()) : edited;
    edited = workdir.isPresent() ? edited.withWorkingDir(workdir.get()) : edited;
    edited = ports.isEmpty() ? edited : edited.withExposedPorts(ports);
    edited = volumes.isEmpty() ? edited : edited.withVolumes(volumes);
    edited = stopSignal.isPresent() ? edited.withStopSignal(stopSignal.get()) : edited;
    edited = healthcheck.isPresent() ? edited.withHealthcheck(healthcheck.get()) : edited;
    edited = author.isPresent() ? edited.withAuthor(author.get()) : edited;
    edited = created.isPresent() ? edited.withCreated(created.get()) : edited;
    edited = platform.isPresent() ? edited.withPlatform(platform.get()) : edited;
    edited = osVersion.isPresent() ? edited.withOsVersion(osVersion.get()) : edited;
    return osFeatures.isEmpty() ? edited : edited.withOsFeatures(osFeatures);
  }

  /// As text for an action's parameters.
  public String encode() {
    JsonObject json = new JsonObject();
    json.add("clear", Json.array(clear.stream().map(Clear::name).toList()));
    entrypoint.ifPresent(words -> json.add("entrypoint", Json.array(words)));
    cmd.ifPresent(words -> json.add("cmd", Json.array(words)));
    json.add("env", Json.object(env));
    json.add("labels", Json.object(labels));
    user.ifPresent(text -> json.addProperty("user", text));
    workdir.ifPresent(text -> json.addProperty("workdir", text));
    json.add("ports", Json.array(ports));
    json.add("volumes", Json.array(volumes));
    stopSignal.ifPresent(text -> json.addProperty("stopSignal", text));
    healthcheck.ifPresent(check -> json.add("healthcheck", json(check)));
    author.ifPresent(text -> json.addProperty("author", text));
    created.ifPresent(time -> json.addProperty("created", time.toString()));
    platform.ifPresent(it -> json.addProperty("platform", it.toString()));
    osVersion.ifPresent(text -> json.addProperty("osVersion", text));
    json.add("osFeatures", Json.array(osFeatures));
    json.add("annotations", Json.object(annotations));
    return Json.text(json);
  }

  private static JsonObject json(Healthcheck check) {
    JsonObject json = new JsonObject();
    json.add("test", Json.array(check.test()));
    json.addProperty("interval", check.interval().toString());
    json.addProperty("timeout", check.timeout().toString());
    json.addProperty("startPeriod", check.startPeriod().toString());
    json.addProperty("retries", check.retries());
    return json;
  }

  /// Reads what [#encode] wrote.
  public static ConfigEdits parse(String text) {
    JsonObject json = Json.parse(text);
    Set<Clear> clear = new TreeSet<>();
    Json.list(json.get("clear")).forEach(name -> clear.add(Clear.valueOf(name)));
    return new ConfigEdits(
        clear,
        Optional.ofNullable(json.get("entrypoint")).map(Json::list),
        Optional.ofNullable(json.get("cmd")).map(Json::list),
        Json.map(json.get("env")),
        Json.map(json.get("labels")),
        string(json, "user"),
        string(json, "workdir"),
        Json.list(json.get("ports")),
        Json.list(json.get("volumes")),
        string(json, "stopSignal"),
        Optional.ofNullable(json.getAsJsonObject("healthcheck")).map(ConfigEdits::healthcheck),
        string(json, "author"),
        string(json, "created").map(Instant::parse),
        string(json, "platform").map(Platform::parse),
        string(json, "osVersion"),
        Json.list(json.get("osFeatures")),
        new TreeMap<>(Json.map(json.get("annotations"))));
  }

  private static Optional<String> string(JsonObject json, String name) {
    return Optional.ofNullable(json.get(name)).map(JsonElement::getAsString);
  }

  private static Healthcheck healthcheck(JsonObject json) {
    return new Healthcheck(
        Json.list(json.get("test")),
        Duration.parse(json.get("interval").getAsString()),
        Duration.parse(json.get("timeout").getAsString()),
        Duration.parse(json.get("startPeriod").getAsString()),
        json.get("retries").getAsInt());
  }
}
