package dev.athanor.oci.model;

import dev.athanor.engine.UserException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A name for an image in a registry: `repository[:tag][@digest]`. Where both are given the digest
/// decides and the tag is for people. No tag is assumed where none is written.
public final class Reference {
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private final Repository repository;
  private final @Nullable String tag;
  private final @Nullable OciDigest digest;

  Reference(Repository repository, @Nullable String tag, @Nullable OciDigest digest) {
    if (tag != null && !isTag(tag)) {
      throw new UserException(
          "not a tag: '" + Text.abbreviated(tag) + "'",
          "use up to 128 letters, digits and _ . -, not beginning with . or -");
    }
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
  }

  /// Reads a reference; see [Repository#parse] for what an absent registry means.
  ///
  /// @throws UserException when `text` is no reference
  public static Reference parse(String text) {
    int at = text.indexOf('@');
    String named = at < 0 ? text : text.substring(0, at);
    @Nullable OciDigest digest = at < 0 ? null : OciDigest.parse(text.substring(at + 1));
    int colon = named.lastIndexOf(':');
    boolean tagged = colon > named.lastIndexOf('/');
    return new Reference(
        Repository.parse(tagged ? named.substring(0, colon) : named),
        tagged ? named.substring(colon + 1) : null,
        digest);
  }

  public static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  public Repository repository() {
    return repository;
  }

  public Optional<String> tag() {
    return Optional.ofNullable(tag);
  }

  public Optional<OciDigest> digest() {
    return Optional.ofNullable(digest);
  }

  public Reference withDigest(OciDigest digest) {
    return new Reference(repository, tag, digest);
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof Reference && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }
}
