package dev.athanor.oci.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.athanor.engine.exec.Spawn;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.ImageConfig;
import dev.athanor.oci.model.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The `config.json` of a bundle of the runtime specification 1.0, for runc and crun: what the
/// image specification's `conversion.md` makes of an image's config, and around it a container like
/// the ones of container engines.
///
/// The root filesystem is expected in `rootfs` beside it.
public final class RuntimeConfig {
  /// The name of the directory with the root filesystem.
  public static final String ROOTFS = "rootfs";

  public static final String FILE = "config.json";

  private static final String ANNOTATION = "org.opencontainers.image.";

  /// What container engines let user 0 do.
  private static final List<String> CAPABILITIES =
      List.of(
          "CAP_AUDIT_WRITE",
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_MKNOD",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_RAW",
          "CAP_SETFCAP",
          "CAP_SETGID",
          "CAP_SETPCAP",
          "CAP_SETUID",
          "CAP_SYS_CHROOT");

  /// What would tell of the host or reach it.
  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware");

  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private final Container container;
  private final ImageConfig image;
  private final Options options;

  /// How the container is to be run.
  ///
  /// @param terminal whether it gets a terminal of its own
  /// @param rootless whether an ordinary user starts it: it then has one user id, the caller's
  /// @param callersUid the user id of that caller, as it is where the runtime starts
  /// @param volumes whether the config's volumes become mounts of their own
  public record Options(
      boolean terminal, boolean rootless, int callersUid, int callersGid, boolean volumes) {}

  private RuntimeConfig(Container container, ImageConfig image, Options options) {
    this.container = container;
    this.image = image;
    this.options = options;
  }

  /// The bytes of the file.
  public static byte[] of(Container container, ImageConfig image, Options options) {
    return CanonicalJson.write(new RuntimeConfig(container, image, options).json());
  }

  private JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("ociVersion", "1.0.2");
    json.add("process", process());
    JsonObject root = new JsonObject();
    root.addProperty("path", ROOTFS);
    json.add("root", root);
    json.addProperty("hostname", Container.HOSTNAME);
    json.add("mounts", mounts());
    json.add("linux", linux());
    JsonObject annotations = new JsonObject();
    annotations().forEach(annotations::addProperty);
    json.add("annotations", annotations);
    return json;
  }

  private JsonObject process() {
    JsonObject process = new JsonObject();
    process.addProperty("terminal", options.terminal);
    process.add("user", user());
    process.add("args", strings(container.argv()));
    process.add(
        "env",
        strings(
            container.env().entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList()));
    process.addProperty("cwd", container.directory());
    JsonObject capabilities = new JsonObject();
    for (String set : List.of("bounding", "effective", "permitted")) {
      capabilities.add(set, strings(CAPABILITIES));
    }
    process.add("capabilities", capabilities);
    process.addProperty("noNewPrivileges", true);
    return process;
  }

  private JsonObject user() {
    Spawn.User user = container.user();
    JsonObject json = new JsonObject();
    json.addProperty("uid", user.uid());
    json.addProperty("gid", user.gid());
    // Where there is one group id only, no other group can be had.
    if (!user.groups().isEmpty() && !options.rootless) {
      JsonArray groups = new JsonArray();
      user.groups().forEach(groups::add);
      json.add("additionalGids", groups);
    }
    return json;
  }

  private JsonArray mounts() {
    List<JsonObject> mounts = new ArrayList<>();
    mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
    mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
    String[] pts = {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"};
    // Group 5 owns terminals; where there is no such group, nobody's does.
    mounts.add(
        mount("/dev/pts", "devpts", "devpts", options.rootless ? Arrays.copyOf(pts, 5) : pts));
    mounts.add(
        mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
    mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
    mounts.add(
        options.rootless
            ? mount("/sys", "none", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro")
            : mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
    if (options.volumes) {
      for (String volume : image.volumes()) {
        mounts.add(mount(volume, "tmpfs", "tmpfs", "nosuid", "nodev", "tmpcopyup"));
      }
    }
    for (Spawn.Bind bind : container.volumes()) {
      mounts.add(
          mount(
              bind.target(),
              "none",
              bind.source().toAbsolutePath().toString(),
              "rbind",
              bind.writable() ? "rw" : "ro"));
    }
    JsonArray array = new JsonArray();
    mounts.forEach(array::add);
    return array;
  }

  private static JsonObject mount(
      String destination, String type, String source, String... options) {
    JsonObject mount = new JsonObject();
    mount.addProperty("destination", destination);
    mount.addProperty("type", type);
    mount.addProperty("source", source);
    mount.add("options", strings(List.of(options)));
    return mount;
  }

  private JsonObject linux() {
    JsonObject linux = new JsonObject();
    List<String> kinds = new ArrayList<>(List.of("pid", "ipc", "uts", "mount"));
    if (!container.network()) {
      kinds.add("network");
    }
    if (options.rootless) {
      kinds.add("user");
      linux.add("uidMappings", mapping(options.callersUid));
      linux.add("gidMappings", mapping(options.callersGid));
    }
    JsonArray namespaces = new JsonArray();
    for (String kind : kinds) {
      JsonObject namespace = new JsonObject();
      namespace.addProperty("type", kind);
      namespaces.add(namespace);
    }
    linux.add("namespaces", namespaces);
    linux.add("maskedPaths", strings(MASKED));
    linux.add("readonlyPaths", strings(READ_ONLY));
    return linux;
  }

  /// Runtimes want a user 0, and there is one id to give.
  private static JsonArray mapping(int outside) {
    JsonObject mapping = new JsonObject();
    mapping.addProperty("containerID", 0);
    mapping.addProperty("hostID", outside);
    mapping.addProperty("size", 1);
    JsonArray mappings = new JsonArray();
    mappings.add(mapping);
    return mappings;
  }

  /// Facts about the image, over which the image's own labels win.
  private SortedMap<String, String> annotations() {
    SortedMap<String, String> annotations = new TreeMap<>();
    Platform platform = image.platform();
    put(annotations, "os", platform.os());
    put(annotations, "architecture", platform.architecture());
    put(annotations, "variant", platform.variant());
    put(annotations, "os.version", platform.osVersion());
    put(annotations, "os.features", String.join(",", image.osFeatures()));
    put(annotations, "author", image.author().orElse(""));
    put(annotations, "created", image.created().orElse(""));
    put(annotations, "stopSignal", image.stopSignal().orElse(""));
    put(
        annotations,
        "exposedPorts",
        String.join(",", image.exposedPorts().stream().sorted().toList()));
    annotations.putAll(image.labels());
    return annotations;
  }

  private static void put(Map<String, String> annotations, String name, String value) {
    if (!value.isEmpty()) {
      annotations.put(ANNOTATION + name, value);
    }
  }

  private static JsonArray strings(Collection<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }
}
