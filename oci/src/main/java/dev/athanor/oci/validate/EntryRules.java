package dev.athanor.oci.validate;

import dev.athanor.oci.layer.Bytes;
import dev.athanor.oci.layer.EntryName;
import dev.athanor.oci.layer.EntryPath;
import dev.athanor.oci.layer.LayerScan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is asked of the members of a layer's tar.
final class EntryRules {
  /// Beyond this the findings on one layer stop.
  private static final int MAX_FINDINGS = 100;

  private static final Bytes SLASH = Bytes.utf8("/");
  private static final Bytes DOT = Bytes.utf8(".");
  private static final Bytes UP = Bytes.utf8("..");

  private final String layer;
  private final Findings findings;
  private final Set<EntryPath> seen = new HashSet<>();
  private final Set<EntryPath> directories = new HashSet<>();
  private final Map<EntryPath, EntryPath> hardLinks = new HashMap<>();
  private int found;

  EntryRules(String layer, Findings findings) {
    this.layer = layer;
    this.findings = findings;
  }

  void check(LayerScan.Member member) {
    checkName(member.name(), member);
    if (!member.isKnown()) {
      report(Rule.LAYER_ENTRY_TYPE, member, "has the unknown type '" + member.type() + "'");
    }
    if (member.sparse()) {
      report(Rule.LAYER_SPARSE, member, "is sparse, which not every reader understands");
    }
    try {
      checkPath(EntryPath.clean(member.name()), member);
    } catch (IllegalArgumentException e) {
      report(Rule.LAYER_ENTRY_NAME, member, String.valueOf(e.getMessage()));
    }
  }

  private void checkName(Bytes name, LayerScan.Member member) {
    if (name.startsWith(SLASH)) {
      report(Rule.LAYER_ABSOLUTE_PATH, member, "is an absolute name");
    }
    if (leavesRoot(name)) {
      report(Rule.LAYER_PATH_ESCAPE, member, "leaves the root");
    }
  }

  private static boolean leavesRoot(Bytes name) {
    int depth = 0;
    for (Bytes part : name.splitAtSlashes()) {
      depth += part.equals(UP) ? -1 : part.isEmpty() || part.equals(DOT) ? 0 : 1;
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }

  private void checkPath(EntryPath path, LayerScan.Member member) {
    if (!seen.add(path)) {
      report(Rule.LAYER_DUPLICATE_PATH, member, "is a second entry for " + path);
    }
    if (path.isRoot()) {
      if (!isDirectory(member)) {
        report(Rule.LAYER_ROOT, member, "makes something else than a directory of the root");
      }
      return;
    }
    if (path.names().stream().anyMatch(EntryName::isWhiteout)) {
      checkWhiteout(path, member);
    }
    if (isDirectory(member)) {
      directories.add(path);
    }
    if (member.type() == '1' || member.type() == '2') {
      checkLink(path, member);
    }
  }

  private static boolean isDirectory(LayerScan.Member member) {
    return member.type() == '5' || member.type() == 'D';
  }

  private void checkWhiteout(EntryPath path, LayerScan.Member member) {
    if (path.parent().names().stream().anyMatch(EntryName::isWhiteout)) {
      report(Rule.LAYER_WHITEOUT_FILE, member, "lies below a whiteout");
      return;
    }
    if (List.of(".wh.", ".wh..", ".wh...").contains(path.name().toString())) {
      report(Rule.LAYER_WHITEOUT_NAME, member, "does not name what it removes");
    }
    if (member.type() != '0' || member.size() > 0) {
      report(Rule.LAYER_WHITEOUT_FILE, member, "is a whiteout, but no empty file");
    }
  }

  private void checkLink(EntryPath path, LayerScan.Member member) {
    if (member.link().isEmpty()) {
      report(Rule.LAYER_LINK_TARGET, member, "is a link to nowhere");
    } else if (member.type() == '1') {
      hardLinks.put(path, EntryPath.clean(member.link()));
      if (leavesRoot(member.link())) {
        report(Rule.LAYER_PATH_ESCAPE, member, "links to " + member.link() + " outside the root");
      }
    }
  }

  /// What is a directory is known at the end only.
  void checkHardLinks() {
    hardLinks.forEach((path, link) -> {
      if (directories.contains(link)) {
        report(Rule.LAYER_HARD_LINK, path.toString(), "is a hard link to the directory " + link);
      }
    });
  }

  private void report(Rule rule, LayerScan.Member member, String problem) {
    report(rule, "'" + member.name() + "'", problem);
  }

  private void report(Rule rule, String entry, String problem) {
    if (found < MAX_FINDINGS) {
      findings.add(rule, layer + ": entry " + entry, problem);
    }
    found++;
  }
}
