package dev.athanor.engine.rule;

/// A typed value that a target hands to those who depend on it: an immutable record.
public interface Provider {}
