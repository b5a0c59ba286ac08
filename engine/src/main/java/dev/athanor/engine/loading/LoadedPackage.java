package dev.athanor.engine.loading;

import dev.athanor.engine.rule.Visibility;
import dev.athanor.engine.tree.RelativePath;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What one BUILD file declares.
///
/// @param path of the directory below the workspace's root
/// @param targets by name, in declared order
/// @param outputs which target makes the file of that name
/// @param exports source files whose visibility was declared
public record LoadedPackage(
    RelativePath path,
    Map<String, Target> targets,
    Map<String, Target> outputs,
    Map<String, Visibility> exports) {
  public LoadedPackage {
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    exports = Map.copyOf(exports);
  }

  /// Who may depend on the target or file of that name. A source file that nobody restricts is
  /// visible to all.
  public Visibility visibility(String name) {
    Target declared = targets.getOrDefault(name, outputs.get(name));
    return declared != null ? declared.visibility() : exports.getOrDefault(name, Visibility.PUBLIC);
  }
}
