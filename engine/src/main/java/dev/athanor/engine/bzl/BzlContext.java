package dev.athanor.engine.bzl;

import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.tree.RelativePath;

/// What functions of this package find in the thread that evaluates a .bzl file.
///
/// @param pkg the package of the file, where its relative labels start
public record BzlContext(RelativePath pkg, Toolbox toolbox) {}
