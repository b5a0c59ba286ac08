package dev.athanor.oci.registry;

import dev.athanor.engine.cas.BlobStore;
import dev.athanor.engine.cas.MemoryBlobStore;
import dev.athanor.engine.concurrent.Parallel;
import dev.athanor.engine.concurrent.SingleFlight;
import dev.athanor.engine.digest.Digest;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Moves images between registries and blob stores.
///
/// One client serves a whole build: it keeps connections, tokens and what it learned about who has
/// which blob. Safe for use by many threads. Nothing is connected, and no HTTP client made, before
/// the first request.
public final class RegistryClient implements AutoCloseable {
  private final Session session;
  private final Documents documents;
  private final Listing listing;
  private final RegistryMemory memory;
  private final SingleFlight<Place> pulls = new SingleFlight<>();
  private final SingleFlight<Place> pushes = new SingleFlight<>();
  private final SingleFlight<Place> uploads = new SingleFlight<>();

  /// Where a blob is to be brought: one flight each.
  record Place(Object where, Digest blob) {}

  public RegistryClient(RegistryConfig config, Credentials credentials) {
    this(new Session(config, credentials), new RegistryMemory());
  }

  private RegistryClient(Session session, RegistryMemory memory) {
    this.session = session;
    this.memory = memory;
    documents = new Documents(session);
    listing = new Listing(session, documents);
  }

  /// The same client under another identity; it shares the connections and is closed with this one.
  public RegistryClient with(Credentials credentials) {
    return new RegistryClient(session.with(credentials), new RegistryMemory());
  }

  /// The manifest or index that a tag or digest names, verified.
  ///
  /// @throws RegistryException when it is not there, or not what it should be
  public ImageDocument document(Reference reference) throws IOException {
    return fromMirrors(
        reference.repository(), place -> remembered(place, documents.get(at(reference, place))));
  }

  /// The manifest or index that another document names, verified.
  public ImageDocument document(Repository repository, Descriptor descriptor) throws IOException {
    return fromMirrors(repository, place -> remembered(place, documents.get(place, descriptor)));
  }

  /// A served manifest proves its blobs.
  private ImageDocument remembered(Repository repository, ImageDocument document) {
    if (document instanceof Manifest manifest) {
      manifest.children().stream()
          .filter(child -> child.digest().isSha256() && child.urls().isEmpty())
          .forEach(child -> memory.add(repository, child.blob()));
    }
    return document;
  }

  /// Whether the repository has the blob.
  public boolean hasBlob(Repository repository, Digest blob) throws IOException {
    String wanted = "look for blob " + repository.digest(OciDigest.of(blob));
    Call call = Call.of("HEAD", repository, "blobs/" + OciDigest.of(blob), wanted);
    Reply reply = session.call(call, 0);
    if (!reply.ok() && reply.status() != 404) {
      throw RegistryException.of(wanted, reply);
    }
    if (reply.ok()) {
      memory.add(repository, blob);
    }
    return reply.ok();
  }

  /// Brings a blob into `store`, verified; does nothing when it is there. Several threads that want
  /// one blob share one download.
  public void pullBlob(Repository repository, Digest blob, BlobStore store) throws IOException {
    if (store.contains(blob)) {
      return;
    }
    pulls.run(
        new Place(store, blob),
        () -> {
          if (!store.contains(blob)) {
            download(repository, blob, store);
          }
        });
  }

  private void download(Repository repository, Digest blob, BlobStore store) throws IOException {
    fromMirrors(
        repository,
        place -> {
          new BlobDownload(session, place, blob, store).run();
          memory.add(place, blob);
          return true;
        });
  }

  /// The bytes of a small blob, such as a config, verified; nothing is kept of them.
  public byte[] smallBlob(Repository repository, Digest blob) throws IOException {
    MemoryBlobStore memory = new MemoryBlobStore();
    download(repository, blob, memory);
    return memory.read(blob);
  }

