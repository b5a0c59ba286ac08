package dev.athanor.oci.registry;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MissingBlobException;
import dev.athanor.engine.concurrent.Parallel;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Brings one image or index, and all it is made of, into a repository.
///
/// Tags are looked at first: when all stand for the right digest, that is the end of it. Then blobs
/// in parallel, each looked for, mounted or sent; then documents, children before parents, because
/// a registry may refuse a document whose parts it lacks.
///
/// A dry run looks at all that, and changes nothing.
final class Push {
  /// From so many tags on, a registry that sets them one by one costs little more.
  private static final int TAGS_AT_ONCE = 3;

  private final RegistryClient client;
  private final Session session;
  private final Documents documents;
  private final Listing listing;
  private final RegistryMemory memory;
  private final Repository to;
  private final BlobStore store;
  private final Map<Digest, Repository> origins;
  private final boolean dry;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger uploaded = new AtomicInteger();
  private final AtomicInteger mounted = new AtomicInteger();
  private final AtomicInteger present = new AtomicInteger();

  /// Whether the repository knew none of the tags, and so lacks most blobs, if not all.
  private volatile boolean fresh;

  Push(
      RegistryClient client,
      Session session,
      RegistryMemory memory,
      Repository to,
      BlobStore store,
      Map<Digest, Repository> origins,
      boolean dry) {
    this.dry = dry;
    this.client = client;
    this.session = session;
    this.memory = memory;
    this.to = to;
    this.store = store;
    this.origins = origins;
    documents = client.documents();
    listing = client.listing();
  }

  /// Gets what is pushed, with all documents that it names in the store.
  interface Source {
    ImageDocument document() throws IOException;
  }

  PushReceipt run(Descriptor root, List<String> tags) throws IOException {
    return run(root.digest(), tags, () -> ImageDocument.read(root, store));
  }

  /// @param source asked only if there is something to do
  PushReceipt run(OciDigest root, List<String> tags, Source source) throws IOException {
    List<String> missing = tags.isEmpty() ? untagged(root) : outdated(root, tags);
    if (missing.isEmpty()) {
      return new PushReceipt(to, root, tags, 0, 0, 0, 0, true);
    }
    ImageDocument document = source.document();
    pushChildren(document);
    if (!dry) {
      putAll(missing, document);
    }
    return new PushReceipt(
        to, root, tags, uploaded.get(), mounted.get(), present.get(), bytes.get(), false);
  }

  /// The tags that do not stand for `root` yet.
  private List<String> outdated(OciDigest root, List<String> tags) throws IOException {
    List<String> outdated = new ArrayList<>();
    boolean known = false;
    for (String tag : tags) {
      Optional<Descriptor> found = documents.head(to.tag(tag));
      known |= found.isPresent();
      if (found.filter(there -> there.digest().equals(root)).isEmpty()) {
        outdated.add(tag);
      }
    }
    fresh = !known;
    return outdated;
  }

  private List<String> untagged(OciDigest root) throws IOException {
    return documents.head(to.digest(root)).isPresent() ? List.of() : List.of(root.toString());
  }

  private void pushChildren(ImageDocument document) throws IOException {
    switch (document) {
      case Manifest manifest -> {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        for (Descriptor child : manifest.children()) {
          if (isOurs(child)) {
            blobs.putIfAbsent(child.blob(), child);
          }
        }
        Parallel.forEach(blobs.keySet(), this::pushBlob);
      }
      case Index index -> Parallel.forEach(index.manifests(), this::pushDocument);
    }
  }

  /// Layers that may not be distributed stay where their publisher put them.
  private static boolean isOurs(Descriptor child) {
    return !MediaType.isNonDistributable(child.mediaType()) || child.urls().isEmpty();
  }

  /// A document that the registry serves proves that all its parts are there.
  private void pushDocument(Descriptor descriptor) throws IOException {
    if (documents.head(to.digest(descriptor.digest())).isPresent()) {
      return;
    }
    if (!MediaType.DOCUMENTS.contains(descriptor.mediaType())) {
      pushBlob(descriptor.blob());
      return;
    }
    ImageDocument document = ImageDocument.read(descriptor, store);
    pushChildren(document);
    if (!dry) {
      put(descriptor.digest().toString(), List.of(), document);
    }
  }

