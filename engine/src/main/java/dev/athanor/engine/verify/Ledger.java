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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Remembers which results are known to be the same under which factors, by action key. A file for
/// each says what it holds of: the digest of the outputs, and the factors.
///
/// ```
/// 1 3f9a… time,time-zone,locale
/// ```
///
/// Several processes may share it: files are renamed into place.
public final class Ledger {
  /// Counts up when what "the same" means changes; disowns all older entries.
  private static final String VERSION = "1";

  private static final Map<String, Factor> BY_ID =
      Arrays.stream(Factor.values()).collect(Collectors.toMap(Factor::id, Function.identity()));

  private final CacheLayout layout;

  public Ledger(CacheLayout layout) {
    this.layout = layout;
  }

  /// The factors under which these outputs of the action with this key are known to be the same.
  /// Nothing where they were never verified, or others were.
  public Optional<Set<Factor>> verified(Digest key, SortedMap<RelativePath, Content> outputs)
      throws IOException {
    try {
      Path place = layout.verification(key);
      String[] words = Files.readString(place, StandardCharsets.UTF_8).strip().split(" ", -1);
      var _ = LastUse.note(place);
      if (words.length != 3 || !words[0].equals(VERSION) || !words[1].equals(name(outputs))) {
        return Optional.empty();
      }
      Set<Factor> factors = EnumSet.noneOf(Factor.class);
      for (String id : words[2].split(",", -1)) {
        Factor factor = BY_ID.get(id);
        if (factor != null) {
          factors.add(factor);
        }
      }
      return Optional.of(Factor.setOf(factors));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// Notes that they are the same under these factors, and those known before.
  void note(Digest key, SortedMap<RelativePath, Content> outputs, Set<Factor> factors)
      throws IOException {
    Set<Factor> all = EnumSet.noneOf(Factor.class);
    all.addAll(factors);
    verified(key, outputs).ifPresent(all::addAll);
    List<String> ids = all.stream().map(Factor::id).toList();
    Path tmp = layout.tmp().resolve(UUID.randomUUID().toString());
    Files.writeString(tmp, VERSION + " " + name(outputs) + " " + String.join(",", ids) + "\n");
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
