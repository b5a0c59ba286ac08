package dev.athanor.oci.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// How to run an image, and what its layers are: a document that is edited in place.
///
/// Every edit gives a new config in which only the edited member differs; members that Athanor does
/// not know (`OnBuild`, `Shell`, whatever comes) survive with their place and text.
public final class ImageConfig {
  /// The members that the specification knows, in the order in which Go programs write them.
  public static final List<String> MEMBERS =
      List.of(
          "created",
          "author",
          "architecture",
          "variant",
          "os",
          "os.version",
          "os.features",
          "config",
          "rootfs",
          "history");

  private static final List<String> RUN_ORDER =
      List.of(
          "User",
          "ExposedPorts",
          "Env",
          "Entrypoint",
          "Cmd",
          "Volumes",
          "WorkingDir",
          "Labels",
          "StopSignal",
          "Healthcheck");
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(-1).toFormatter();

  private final JsonObject json;
  private final byte[] bytes;
  private final Digest digest;
  private final List<OciDigest> diffIds;

  private ImageConfig(JsonObject json, byte[] bytes) {
    this.json = json;
    this.bytes = bytes;
    digest = Digester.digest(bytes);
    Fields rootfs = fields().object("rootfs");
    if (!rootfs.string("type").equals("layers")) {
      throw rootfs.problem("type", "must be 'layers'");
    }
    diffIds = rootfs.digests("diff_ids");
    fields().string("os");
    fields().string("architecture");
    history();
  }

  /// A config for an image without layers.
  public static ImageConfig empty(Platform platform) {
    JsonObject json = new JsonObject();
    json.addProperty("architecture", platform.architecture());
    json = Members.withText(json, MEMBERS, "variant", platform.variant());
    json.addProperty("os", platform.os());
    json = Members.withText(json, MEMBERS, "os.version", platform.osVersion());
    json.add("config", new JsonObject());
    JsonObject rootfs = new JsonObject();
    rootfs.addProperty("type", "layers");
    rootfs.add("diff_ids", new JsonArray());
    json.add("rootfs", rootfs);
    return of(json);
  }

  /// Reads a config.
  ///
  /// @throws DocumentException when it breaks a rule of the specification
  public static ImageConfig parse(byte[] bytes) {
    String name = "config sha256:" + Digester.digest(bytes).hex();
    return new ImageConfig(StrictJson.readObject(bytes, name), bytes.clone());
  }

  private static ImageConfig of(JsonObject json) {
    return new ImageConfig(json, CanonicalJson.write(json));
  }

  /// A time as Go writes it: UTC, as few digits of a second as will do.
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /// The exact bytes: those read, or the canonical ones of an edited config.
  public byte[] bytes() {
    return bytes.clone();
  }

  public Digest digest() {
    return digest;
  }

  public Platform platform() {
    return new Platform(
        fields().string("os"),
        fields().string("architecture"),
        fields().optionalString("variant").orElse(""),
        fields().optionalString("os.version").orElse(""));
  }

  public List<String> osFeatures() {
    return fields().strings("os.features");
  }

  public Optional<String> created() {
    return fields().optionalString("created");
  }

  public Optional<String> author() {
    return fields().optionalString("author");
  }

  /// The layers' digests before compression, base first.
  public List<OciDigest> diffIds() {
    return diffIds;
  }

  public List<History> history() {
    return fields().optionalArray("history").stream().map(History::read).toList();
  }

  /// `KEY=VALUE` entries, as they are.
  public List<String> env() {
    return run().strings("Env");
  }

  public List<String> entrypoint() {
    return run().strings("Entrypoint");
  }

  public List<String> cmd() {
    return run().strings("Cmd");
  }

  public Optional<String> user() {
    return run().optionalString("User").filter(user -> !user.isEmpty());
  }

  public Optional<String> workingDir() {
    return run().optionalString("WorkingDir").filter(dir -> !dir.isEmpty());
  }

  public SequencedMap<String, String> labels() {
    return run().stringMap("Labels");
  }

  public List<String> exposedPorts() {
    return run().names("ExposedPorts");
  }

  public List<String> volumes() {
    return run().names("Volumes");
  }

  public Optional<String> stopSignal() {
    return run().optionalString("StopSignal");
  }

  public ImageConfig withCreated(Instant created) {
    return edited("created", Members.string(time(created)));
  }

  public ImageConfig withAuthor(String author) {
    return of(Members.withText(json, MEMBERS, "author", author));
  }

  /// The same for another platform; parts that `platform` leaves empty are taken away.
  public ImageConfig withPlatform(Platform platform) {
    JsonObject edit = Members.withText(json, MEMBERS, "architecture", platform.architecture());
    edit = Members.withText(edit, MEMBERS, "variant", platform.variant());
    edit = Members.withText(edit, MEMBERS, "os", platform.os());
    return of(Members.withText(edit, MEMBERS, "os.version", platform.osVersion()));
  }