  /// Several tags may go in one request; which of them arrived, the registry tells.
  private void putAll(List<String> names, ImageDocument document) throws IOException {
    Set<String> done = Set.of();
    if (names.size() >= TAGS_AT_ONCE) {
      String digest = OciDigest.of(document.digest()).toString();
      done = Documents.tagsSet(put(digest, names, document));
    }
    for (String name : names) {
      if (!done.contains(name)) {
        put(name, List.of(), document);
      }
    }
  }

  /// Puts a document. When the registry lacks a part that it once had, all parts are looked at
  /// again.
  private Reply put(String name, List<String> tags, ImageDocument document) throws IOException {
    Reply reply;
    try {
      reply = documents.put(to, name, tags, document);
    } catch (RegistryException e) {
      if (!e.code().equals("MANIFEST_BLOB_UNKNOWN") && !e.code().equals("BLOB_UNKNOWN")) {
        throw e;
      }
      memory.forget(to);
      pushChildren(document);
      reply = documents.put(to, name, tags, document);
    }
    if (document.subject().isPresent() && reply.header("OCI-Subject").isEmpty()) {
      listing.addReferrer(to, document);
    }
    return reply;
  }

  private void pushBlob(Digest blob) throws IOException {
    client.pushes().run(new RegistryClient.Place(to, blob), () -> bringBlob(blob));
  }

  private void bringBlob(Digest blob) throws IOException {
    boolean mountable = mountable(blob).isPresent();
    // A repository that is new has nothing worth asking for.
    boolean mountFirst = fresh && mountable && !dry && memory.mayMount(to);
    if (memory.has(to, blob) || (!mountFirst && client.hasBlob(to, blob))) {
      present.incrementAndGet();
    } else if (dry) {
      count(blob, mountable);
    } else {
      // Several images may bring what they share into several repositories at once: one sends it,
      // the others can mount it then. Where they cannot, they need not wait for each other.
      var place = new RegistryClient.Place(to.registry(), blob);
      if (!client.uploads().runUnlessRunning(place, () -> move(blob, mountFirst))) {
        move(blob, mountFirst);
      }
    }
  }

  private void count(Digest blob, boolean mount) {
    (mount ? mounted : uploaded).incrementAndGet();
    bytes.addAndGet(mount ? 0 : blob.size());
  }

  /// @param unasked whether nobody has asked the repository for the blob yet
  private void move(Digest blob, boolean unasked) throws IOException {
    BlobUpload upload = new BlobUpload(session, memory, to, blob, store);
    try {
      Optional<Repository> from = mountable(blob);
      if (from.isPresent() && upload.mount(from.get())) {
        count(blob, true);
        memory.add(to, blob);
        return;
      }
      if (from.isPresent()) {
        memory.refusesMounts(to);
      }
      if (unasked && client.hasBlob(to, blob)) {
        present.incrementAndGet();
        upload.abandon(new IOException("not needed"));
      } else {
        fetchFromOrigin(blob);
        upload.run();
        count(blob, false);
      }
    } catch (IOException | RuntimeException e) {
      upload.abandon(e);
      throw e;
    }
    memory.add(to, blob);
  }

  private Optional<Repository> mountable(Digest blob) {
    return Optional.ofNullable(origins.get(blob))
        .filter(origin -> origin.registry().equals(to.registry()) && !origin.equals(to))
        .or(() -> memory.elsewhere(to, blob).stream().findFirst());
  }

  /// A base image that was never pulled whole comes from where its manifest was found.
  private void fetchFromOrigin(Digest blob) throws IOException {
    if (store.contains(blob)) {
      return;
    }
    Repository origin = origins.get(blob);
    if (origin == null) {
      throw new MissingBlobException(blob);
    }
    client.pullBlob(origin, blob, store);
  }
}
