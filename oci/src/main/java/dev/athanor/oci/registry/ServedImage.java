package dev.athanor.oci.registry;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.concurrent.Parallel;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.Part;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An image or index that an [ImageServer] serves, and what was asked of it so far.
///
/// Its documents are read when it is made, so that nothing can be asked for that is not part of it.
/// Of its blobs, those that have an origin are brought into the store when somebody asks for their
/// bytes.
public final class ServedImage {
  /// The tag that stands for the root.
  static final String TAG = "latest";

  private final Repository repository;
  private final Descriptor root;
  private final Map<Digest, Repository> origins;
  private final BlobStore store;
  private final Supplier<RegistryClient> client;
  private final Map<String, ImageDocument> documents = new LinkedHashMap<>();
  private final Map<String, Digest> blobs = new LinkedHashMap<>();
  private final Set<Digest> layers = ConcurrentHashMap.newKeySet();
  private final Set<Digest> asked = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /// What somebody who pulls the image has asked for.
  ///
  /// @param layers that there are, each counted once
  /// @param transferred how many of them were asked for
  /// @param bytes that were sent of documents and blobs
  public record Traffic(int layers, int transferred, long bytes) {}

  /// @param repository the server's own
  /// @throws MissingBlobException when a document, or a blob without an origin, is not in the store
  ServedImage(
      Repository repository,
      Descriptor root,
      Map<Digest, Repository> origins,
      BlobStore store,
      Supplier<RegistryClient> client)
      throws IOException {
    this.repository = repository;
    this.root = root;
    this.origins = Map.copyOf(origins);
    this.store = store;
    this.client = client;
    ImageDocument document = ImageDocument.read(root, store);
    documents.put(TAG, document);
    for (Part part : Part.all(document, child -> ImageDocument.read(child, store))) {
      if (part.document().isEmpty()) {
        add(part.descriptor());
        continue;
      }
      documents.put(part.descriptor().digest().toString(), part.document().get());
      if (part.document().get() instanceof Manifest manifest) {
        manifest.layers().stream().map(Descriptor::blob).forEach(layers::add);
      }
    }
  }

  private void add(Descriptor child) throws IOException {
    Digest blob = child.blob();
    if (origins.containsKey(blob) || store.contains(blob)) {
      blobs.put(child.digest().toString(), blob);
    } else if (child.urls().isEmpty()) {
      throw new MissingBlobException(blob);
    }
  }

  /// Under which name it can be pulled, by digest.
  public Reference reference() {
    return repository.digest(root.digest());
  }

  public Traffic traffic() {
    return new Traffic(layers.size(), asked.size(), bytes.get());
  }

  /// The first thing that went wrong here, and not with who asked: why a pull must have failed.
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure.get());
  }

  /// Brings everything into the store that is not in it yet.
  public void complete() throws IOException {
    Parallel.forEach(blobs.values().stream().distinct().toList(), this::bring);
  }

  void bring(Digest blob) throws IOException {
    Repository origin = origins.get(blob);
    if (origin != null && !store.contains(blob)) {
      client.get().pullBlob(origin, blob, store);
    }
  }

  /// @param name a tag or a digest
  Optional<ImageDocument> document(String name) {
    return Optional.ofNullable(documents.get(name));
  }

  Optional<Digest> blob(String digest) {
    return Optional.ofNullable(blobs.get(digest));
  }

  void wanted(Digest blob) {
    if (layers.contains(blob)) {
      asked.add(blob);
    }
  }

  void sent(long count) {
    bytes.addAndGet(count);
  }

  void failed(Exception e) {
    failure.compareAndSet(null, e);
  }
}