  public ImageConfig withOsVersion(String version) {
    return of(Members.withText(json, MEMBERS, "os.version", version));
  }

  /// Replaces the whole list.
  public ImageConfig withOsFeatures(List<String> features) {
    return edited("os.features", Members.strings(features));
  }

  /// The same without any history.
  public ImageConfig withoutHistory() {
    return of(Members.without(json, "history"));
  }

  /// Sets one variable: a value that is there is replaced in its place, a new one goes to the end.
  public ImageConfig withEnv(String name, String value) {
    if (name.isEmpty() || name.contains("=")) {
      throw new IllegalArgumentException("not the name of a variable: " + name);
    }
    List<String> edited = new ArrayList<>();
    boolean placed = false;
    for (String entry : env()) {
      boolean same = entry.startsWith(name + "=") || entry.equals(name);
      if (!same) {
        edited.add(entry);
      } else if (!placed) {
        edited.add(name + "=" + value);
        placed = true;
      }
    }
    if (!placed) {
      edited.add(name + "=" + value);
    }
    return withRun("Env", Members.strings(edited));
  }

  /// Replaces the whole list; an empty one takes it away. `Cmd` stays as it is.
  public ImageConfig withEntrypoint(List<String> entrypoint) {
    return entrypoint.isEmpty()
        ? without("Entrypoint")
        : withRun("Entrypoint", Members.strings(entrypoint));
  }

  /// Replaces the whole list; an empty one takes it away.
  public ImageConfig withCmd(List<String> cmd) {
    return cmd.isEmpty() ? without("Cmd") : withRun("Cmd", Members.strings(cmd));
  }

  public ImageConfig withUser(String user) {
    return withRun("User", Members.string(user));
  }

  public ImageConfig withWorkingDir(String dir) {
    return withRun("WorkingDir", Members.string(dir));
  }

  public ImageConfig withStopSignal(String signal) {
    return withRun("StopSignal", Members.string(signal));
  }

  public ImageConfig withHealthcheck(Healthcheck healthcheck) {
    return withRun("Healthcheck", healthcheck.json());
  }

  /// Adds labels, replacing those of the same name.
  public ImageConfig withLabels(Map<String, String> labels) {
    Map<String, String> all = new LinkedHashMap<>(labels());
    all.putAll(labels);
    return all.isEmpty() ? this : withRun("Labels", Members.stringMap(all));
  }

  /// Adds ports, such as `8080/tcp`.
  public ImageConfig withExposedPorts(Collection<String> ports) {
    return withNames("ExposedPorts", exposedPorts(), ports);
  }

  /// Adds paths of volumes.
  public ImageConfig withVolumes(Collection<String> volumes) {
    return withNames("Volumes", volumes(), volumes);
  }

  /// The same without one member of the inner `config`, such as `Labels` or `Env`.
  public ImageConfig without(String runField) {
    return edited("config", Members.without(run().json(), runField));
  }

  /// Adds a history entry that no layer belongs to, or, together with [#withDiffId], one for a
  /// layer.
  public ImageConfig withHistory(History entry) {
    return edited("history", appended(json.get("history"), entry.json()));
  }

  /// Adds a diff id alone.
  public ImageConfig withDiffId(OciDigest diffId) {
    JsonObject rootfs = fields().object("rootfs").json();
    JsonArray ids = appended(rootfs.get("diff_ids"), Members.string(diffId.toString()));
    return edited("rootfs", Members.with(rootfs, List.of("type", "diff_ids"), "diff_ids", ids));
  }

  private ImageConfig withNames(String name, List<String> present, Collection<String> added) {
    List<String> all = new ArrayList<>(present);
    all.addAll(added);
    return all.isEmpty() ? this : withRun(name, Members.set(all));
  }

  private ImageConfig withRun(String name, JsonElement value) {
    return edited("config", Members.with(run().json(), RUN_ORDER, name, value));
  }

  private ImageConfig edited(String name, JsonElement value) {
    return of(Members.with(json, MEMBERS, name, value));
  }

  private static JsonArray appended(@Nullable JsonElement list, JsonElement last) {
    JsonArray all = new JsonArray();
    if (list instanceof JsonArray array) {
      all.addAll(array);
    }
    all.add(last);
    return all;
  }

  private Fields run() {
    return fields()
        .optionalObject("config")
        .orElseGet(() -> Fields.root(new JsonObject(), "config"));
  }

  private Fields fields() {
    return Fields.root(json, "config sha256:" + digest.hex());
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof ImageConfig other && digest.equals(other.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return CanonicalJson.text(json);
  }
}
