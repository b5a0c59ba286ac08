package dev.athanor.oci.registry;

import dev.athanor.engine.digest.Digester;
import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.ImageDocument;
import dev.athanor.oci.model.Index;
import dev.athanor.oci.model.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The well-behaved heart of a [FakeRegistry]: what the distribution specification asks for.
public final class FakeContent {
  private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/(sha256:[0-9a-f]{64})");
  private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");
  private static final Pattern REFERRERS =
      Pattern.compile("/v2/(.+)/referrers/(sha256:[0-9a-f]{64})");
  private static final Pattern UPLOADS = Pattern.compile("/v2/(.+)/blobs/uploads/");
  private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([0-9]+)");

  /// A manifest and the type it was put with.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Document(String mediaType, byte[] bytes) {}

  private final Map<String, byte[]> blobs = new ConcurrentSkipListMap<>();
  private final Map<String, Document> documents = new ConcurrentSkipListMap<>();
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger lastUpload = new AtomicInteger();
  private volatile boolean forgetful;
  private volatile boolean modern;

  /// A blob on its way in: its digest so far, and its bytes where they are to be kept.
  private final class Upload extends OutputStream {
    private final Digester digester = new Digester();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      digester.update(buffer, offset, length);
      if (!forgetful) {
        bytes.write(buffer, offset, length);
      }
    }
  }

  /// Turns on what came with OCI 1.1 and later: referrers, several tags at once, small blobs at
  /// once.
  public void beModern() {
    modern = true;
  }

  /// Checks what is uploaded but does not keep its bytes, so that it may be larger than the heap.
  public void forgetBytes() {
    forgetful = true;
  }

  public void addBlob(String repository, byte[] blob) {
    blobs.put(repository + "@" + digest(blob), blob);
  }

  public void addDocument(String repository, String name, String mediaType, byte[] bytes) {
    documents.put(repository + ":" + name, new Document(mediaType, bytes));
  }

  public boolean hasBlob(String repository, byte[] blob) {
    return blobs.containsKey(repository + "@" + digest(blob));
  }

  /// `repository:tag` and `repository:sha256:…` of everything put.
  public Set<String> documentNames() {
    return Set.copyOf(documents.keySet());
  }

  public byte[] document(String repository, String name) {
    @Nullable Document document = documents.get(repository + ":" + name);
    return document == null ? new byte[0] : document.bytes;
  }

  /// How many uploads were opened and neither finished nor cancelled.
  public int openUploads() {
    return uploads.size();
  }

  /// Forgets what was uploaded in part, as a registry does when it restarts.
  public void loseUploads() {
    uploads.clear();
  }

  private static String digest(byte[] bytes) {
    return "sha256:" + Digester.digest(bytes).hex();
  }

  Answer answer(Request request, InputStream body) throws IOException {
    Matcher referrers = REFERRERS.matcher(request.path());
    if (referrers.matches() && modern) {
      return referrers(request, referrers.group(1), referrers.group(2));
    }
    if (request.path().equals("/v2/")) {
      return Answer.of(200);
    }
    Matcher upload = UPLOAD.matcher(request.path());
    if (upload.matches()) {
      return upload(request, upload.group(1), upload.group(2), body);
    }
    Matcher start = UPLOADS.matcher(request.path());
    if (start.matches() && request.method().equals("POST")) {
      return start(request, start.group(1), body);
    }
    Matcher blob = BLOB.matcher(request.path());
    if (blob.matches()) {
      return blob(request, blob.group(1), blob.group(2));
    }
    Matcher manifest = MANIFEST.matcher(request.path());
    if (manifest.matches()) {
      return manifest(request, manifest.group(1), manifest.group(2), body);
    }
    return Answer.error(404, "NAME_UNKNOWN", "no such thing");
  }

  private Answer blob(Request request, String repository, String digest) {
    byte @Nullable [] bytes = blobs.get(repository + "@" + digest);
    if (bytes == null) {
      return Answer.error(404, "BLOB_UNKNOWN", "blob unknown to registry");
    }
    Answer whole =
        Answer.of(200)
            .withBody(bytes)
            .with("Content-Type", "application/octet-stream")
            .with("Docker-Content-Digest", digest);
    String range = request.header("Range").orElse("");
    if (!range.matches("bytes=[0-9]+-") || request.method().equals("HEAD")) {
      return whole;
    }
    int from = Integer.parseInt(range.substring(6, range.length() - 1));
    if (from >= bytes.length) {
      return Answer.error(416, "RANGE_INVALID", "nothing there");
    }
    byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
    String sent = "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length;
    return new Answer(206, whole.headers(), rest, -1, -1, whole.drip()).with("Content-Range", sent);
  }

  private Answer manifest(Request request, String repository, String name, InputStream body)
      throws IOException {
    if (request.method().equals("PUT")) {
      byte[] bytes = body.readAllBytes();
      String mediaType = request.header("Content-Type").orElse("");
      if (name.contains(":") && !name.equals(digest(bytes))) {
        return Answer.error(400, "DIGEST_INVALID", "not the digest of the body");
      }
      addDocument(repository, name, mediaType, bytes);
      addDocument(repository, digest(bytes), mediaType, bytes);
      return modern
          ? modernAnswer(request, repository, mediaType, bytes)
          : Answer.of(201).with("Docker-Content-Digest", digest(bytes));
    }
    @Nullable Document document = documents.get(repository + ":" + name);
    return document == null
        ? Answer.error(404, "MANIFEST_UNKNOWN", "manifest unknown")
        : Answer.of(200)
            .withBody(document.bytes)
            .with("Content-Type", document.mediaType)
            .with("Docker-Content-Digest", digest(document.bytes));
  }

  private Answer modernAnswer(Request request, String repository, String mediaType, byte[] bytes) {
    Answer answer = Answer.of(201).with("Docker-Content-Digest", digest(bytes));
    List<String> tags = request.parameters("tag");
    tags.forEach(tag -> addDocument(repository, tag, mediaType, bytes));
    Optional<Descriptor> subject = ImageDocument.parse(mediaType, bytes).subject();
    if (subject.isPresent()) {
      answer = answer.with("OCI-Subject", subject.get().digest().toString());
    }
    return tags.isEmpty() ? answer : answer.with("OCI-Tag", String.join(", ", tags));
  }

  /// Two on a page, to have several.
  private Answer referrers(Request request, String repository, String subject) {
    List<Descriptor> all = new ArrayList<>();
    documents.forEach((name, document) -> {
      ImageDocument parsed = ImageDocument.parse(document.mediaType, document.bytes);
      boolean refers =
          parsed.subject().filter(s -> s.digest().toString().equals(subject)).isPresent();
      if (refers && name.startsWith(repository + ":sha256:")) {
        all.add(parsed.descriptor().withArtifactType(parsed.artifactType().orElse("")));
      }
    });
    int from = Integer.parseInt(request.parameter("from").orElse("0"));
    int to = Math.min(from + 2, all.size());
    Answer page =
        Answer.of(200)
            .with("Content-Type", MediaType.OCI_INDEX)
            .withBody(Index.of(all.subList(from, to)).bytes());
    return to < all.size()
        ? page.with("Link", "<" + request.path() + "?from=" + to + ">; rel=\"next\"")
        : page;
  }

  private Answer start(Request request, String repository, InputStream body) throws IOException {
    String mount = request.parameter("mount").orElse("");
    String from = request.parameter("from").orElse("");
    byte @Nullable [] mounted = blobs.get(from + "@" + mount);
    if (mounted != null) {
      addBlob(repository, mounted);
      return Answer.of(201).with("Location", "/v2/" + repository + "/blobs/" + mount);
    }
    byte[] sent = body.readAllBytes();
    String digest = request.parameter("digest").orElse("");
    if (modern && !digest.isEmpty()) {
      if (!digest.equals(digest(sent))) {
        return Answer.error(400, "DIGEST_INVALID", "not the digest of the content");
      }
      addBlob(repository, sent);
      return Answer.of(201).with("Location", "/v2/" + repository + "/blobs/" + digest);
    }
    String id = String.valueOf(lastUpload.incrementAndGet());
    uploads.put(repository + "/" + id, new Upload());
    return position(202, repository, id);
  }

  private Answer upload(Request request, String repository, String id, InputStream body)
      throws IOException {
    @Nullable Upload upload = uploads.get(repository + "/" + id);
    if (upload == null) {
      return Answer.error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    }
    return switch (request.method()) {
      case "GET" -> position(204, repository, id);
      case "DELETE" -> {
        uploads.remove(repository + "/" + id);
        yield Answer.of(204);
      }
      case "PATCH" -> append(request, repository, id, upload, body);
      case "PUT" -> finish(request, repository, id, upload, body);
      default -> Answer.of(405);
    };
  }

  /// One at a time: the one before may still be reading what came in before it was cut.
  private Answer append(
      Request request, String repository, String id, Upload upload, InputStream body)
      throws IOException {
    synchronized (upload) {
      String range = request.header("Content-Range").orElse("");
      if (!range.startsWith(upload.digester.size() + "-")) {
        return position(416, repository, id);
      }
      body.transferTo(upload);
      return position(202, repository, id);
    }
  }

  private Answer finish(
      Request request, String repository, String id, Upload upload, InputStream body)
      throws IOException {
    body.transferTo(upload);
    String digest = request.parameter("digest").orElse("");
    if (!digest.equals("sha256:" + upload.digester.finish().hex())) {
      return Answer.error(400, "DIGEST_INVALID", "not the digest of the content");
    }
    uploads.remove(repository + "/" + id);
    blobs.put(repository + "@" + digest, upload.bytes.toByteArray());
    return Answer.of(201).with("Location", "/v2/" + repository + "/blobs/" + digest);
  }

  private Answer position(int status, String repository, String id) {
    @Nullable Upload upload = uploads.get(repository + "/" + id);
    long size = upload == null ? 0 : upload.digester.size();
    return Answer.of(status)
        .with("Location", "/v2/" + repository + "/blobs/uploads/" + id)
        .with("Range", "0-" + Math.max(0, size - 1));
  }
}
