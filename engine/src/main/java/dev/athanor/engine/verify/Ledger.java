package dev.athanor.engine.verify;

import dev.athanor.engine.cas.CacheLayout;
import dev.athanor.engine.cas.LastUse;
import dev.athanor.engine.digest.Digest;
import dev.athanor.engine.exec.Factor;
import dev.athanor.engine.tree.Content;
import dev.athanor.engine.tree.InputRoot;
import dev.athanor.engine.tree.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Remembers which results are known to be the same under which factors, by action key. A file for
/// each says what it holds of: the digest of the outputs, whether that is all they could depend on,
/// and the factors.
///
/// ```
/// 1 3f9a… part time,time-zone,locale
/// ```
///
/// Several processes may share it: files are renamed into place.
public final class Ledger {
  /// Counts up when what "the same" means changes; disowns all older entries.
  private static final String VERSION = "1";

  private static final String WHOLE = "whole";

  private static final Map<String, Factor> BY_ID =
      Arrays.stream(Factor.values()).collect(Collectors.toMap(Factor::id, Function.identity()));

  private final CacheLayout layout;

  public Ledger(CacheLayout layout) {
    this.layout = layout;
  }

  /// What is known of a result.
  ///
  /// @param factors under which it is the same
  /// @param whole whether these are all that it could depend on
  private record Entry(Set<Factor> factors, boolean whole) {
    private static final Entry NONE = new Entry(Set.of(), false);
  }

  /// The factors under which these outputs of the action with this key are known to be the same.
  /// None where they were never verified, or others were.
  public Set<Factor> verified(Digest key, SortedMap<RelativePath, Content> outputs)
      throws IOException {
    return entry(key, outputs).factors;
  }

  /// Whether these outputs are known to depend on nothing that actions of their kind could depend
  /// on.
  public boolean isWhole(Digest key, SortedMap<RelativePath, Content> outputs) throws IOException {
    return entry(key, outputs).whole;
  }

  private Entry entry(Digest key, SortedMap<RelativePath, Content> outputs) throws IOException {
    Path place = layout.verification(key);
    String[] words;
    try {
      words = Files.readString(place, StandardCharsets.UTF_8).strip().split(" ", -1);
      var _ = LastUse.note(place);
    } catch (NoSuchFileException e) {
      return Entry.NONE;
    }
    if (words.length != 4 || !words[0].equals(VERSION) || !words[1].equals(name(outputs))) {
      return Entry.NONE;
    }
    Set<Factor> factors = EnumSet.noneOf(Factor.class);
    for (String id : words[3].split(",", -1)) {
      Factor factor = BY_ID.get(id);
      if (factor != null) {
        factors.add(factor);
      }
    }
    return new Entry(Factor.setOf(factors), words[2].equals(WHOLE));
  }

  /// Notes that they are the same under these factors, and those known before. What two processes
  /// note of one key at the same time may be what one of them found.
  ///
  /// @param concerning all that they could depend on
  void note(
      Digest key,
      SortedMap<RelativePath, Content> outputs,
      Set<Factor> factors,
      Set<Factor> concerning)
      throws IOException {
    Set<Factor> all = EnumSet.noneOf(Factor.class);
    all.addAll(factors);
    all.addAll(verified(key, outputs));
    String ids = String.join(",", all.stream().map(Factor::id).toList());
    String whole = all.containsAll(concerning) ? WHOLE : "part";
    Path tmp = layout.tmp().resolve(UUID.randomUUID().toString());
    Files.writeString(tmp, String.join(" ", VERSION, name(outputs), whole, ids) + "\n");
    Path place = layout.verification(key);
    Files.createDirectories(place.getParent());
    Files.move(tmp, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Forgets what was known: it turned out not to be so.
  void forget(Digest key) throws IOException {
    Files.deleteIfExists(layout.verification(key));
  }

  private static String name(SortedMap<RelativePath, Content> outputs) {
    return InputRoot.of(outputs).digest().hex();
  }
}