  /// Brings all of `blobs` into `store`, in parallel.
  public void pullBlobs(Repository repository, Collection<Descriptor> blobs, BlobStore store)
      throws IOException {
    List<Digest> digests = blobs.stream().map(Descriptor::blob).distinct().toList();
    Parallel.forEach(digests, blob -> pullBlob(repository, blob, store));
  }

  /// Brings `root` and all it is made of from `store` into a repository, and lets `tags` stand for
  /// it.
  ///
  /// @param tags none pushes by digest alone
  /// @param origins for blobs that may be absent from `store`: the repository that has them. They
  ///   are mounted where possible, and fetched only if not
  /// @param dry whether nothing is sent: the receipt tells what would be
  public PushReceipt push(
      Repository to,
      Descriptor root,
      List<String> tags,
      BlobStore store,
      Map<Digest, Repository> origins,
      boolean dry)
      throws IOException {
    return pushTo(to, store, origins, dry).run(root, tags);
  }

  Push pushTo(Repository to, BlobStore store, Map<Digest, Repository> origins, boolean dry) {
    return new Push(this, session, memory, to, store, origins, dry);
  }

  /// Copies an image or index with all it is made of to another repository, as it is.
  ///
  /// @param store what its blobs pass through that cannot be mounted
  /// @param referrers whether what refers to it comes along, such as signatures
  /// @param dry whether nothing is sent
  public PushReceipt copy(
      Repository from,
      OciDigest digest,
      Repository to,
      List<String> tags,
      BlobStore store,
      boolean referrers,
      boolean dry)
      throws IOException {
    return new Copy(this, from, store).run(digest, to, tags, referrers, dry);
  }

  /// The documents that say they are about `subject`: signatures, SBOMs and the like.
  ///
  /// @param artifactType the only type to list; empty lists all
  public List<Descriptor> referrers(Repository repository, OciDigest subject, String artifactType)
      throws IOException {
    return listing.referrers(repository, subject, artifactType);
  }

  /// What went over the wire so far.
  Traffic traffic() {
    return session.wire().traffic().now();
  }

  Documents documents() {
    return documents;
  }

  Listing listing() {
    return listing;
  }

  SingleFlight<Place> pushes() {
    return pushes;
  }

  /// Of one blob to one registry, whichever repository it is for.
  SingleFlight<Place> uploads() {
    return uploads;
  }

  /// Cuts all connections.
  @Override
  public void close() {
    session.wire().close();
  }

  private interface Source<T> {
    T ask(Repository place) throws IOException;
  }

  /// Asks the mirrors of a registry in order, and the registry itself last. Each place gets the
  /// credentials that are its own; what goes wrong with a mirror is only told if all fails.
  private <T> T fromMirrors(Repository repository, Source<T> source) throws IOException {
    List<RegistryException> failures = new ArrayList<>();
    for (String mirror : session.config().mirrors(repository.registry())) {
      try {
        return source.ask(Repository.parse(mirror + "/" + repository.path()));
      } catch (RegistryException e) {
        failures.add(e);
      }
    }
    try {
      return source.ask(repository);
    } catch (RegistryException e) {
      boolean blocked = session.config().blocked(repository.registry()).isPresent();
      RegistryException told = blocked && !failures.isEmpty() ? e.after(failures.getFirst()) : e;
      failures.forEach(told::addSuppressed);
      throw told;
    }
  }

  private static Reference at(Reference reference, Repository place) {
    Reference moved =
        reference.tag().map(place::tag).orElseGet(() -> place.digest(digest(reference)));
    return reference.digest().map(moved::withDigest).orElse(moved);
  }

  private static OciDigest digest(Reference reference) {
    return reference
        .digest()
        .orElseThrow(() ->
            RegistryException.refused(
                "pull " + reference, "it names neither tag nor digest", "add @sha256:… or :tag"));
  }
}
