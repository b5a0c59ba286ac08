package dev.athanor.cli;

import com.google.gson.JsonObject;
import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.layout.ArchiveWriter;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.registry.ImageServer;
import dev.athanor.oci.registry.ServedImage;
import dev.athanor.sandbox.HostProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Brings images into a runtime: it pulls them from a registry that is there for the moment, and so
/// takes nothing that it has. One that cannot come here gets a whole archive.
final class ImageLoad {
  private final Workbench bench;
  private final RuntimeProgram program;
  private final List<Loaded> loaded = new ArrayList<>();

  /// Part of the name under which an image is served: other users of the machine can reach the
  /// loopback, too, but have to know this.
  private final String secret = UUID.randomUUID().toString();

  /// An image in a runtime.
  ///
  /// @param runtime or whatever else took it
  /// @param layers that it has
  /// @param transferred how many of them were sent
  /// @param bytes that were sent
  record Loaded(
      String label,
      Reference name,
      OciDigest digest,
      String runtime,
      int layers,
      int transferred,
      long bytes) {
    String line() {
      int there = layers - transferred;
      return "%s loaded into %s as %s (%s, %s sent)"
          .formatted(
              label,
              runtime,
              name.withDigest(digest),
              there == 0
                  ? layers + (layers == 1 ? " layer" : " layers")
                  : there + " of " + layers + " layers " + (there == 1 ? "was" : "were") + " there",
              Amounts.text(bytes));
    }

    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("label", label);
      json.addProperty("name", name.toString());
      json.addProperty("digest", digest.toString());
      json.addProperty("runtime", runtime);
      json.addProperty("layers", layers);
      json.addProperty("transferred", transferred);
      json.addProperty("bytes", bytes);
      return json;
    }
  }

  /// An image, and what it is to be called.
  record Named(OpenImage image, Reference name) {
    Descriptor root() {
      return image.image().manifest();
    }

    ArchiveWriter.Named inArchive() {
      return new ArchiveWriter.Named(Optional.of(name), root());
    }

    /// All of it was sent.
    Loaded whole(String runtime) {
      List<Digest> blobs =
          image.manifest().children().stream().map(Descriptor::blob).distinct().toList();
      int layers =
          (int) image.manifest().layers().stream().map(Descriptor::blob).distinct().count();
      long bytes = root().size() + blobs.stream().mapToLong(Digest::size).sum();
      return new Loaded(image.label(), name, root().digest(), runtime, layers, layers, bytes);
    }
  }

  private ImageLoad(Workbench bench, RuntimeProgram program) {
    this.bench = bench;
    this.program = program;
  }

  /// @throws dev.athanor.engine.cas.MissingBlobException when something of an image is lost
  static List<Loaded> into(RuntimeProgram program, List<Named> images, Workbench bench)
      throws IOException, InterruptedException {
    ImageLoad load = new ImageLoad(bench, program);
    try (ImageServer server =
        ImageServer.start(bench.blobs, () -> bench.registries().client(false))) {
      for (Named image : images) {
        load.load(image, server);
      }
    }
    return load.loaded;
  }

  private void load(Named image, ImageServer server) throws IOException, InterruptedException {
    ServedImage served =
        server.serve(
            "athanor/" + secret + "/" + (loaded.size() + 1), image.root(), origins(image.image()));
    String from = served.reference().toString();
    HostProgram.Ended pulled = run(program.runtime().pull(from));
    if (!pulled.success()) {
      refuse(served);
      send(image, served, RuntimeProgram.complaint(pulled));
      return;
    }
    HostProgram.Ended tagged = run(program.runtime().tag(from, image.name().toString()));
    HostProgram.Ended forgotten = run(program.runtime().forget(from));
    if (!tagged.success()) {
      throw failure(image, RuntimeProgram.complaint(tagged));
    }
    if (!forgotten.success()) {
      bench.console.line(
          "warning: %s keeps the name %s: %s"
              .formatted(program.runtime().title, from, RuntimeProgram.complaint(forgotten)));
    }
    ServedImage.Traffic traffic = served.traffic();
    loaded.add(
        new Loaded(
            image.image().label(),
            image.name(),
            image.root().digest(),
            program.runtime().title,
            traffic.layers(),
            traffic.transferred(),
            traffic.bytes()));
  }

  /// Where a pull failed because of us, nothing else helps.
  private static void refuse(ServedImage served) throws IOException {
    switch (served.failure().orElse(null)) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Exception e -> throw new IOException(e);
    }
  }

  /// The runtime of another machine cannot come to the loopback of this one.
  private void send(Named image, ServedImage served, String reason)
      throws IOException, InterruptedException {
    bench.console.line(
        "%s could not pull from here (%s), and gets the whole image"
            .formatted(program.runtime().title, reason));
    served.complete();
    HostProgram.Ended ended =
        program.run(
            program.runtime().load(),
            in -> ArchiveWriter.write(in, List.of(image.inArchive()), bench.blobs));
    if (!ended.success()) {
      throw failure(image, reason + "; " + RuntimeProgram.complaint(ended));
    }
    loaded.add(image.whole(program.runtime().title));
  }

  private UserException failure(Named image, String reason) {
    return new UserException(
        program.runtime().title + " did not take " + image.image().label() + ": " + reason,
        "--archive FILE writes what `docker load` and `podman load` read");
  }

  private HostProgram.Ended run(List<String> words) throws IOException, InterruptedException {
    return program.run(words, HostProgram.Input.NONE);
  }

  private static Map<Digest, Repository> origins(OpenImage image) {
    Map<Digest, Repository> origins = new HashMap<>();
    for (Descriptor layer : image.manifest().layers()) {
      image.image().origin(layer.digest()).ifPresent(origin -> origins.put(layer.blob(), origin));
    }
    return origins;
  }
}
