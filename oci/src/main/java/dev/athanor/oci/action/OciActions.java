package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionType;
import dev.athanor.engine.exec.Sandbox;
import dev.athanor.oci.registry.RegistryClient;
import dev.athanor.oci.rootfs.ReadLayers;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// One of each action type, with what it works with.
public record OciActions(
    ActionType fetch,
    ActionType fetchLayers,
    ActionType importImage,
    ActionType addLayer,
    ActionType unpack,
    ActionType run,
    ActionType repack,
    ActionType extract,
    ActionType config,
    ActionType index,
    ActionType layout,
    ActionType describe,
    ActionType checkDigest,
    ActionType push,
    ActionType mirror) {

  /// @param registries made when something needs a registry, and not before
  /// @param sandbox for commands in images; made when something needs it
  /// @param roots root filesystems on disk
  /// @param scratch a directory for what running commands write
  /// @param pieces a directory for what is remembered of layers that were compressed
  /// @param threads how many compress one layer
  public static OciActions of(
      Registries registries,
      Supplier<Sandbox> sandbox,
      RootCache roots,
      Path scratch,
      Path pieces,
      int threads) {
    ReadLayers layers = new ReadLayers();
    return new OciActions(
        new Fetch(registries),
        new FetchLayers(registries),
        new ImportImage(),
        new AddLayer(threads, pieces, layers),
        new UnpackLayers(threads, layers),
        new RunCommand(sandbox, roots, scratch),
        new RepackLayer(threads),
        new ExtractLayer(threads),
        new WriteConfig(),
        new WriteIndex(),
        new WriteLayout(),
        new DescribeImage(),
        new CheckDigest(),
        new Push(registries),
        new Mirror(registries));
  }

  /// All of them.
  public List<ActionType> types() {
    return List.of(
        fetch,
        fetchLayers,
        importImage,
        addLayer,
        unpack,
        run,
        repack,
        extract,
        config,
        index,
        layout,
        describe,
        checkDigest,
        push,
        mirror);
  }

  /// Clients of registries.
  public interface Registries {
    /// @param anonymous whether no credentials may be sent
    RegistryClient client(boolean anonymous);

    /// Whether nothing may be sent: pushing only tells what it would do.
    default boolean dry() {
      return false;
    }
  }
}
