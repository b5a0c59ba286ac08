package dev.athanor.oci.validate;

import dev.athanor.oci.model.Descriptor;
import dev.athanor.oci.model.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What is asked of a descriptor.
final class DescriptorRules {
  /// What `{}` has.
  private static final String EMPTY_DIGEST =
      "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

  private DescriptorRules() {}

  /// What the descriptor names; empty where that cannot be told.
  static Optional<Target> check(Value value) {
    return value.object(Rule.DESCRIPTOR_OBJECT).flatMap(DescriptorRules::checkMembers);
  }

  private static Optional<Target> checkMembers(Value descriptor) {
    descriptor.refuseLookalikes(Descriptor.MEMBERS);
    Optional<String> mediaType =
        descriptor
            .required("mediaType", Rule.DESCRIPTOR_MEDIA_TYPE)
            .flatMap(
                it -> it.mediaType(Rule.DESCRIPTOR_MEDIA_TYPE, Rule.DESCRIPTOR_MEDIA_TYPE_GRAMMAR));
    Optional<String> digest =
        descriptor
            .required("digest", Rule.DESCRIPTOR_DIGEST)
            .flatMap(it ->
                it.digest(
                    Rule.DESCRIPTOR_DIGEST,
                    Rule.DESCRIPTOR_DIGEST_GRAMMAR,
                    Rule.DESCRIPTOR_DIGEST_ENCODED));
    Optional<Long> size =
        descriptor.required("size", Rule.DESCRIPTOR_SIZE).flatMap(DescriptorRules::size);
    List<String> urls = descriptor.member("urls").map(DescriptorRules::urls).orElse(List.of());
    descriptor
        .member("artifactType")
        .ifPresent(
            it -> it.mediaType(Rule.DESCRIPTOR_ARTIFACT_TYPE, Rule.DESCRIPTOR_ARTIFACT_TYPE));
    AnnotationRules.check(descriptor, "annotations");
    var platform = descriptor.member("platform").flatMap(PlatformRules::check);
    if (mediaType.isEmpty() || digest.isEmpty() || size.isEmpty()) {
      return Optional.empty();
    }
    Target target =
        new Target(mediaType.get(), digest.get(), size.get(), !urls.isEmpty(), platform);
    descriptor.member("data").ifPresent(data -> checkData(data, target));
    if (target.mediaType().equals(MediaType.OCI_EMPTY) && !target.digest().equals(EMPTY_DIGEST)) {
      descriptor.report(Rule.DESCRIPTOR_EMPTY, "is said to be empty, but is not {}");
    }
    return Optional.of(target);
  }

  private static Optional<Long> size(Value value) {
    Optional<Long> size = value.number(Rule.DESCRIPTOR_SIZE);
    if (size.isPresent() && size.get() < 0) {
      value.report(Rule.DESCRIPTOR_SIZE_NEGATIVE, "is negative: " + size.get());
      return Optional.empty();
    }
    return size;
  }

  private static List<String> urls(Value value) {
    List<String> urls = value.strings(Rule.DESCRIPTOR_URLS);
    for (String url : urls) {
      if (!Grammar.isUri(url)) {
        value.report(Rule.DESCRIPTOR_URL_GRAMMAR, "'" + url + "' is no URI");
      } else if (!url.matches("(?i)https?:.*")) {
        value.report(Rule.DESCRIPTOR_URL_SCHEME, "'" + url + "' is neither http nor https");
      }
    }
    return urls;
  }

  private static void checkData(Value value, Target target) {
    Optional<String> text = value.string(Rule.DESCRIPTOR_DATA);
    if (text.isEmpty()) {
      return;
    }
    byte[] data;
    try {
      data = Base64.getDecoder().decode(text.get());
    } catch (IllegalArgumentException e) {
      value.report(Rule.DESCRIPTOR_DATA, "is not base 64");
      return;
    }
    if (text.get().length() % 4 != 0) {
      value.report(Rule.DESCRIPTOR_DATA, "is base 64 without its padding");
    }
    if (data.length != target.size() || !hasDigest(data, target.digest())) {
      value.report(Rule.DESCRIPTOR_DATA_CONTENT, "is not what digest and size say");
    }
  }

  private static boolean hasDigest(byte[] data, String digest) {
    Optional<ContentHash> hash = ContentHash.of(Grammar.algorithm(digest));
    if (hash.isEmpty()) {
      return true;
    }
    try {
      hash.get().write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest.endsWith(":" + hash.get().hex());
  }
}
