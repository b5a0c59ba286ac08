package dev.athanor.oci.registry;

import com.google.gson.JsonObject;
import dev.athanor.oci.model.CanonicalJson;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.DocumentException;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.Manifest;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import dev.athanor.oci.model.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a repository holds: its tags, and the documents that refer to another one (signatures,
/// SBOMs).
///
/// Registries older than OCI 1.1 keep no list of referrers; clients keep one for them, as an index
/// under a tag made from the subject's digest.
final class Listing {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;.*rel=\"?next\"?.*");
  private static final int MAX_PAGES = 10_000;

  private final Session session;
  private final Documents documents;

  /// The fallback index is read, changed and written: one thread at a time for each subject.
  private final Map<Reference, Object> locks = new ConcurrentHashMap<>();

  Listing(Session session, Documents documents) {
    this.session = session;
    this.documents = documents;
  }

  /// The documents whose subject is `subject`.
  ///
  /// @param artifactType the only type to list; empty lists all
  List<Descriptor> referrers(Repository repository, OciDigest subject, String artifactType)
      throws IOException {
    String wanted = "list the referrers of " + repository.digest(subject);
    List<Descriptor> all = new ArrayList<>();
    Call call =
        Call.of("GET", repository, "referrers/" + subject, wanted)
            .with("Accept", MediaType.OCI_INDEX);
    boolean supported =
        pages(
            call,
            wanted,
            json -> all.addAll(Index.parse(MediaType.OCI_INDEX, bytes(json)).manifests()));
    if (!supported) {
      fallback(repository, subject).ifPresent(index -> all.addAll(index.manifests()));
    }
    return all.stream()
        .filter(d -> artifactType.isEmpty() || d.artifactType().equals(Optional.of(artifactType)))
        .distinct()
        .toList();
  }

  private static byte[] bytes(JsonObject json) {
    return CanonicalJson.write(json);
  }

  private Optional<Index> fallback(Repository repository, OciDigest subject) throws IOException {
    return documents
        .find(fallbackTag(repository, subject))
        .map(document -> {
          if (document instanceof Index index) {
            return index;
          }
          throw new DocumentException(
              fallbackTag(repository, subject).toString(), "must be an index of referrers");
        });
  }

  private static Reference fallbackTag(Repository repository, OciDigest subject) {
    String tag = subject.algorithm() + "-" + subject.encoded();
    return repository.tag(tag.substring(0, Math.min(tag.length(), 128)));
  }

  /// Lists `document` under its subject, where the registry did not do that itself.
  void addReferrer(Repository repository, ImageDocument document) throws IOException {
    OciDigest subject = document.subject().orElseThrow().digest();
    Reference tag = fallbackTag(repository, subject);
    synchronized (locks.computeIfAbsent(tag, t -> new Object())) {
      Index index = fallback(repository, subject).orElseGet(() -> Index.of(List.of()));
      Descriptor entry = referrer(document);
      if (index.manifests().stream().noneMatch(d -> d.digest().equals(entry.digest()))) {
        List<Descriptor> all = new ArrayList<>(index.manifests());
        all.add(entry);
        documents.put(repository, tag.tag().orElseThrow(), List.of(), index.withManifests(all));
      }
    }
  }

  private static Descriptor referrer(ImageDocument document) {
    String type =
        document
            .artifactType()
            .orElseGet(() ->
                switch (document) {
                  case Manifest manifest -> manifest.config().mediaType();
                  case Index _ -> "";
                });
    return document.descriptor().withArtifactType(type).withAnnotations(document.annotations());
  }

  /// Reads all pages; false when the registry has no such list.
  private boolean pages(Call first, String wanted, Consumer<JsonObject> page) throws IOException {
    Call call = first;
    for (int i = 0; i < MAX_PAGES; i++) {
      Reply reply = session.call(call, Documents.MAX_BYTES);
      if (reply.status() == 404 && i == 0) {
        return false;
      }
      if (!reply.ok()) {
        throw RegistryException.of(wanted, reply);
      }
      page.accept(StrictJson.readObject(reply.body(), "list of " + first.repository()));
      Optional<String> next = next(reply);
      if (next.isEmpty()) {
        return true;
      }
      call = call.to(next.get());
    }
    throw RegistryException.wrong(wanted, "more than " + MAX_PAGES + " pages");
  }

  private static Optional<String> next(Reply reply) {
    return reply
        .header("Link")
        .map(NEXT::matcher)
        .filter(Matcher::matches)
        .map(link -> reply.uri().resolve(link.group(1)).toString());
  }
}
