package dev.athanor.engine.bzl;

/// A value that is named by the global variable that it is first assigned to.
public interface Exportable {
  /// Called once, when the file that made the value has been evaluated.
  void export(String name);
}
