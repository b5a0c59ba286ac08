package dev.athanor.oci.registry;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import com.google.common.base.Splitter;
import dev.athanor.engine.UserException;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.OciDigest;
import dev.athanor.oci.model.Reference;
import dev.athanor.oci.model.Repository;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Manifests and indexes: asked for by digest or tag, checked, and put.
final class Documents {
  /// The limit that the distribution specification sets.
  static final int MAX_BYTES = 4 << 20;

  private static final String ACCEPT = String.join(", ", MediaType.DOCUMENTS);

  private final Session session;

  Documents(Session session) {
    this.session = session;
  }

  /// What a tag or digest stands for, without its content; nothing when it is not there.
  Optional<Descriptor> head(Reference reference) throws IOException {
    String wanted = "look up " + reference;
    Call call = call("HEAD", reference, wanted);
    Reply reply = session.call(call, 0);
    if (reply.status() == 404) {
      return Optional.empty();
    }
    Optional<Descriptor> described = reply.ok() ? described(reference, reply) : Optional.empty();
    if (described.isPresent()) {
      return described;
    }
    if (reply.ok() || reply.status() == 405) {
      // Some registries tell no digest, or know no HEAD.
      return tryGet(reference, wanted).map(ImageDocument::descriptor);
    }
    throw RegistryException.of(wanted, reply);
  }

  private static Optional<Descriptor> described(Reference reference, Reply reply) {
    String type = MediaType.ofHeader(reply.header("Content-Type").orElse(""));
    Optional<OciDigest> digest = reply.header("Docker-Content-Digest").flatMap(Documents::digest);
    long length = reply.headers().firstValueAsLong("Content-Length").orElse(-1);
    boolean usable =
        MediaType.DOCUMENTS.contains(type)
            && digest.filter(OciDigest::isSha256).isPresent()
            && length > 0
            && length <= MAX_BYTES
            && reference.digest().map(digest.get()::equals).orElse(true);
    return usable
        ? Optional.of(Descriptor.of(type, new Digest(digest.get().sha256(), length)))
        : Optional.empty();
  }

  private static Optional<OciDigest> digest(String text) {
    try {
      return Optional.of(OciDigest.parse(text.strip()));
    } catch (UserException e) {
      return Optional.empty();
    }
  }

  /// The document, verified against the digest that was asked for, or else against the one that the
  /// registry says it has.
  ImageDocument get(Reference reference) throws IOException {
    String wanted = "pull " + reference;
    return get(reference, wanted, MediaType.DOCUMENTS);
  }

  /// A document that another one names.
  ImageDocument get(Repository repository, Descriptor descriptor) throws IOException {
    Reference reference = repository.digest(descriptor.digest());
    if (descriptor.size() > MAX_BYTES) {
      throw RegistryException.wrong("pull " + reference, "the document is larger than 4 MiB");
    }
    String wanted = "pull " + reference;
    ImageDocument document = get(reference, wanted, List.of(descriptor.mediaType()));
    return ImageDocument.read(descriptor, document.bytes());
  }

  private ImageDocument get(Reference reference, String wanted, Collection<String> types)
      throws IOException {
    Reply reply = session.call(call("GET", reference, wanted), MAX_BYTES);
    if (!reply.ok()) {
      throw RegistryException.of(wanted, reply);
    }
    return read(reference, reply, wanted, types);
  }

  /// The document under a name, or nothing when there is none.
  Optional<ImageDocument> find(Reference reference) throws IOException {
    return tryGet(reference, "pull " + reference);
  }

  private Optional<ImageDocument> tryGet(Reference reference, String wanted) throws IOException {
    Reply reply = session.call(call("GET", reference, wanted), MAX_BYTES);
    if (reply.status() == 404) {
      return Optional.empty();
    }
    if (!reply.ok()) {
      throw RegistryException.of(wanted, reply);
    }
    return Optional.of(read(reference, reply, wanted, MediaType.DOCUMENTS));
  }

  private static ImageDocument read(
      Reference reference, Reply reply, String wanted, Collection<String> types) {
    Digest actual = Digester.digest(reply.body());
    Optional<OciDigest> expected =
        reference
            .digest()
            .or(() -> reply.header("Docker-Content-Digest").flatMap(Documents::digest));
    if (expected.filter(OciDigest::isSha256).isPresent()
        && !expected.get().sha256().equals(actual.hash())) {
      throw RegistryException.wrong(
          wanted, "digest mismatch: expected " + expected.get() + ", got sha256:" + actual.hex());
    }
    // Only after the bytes are known to be the right ones are they looked at.
    reference.digest().ifPresent(OciDigest::sha256);
    String type = MediaType.ofHeader(reply.header("Content-Type").orElse(""));
    if (!types.contains(type) && !MediaType.isSchema1(type)) {
      throw RegistryException.wrong(
          wanted,
          "the answer is of type '" + ErrorBody.printable(type) + "', expected " + types(types));
    }
    return ImageDocument.parse(type, reply.body());
  }

  private static String types(Collection<String> types) {
    return types.size() == 1 ? types.iterator().next() : "an image manifest or index";
  }

  private static Call call(String method, Reference reference, String wanted) {
    // A digest of another algorithm could never be verified: refuse before asking.
    reference.digest().ifPresent(OciDigest::sha256);
    String name =
        reference
            .digest()
            .map(OciDigest::toString)
            .or(reference::tag)
            .orElseThrow(() ->
                RegistryException.refused(
                    wanted, "it names neither tag nor digest", "add @sha256:… or :tag"));
    return Call.of(method, reference.repository(), "manifests/" + name, wanted)
        .with("Accept", ACCEPT);
  }

  /// Puts a document under its digest or a tag, and in the same request under more `tags`, which
  /// older registries overlook; see [#tagsSet].
  Reply put(Repository repository, String name, List<String> tags, ImageDocument document)
      throws IOException {
    String query = tags.stream().map(tag -> "tag=" + tag).collect(joining("&"));
    String wanted = "push " + repository + (name.contains(":") ? "@" : ":") + name;
    Call call =
        Call.of(
                "PUT",
                repository,
                "manifests/" + name + (query.isEmpty() ? "" : "?" + query),
                wanted)
            .with("Content-Type", document.mediaType())
            .with(Payload.of(document.bytes()));
    Reply reply = session.call(call, Bodies.SMALL);
    if (!reply.ok()) {
      throw RegistryException.of(wanted, reply);
    }
    OciDigest digest = OciDigest.of(document.digest());
    Optional<OciDigest> stored = reply.header("Docker-Content-Digest").flatMap(Documents::digest);
    if (stored.filter(OciDigest::isSha256).filter(d -> !d.equals(digest)).isPresent()) {
      throw RegistryException.wrong(
          wanted, "digest mismatch: sent " + digest + ", the registry stored " + stored.get());
    }
    return reply;
  }

  /// The tags that a registry says it has set.
  static Set<String> tagsSet(Reply reply) {
    return reply.headers().allValues("OCI-Tag").stream()
        .flatMap(header -> Splitter.on(',').trimResults().splitToStream(header))
        .collect(toSet());
  }
}
