package dev.athanor.engine.rule;

import dev.athanor.engine.action.ExecutionRoot;

/// Provided by targets whose content can be what a command sees as `/`: images.
public record ExecutionRootInfo(ExecutionRoot root) implements Provider {}
