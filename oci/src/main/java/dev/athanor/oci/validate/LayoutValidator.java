package dev.athanor.oci.validate;

import dev.athanor.oci.layout.Layout;
import dev.athanor.oci.model.MediaType;
import dev.athanor.oci.model.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Recomputes all that a layout claims, and lists every rule it breaks instead of stopping at the
/// first.
public final class LayoutValidator {
  private final Path directory;
  private final Findings findings = new Findings();
  private final Blobs blobs;
  private final ImageRules images;
  private final Deque<Step> waiting = new ArrayDeque<>();
  private final Set<Step> met = new HashSet<>();

  /// A document to look at.
  ///
  /// @param mayBeAbsent as what others are about may be
  private record Step(Target target, boolean mayBeAbsent) {}

  private LayoutValidator(Path directory, boolean sparse) {
    this.directory = directory;
    blobs = new Blobs(directory, findings);
    images = new ImageRules(blobs, sparse, findings);
  }

  /// Every breach of the layout in `directory`, errors first; none when it is sound.
  ///
  /// @param sparse whether layers may be absent
  public static List<Finding> validate(Path directory, boolean sparse) throws IOException {
    LayoutValidator validator = new LayoutValidator(directory, sparse);
    validator.run();
    return validator.findings.inOrder();
  }

  private void run() throws IOException {
    blobs.check();
    file(Layout.VERSION_FILE).ifPresent(LayoutValidator::checkVersion);
    file(Layout.INDEX_FILE)
        .ifPresent(index -> {
          checkTags(index);
          follow(index, IndexRules.check(index, MediaType.OCI_INDEX));
        });
    while (!waiting.isEmpty()) {
      check(waiting.remove());
    }
    blobs.checkReached();
  }

  private Optional<Value> file(String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      findings.add(Rule.LAYOUT_FILES, name, "is not there");
      return Optional.empty();
    }
    return JsonRules.read(file, name, false, findings);
  }

  private static void checkVersion(Value file) {
    file.required("imageLayoutVersion", Rule.LAYOUT_VERSION)
        .ifPresent(it ->
            it.string(Rule.LAYOUT_VERSION)
                .filter(version -> !version.equals(Layout.VERSION))
                .ifPresent(version ->
                    it.report(Rule.LAYOUT_VERSION, "is '" + version + "', not " + Layout.VERSION)));
  }

  private static void checkTags(Value index) {
    Set<String> names = new HashSet<>();
    for (Value entry : IndexRules.entries(index)) {
      entry
          .member("annotations")
          .flatMap(it -> it.member(Layout.REF_NAME))
          .ifPresent(tag ->
              tag.string(Rule.ANNOTATIONS_VALUE).ifPresent(name -> checkTag(tag, name, names)));
    }
  }

  private static void checkTag(Value tag, String name, Set<String> names) {
    if (!Grammar.isRefName(name) && !Reference.isTag(name)) {
      tag.report(Rule.LAYOUT_REF_NAME, "'" + name + "' is no valid name");
    }
    if (!names.add(name)) {
      tag.report(Rule.LAYOUT_REF_NAME_TWICE, "'" + name + "' names an entry before, too");
    }
  }

  /// Has the documents looked at that `document` lists, and the one that it is about.
  private void follow(Value document, List<Target> children) {
    children.forEach(child -> follow(new Step(child, false)));
    document
        .member("subject")
        .flatMap(DescriptorRules::check)
        .ifPresent(subject -> follow(new Step(subject, true)));
  }

  private void follow(Step step) {
    if (met.add(step)) {
      waiting.add(step);
    }
  }

  private void check(Step step) throws IOException {
    Target target = step.target;
    @Nullable Path file = blobs.find(target, step.mayBeAbsent);
    boolean isIndex = MediaType.isIndex(target.mediaType());
    if (file == null || (!isIndex && !MediaType.isManifest(target.mediaType()))) {
      return;
    }
    Optional<Value> document = JsonRules.read(file, target.digest(), false, findings);
    if (document.isEmpty()) {
      return;
    }
    Value root = document.get();
    if (isIndex) {
      follow(root, IndexRules.check(root, target.mediaType()));
    } else {
      follow(root, List.of());
      images.check(target, ManifestRules.check(root, target.mediaType()));
    }
  }
}
