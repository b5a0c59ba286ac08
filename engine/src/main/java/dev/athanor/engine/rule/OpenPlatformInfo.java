package dev.athanor.engine.rule;

/// Provided by a target that can only be made for some platform, when nobody has said for which.
///
/// Patterns leave it out where other targets that they name have chosen platforms for it; whoever
/// names it hears what is missing.
public record OpenPlatformInfo() implements Provider {}
